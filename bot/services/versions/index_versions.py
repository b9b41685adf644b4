"""Changing the version that answers: builds that are reported live, rollbacks, and what replaces a broken version."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine
from enum import Enum, auto
from pathlib import Path
from typing import Any

import index
from bot.discord_io.error_reply import log_error
from bot.discord_io.live_message import LiveMessage, NullLiveMessage
from bot.errors import (
    BotError,
    NoEarlierVersionError,
    RebuildCancelledError,
    RebuildFailedError,
    RebuildRunningError,
    RebuildTooLateError,
    RollbackFailedError,
    UnavailableError,
    UnknownVersionError,
)
from bot.locales import Messages, messages_in
from bot.services.versions.broken_version import BrokenVersion
from bot.services.versions.build_report import ReportedBuild
from bot.types import BuildProgress
from bot.worker.build_process import Build, BuildRunner
from bot.worker.client import AnswerClient
from index import BuildReport, MilvusAddress, StoreBusyError, StoreError

log = logging.getLogger(__name__)

# Another process builds, or the build failed: for want of room, say, which passes.
_TO_BE_TRIED_AGAIN = (RebuildRunningError, RebuildFailedError)
_RETRY_SECONDS = 30.0
_LONGEST_RETRY_SECONDS = 900.0


class _Silence(Enum):
    """What is not reported of a build: nothing; that nothing changed; that, and that it failed once more."""

    NONE = auto()
    AUTOMATIC = auto()
    RETRY = auto()


class IndexVersions:
    """Changes the version that answers; a failure changes nothing."""

    def __init__(self, builds: BuildRunner, answers: AnswerClient, *, store: Path | MilvusAddress) -> None:
        self._builds = builds
        self._answers = answers
        self._store = store
        self._changing = asyncio.Lock()  # held while a version is chosen that is not the newest
        self._broken = BrokenVersion(store)
        self._repair: asyncio.Future[None] | None = None
        self._retreat: asyncio.Future[None] | None = None
        answers.add_fallback_listener(self._start_repair)
        answers.add_broken_start_listener(self._start_retreat)

    @property
    def paused(self) -> bool:
        """Whether a rollback pauses automatic builds; persists over a restart."""
        return index.open_store(self._store).is_rolled_back()

    @property
    def running(self) -> Build | None:
        """The build that runs, if one does."""
        return self._builds.running

    @property
    def fell_back_from(self) -> str | None:
        """The version that the worker could not be started with, so that the one before answers."""
        return self._broken.version

    def check_free(self) -> None:
        """Raise RebuildRunningError while a build runs."""
        self._builds.check_free()

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number; the store stays as it is. Raises RebuildOverError."""
        self._builds.cancel(number, by=by)

    async def rebuild(self, live_message: LiveMessage, messages: Messages, *, by: str) -> None:
        """Build for the person `by` and report on `live_message`, also a failure.

        Raises RebuildRunningError, and RebuildFailedError if no build can be started.
        """
        await self._build(live_message, messages, by=by, silence=_Silence.NONE)

    async def rebuild_automatically(
        self, live_message: LiveMessage, messages: Messages, *, is_retry: bool = False
    ) -> bool:
        """Build without being asked, after the build that runs; return False if it is to be tried again later.

        It is reported only if it takes long, changes something or fails; is_retry: a failure is not reported again.
        """
        await self._builds.wait_free()
        silence = _Silence.RETRY if is_retry else _Silence.AUTOMATIC
        try:
            return await self._build(live_message, messages, by="", silence=silence)
        except _TO_BE_TRIED_AGAIN as error:
            log_error(error, where="rebuild")
            return False

    async def close(self) -> None:
        """End what repairs the store, if anything does."""
        for task in (self._repair, self._retreat):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])

    async def roll_back(self, version: str | None) -> str:
        """Switch to the version before, or to the one of that name or label, and return its name. Raises BotError."""
        self.check_free()
        async with self._changing:
            store = index.open_store(self._store)
            before, withdrawn = await asyncio.to_thread(lambda: (_current_of(store), store.withdrawn()))
            version = await self._choice(version)
            try:
                wanted = await asyncio.to_thread(store.rollback, version)
                chosen = await self._answers.open_current()
            except StoreBusyError as error:
                raise RebuildRunningError from error
            except StoreError as error:
                log.warning("rollback: %s", error)
                raise RollbackFailedError from error
            except UnavailableError as error:
                await self._undo_rollback(before, withdrawn)
                raise RollbackFailedError from error
            if chosen != wanted:
                log.warning("rollback: version %s is damaged, version %s answers", wanted, chosen)
                raise RollbackFailedError
            self._broken.forget()
        log.info("rollback: from version %s to %s", before, chosen)
        return chosen

    async def label(self, version: str) -> str:
        """Return how people read the name of a version."""
        return index.version_label(version, await asyncio.to_thread(index.open_store(self._store).versions))

    async def _choice(self, version: str | None) -> str | None:
        """Return the name of the version that was chosen by its name or label, or None for the one before.

        Raises UnknownVersionError, or NoEarlierVersionError if none is named and there is none.
        """
        store = index.open_store(self._store)
        if version is None:
            if not await asyncio.to_thread(store.fallbacks):
                raise NoEarlierVersionError
            return None
        found = index.find_version(version, await asyncio.to_thread(store.versions))
        if found is None:
            raise UnknownVersionError
        return found

    async def _undo_rollback(self, before: str | None, withdrawn: Collection[str]) -> None:
        """Make current what still answers, or what was current, after another version could not be opened."""
        kept = self._answers.version if self._answers.ready else before
        if kept is None:
            return
        try:
            await asyncio.to_thread(index.open_store(self._store).rollback, kept, withdrawn=withdrawn)
        except StoreError as error:
            log.warning("rollback: %s", error)

    def _start_repair(self) -> None:
        """Build beside a fallback version, which replaces a damaged one, unless a rollback withdrew what is newer."""
        if self.paused:
            log.warning("a version is damaged; not rebuilt, because of the rollback")
            return
        self._repair = _replaced(self._repair, self._repair_store())

    async def _repair_store(self) -> None:
        delay = _RETRY_SECONDS
        while not self.paused:
            if await self.rebuild_automatically(NullLiveMessage(), messages_in("en"), is_retry=True):
                return
            await asyncio.sleep(delay)
            delay = min(2 * delay, _LONGEST_RETRY_SECONDS)

    def _start_retreat(self) -> None:
        """Go back to the version before one that the worker cannot be started with."""
        self._retreat = _replaced(self._retreat, self._go_back())

    async def _go_back(self) -> None:
        async with self._changing:
            if not self._answers.ready and await asyncio.to_thread(self._broken.go_back):
                self._answers.restart()

    async def _build(self, live_message: LiveMessage, messages: Messages, *, by: str, silence: _Silence) -> bool:
        """Build and report; return False if that is to be tried again later."""
        progress: list[BuildProgress] = []
        build = self._builds.start(progress.append, by=by)
        is_silent, is_retry = silence is not _Silence.NONE, silence is _Silence.RETRY
        reported = ReportedBuild(build, live_message, messages, progress, is_silent, is_retry, self.label)
        try:
            await reported.show_until(asyncio.ensure_future(self._finish(build)))
        except BotError as error:
            return not isinstance(error, _TO_BE_TRIED_AGAIN)
        self._broken.forget()
        return True

    async def _finish(self, build: Build) -> BuildReport:
        """Wait for `build` and switch to its version. Raises RebuildTooLateError if it ended after the switch."""
        try:
            report = await self._builds.finish(build)
        except (RebuildCancelledError, RebuildFailedError) as error:
            adopted = await self._adopt_current()
            if adopted is None:
                raise
            raise RebuildTooLateError(await self.label(adopted)) from error
        if report.built or report.version != self._answers.version:
            await self._answers.open_current()
        return report

    async def _adopt_current(self) -> str | None:
        """Switch to the store's current version if a build that was ended had switched already; return its name."""
        current = await asyncio.to_thread(_current_of, index.open_store(self._store))
        if current is None or current == self._answers.version:
            return None
        return await self._answers.open_current()


def _current_of(store: index.Store) -> str | None:
    """Return the name of the current version; None if there is none, or it cannot be read."""
    try:
        return store.current()
    except StoreError:
        return None


def _replaced(task: asyncio.Future[None] | None, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
    """Return a task that does `work`, or the one that does it already."""
    if task is not None and not task.done():
        work.close()
        return task
    return asyncio.ensure_future(work)
