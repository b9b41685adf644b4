"""Writes that wait in memory for the database, so that no answer waits for it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from bot.errors import RecordsUnavailableError
from bot.services.records.database import RecordDatabase

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Write: TypeAlias = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A write, and what to call once it is written or given up."""

    write: Write
    on_settled: Callable[[], object]


_RETRY_SECONDS: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
# What SQLite and its module raise for a value, and for no fault of the database.
_OF_THE_RECORD: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    OverflowError,
    ValueError,
)
# A day of a busy server; beyond it the oldest are given up.
_MOST_WAITING: Final = 10_000


class WriteQueue:
    """Passes writes to the database's own thread in order, and tries again while it is locked or full.

    Every method must be called on the event loop.
    """

    def __init__(self, database: RecordDatabase) -> None:
        self._database = database
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")
        self._waiting: list[_Waiting] = []
        self._flushing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._failures = 0

    def put(self, write: Write, *, on_settled: Callable[[], object] = lambda: None) -> None:
        """Queue `write`, to be done soon in one transaction with what waits; `on_settled` is called at its end."""
        self._waiting.append(_Waiting(write, on_settled))
        if self._retry is None and (self._task is None or self._task.done()):
            self._start()

    async def flush(self) -> None:
        """Write what waits. Raises RecordsUnavailableError, and keeps it."""
        async with self._flushing:
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            try:
                await self._in_thread(lambda: self._database.write(lambda connection: _apply(batch, connection)))
            except RecordsUnavailableError as error:
                self._keep(batch, error)
                raise
            for each in batch:
                each.on_settled()
            if self._failures:
                log.info("the records are written again")
            self._failures = 0

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what `work` reads, after what waits was written if it can be. Raises RecordsUnavailableError."""
        with suppress(RecordsUnavailableError):
            await self.flush()
        return await self._in_thread(lambda: self._database.read(work))

    async def erase(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return the result of `work`, which deletes for good. Raises RecordsUnavailableError."""
        await self.flush()
        return await self._in_thread(lambda: self._database.erase(work))

    async def close(self) -> None:
        """Write what waits, in one attempt, and close the database; a later call opens it again."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        try:
            await self.flush()
        except RecordsUnavailableError:
            log.warning("%d records were lost: their database could not be written", len(self._waiting))
        await self._in_thread(self._database.close)

    def _start(self) -> None:
        self._retry = None
        self._task = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._waiting:
            try:
                await self.flush()
            except RecordsUnavailableError:
                delay = _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS)) - 1]
                self._retry = asyncio.get_running_loop().call_later(delay, self._start)
                return

    def _keep(self, batch: list[_Waiting], error: RecordsUnavailableError) -> None:
        """Keep `batch` before what came meanwhile, and log the first failure of a row."""
        if not self._failures:
            log.warning("the records cannot be written and wait in memory: %s", error)
        self._failures += 1
        self._waiting[:0] = batch
        for given_up in self._waiting[:-_MOST_WAITING]:
            given_up.on_settled()
        del self._waiting[:-_MOST_WAITING]

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _apply(batch: list[_Waiting], connection: sqlite3.Connection) -> None:
    """Do the writes of `batch`; one that can never be done must not hold up the others for ever."""
    for each in batch:
        try:
            each.write(connection)
        except _OF_THE_RECORD as error:
            log.warning("a record is left out: %s: %s", type(error).__name__, error)
