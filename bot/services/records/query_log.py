"""What was asked, answered, declined and rated, in SQLite: nothing about who asked."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot.errors import ForgottenError, RecordsUnavailableError
from bot.services.quote_serialization import dump_quotes
from bot.services.records import statements
from bot.services.records.asker_tags import AskerTags
from bot.services.records.database import RecordDatabase
from bot.services.records.identifiers import without_identifiers
from bot.services.records.write_queue import WriteQueue
from bot.types import LoggedQuestion, QueryStatistics, Rating
from index import Language, Outcome, Quote

log = logging.getLogger(__name__)

RETENTION: Final = timedelta(days=90)
_SWEEP_SECONDS: Final = 3600.0
# Numbers are drawn, not counted, so that one is known before its record is written: among a million records the next
# one is taken with a probability of 10⁻⁶, and is then not written.
_NUMBER_BITS: Final = 40
_MOST_RATINGS: Final = 10_000


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """One answer; `question` is None where questions are not kept. Of `asker`, a user id, only a tag is written."""

    language: Language
    outcome: Outcome
    confidence: float
    elapsed_ms: float
    version: str
    question: str | None
    quotes: tuple[Quote, ...]
    asker: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """The language and version of a logged answer, and its quotes for `load_quotes`."""

    language: Language
    version: str
    quotes: str


class QueryLog:
    """Keeps records for `retention`, in a thread of its own; neither a slow disk nor a locked file delays an answer."""

    def __init__(self, folder: Path, *, retention: timedelta = RETENTION) -> None:
        self._retention = retention
        self._database = RecordDatabase(folder / "query_log.sqlite3")
        self._tags = AskerTags(folder / "asker_keys.json", lifetime=retention)
        self._queue = WriteQueue(self._database)
        self._sweep: asyncio.Task[None] | None = None
        self._next_sweep: asyncio.TimerHandle | None = None
        # What is not in the database yet, and who rated what how, so that a second click moves the rating.
        self._unwritten: dict[int, LoggedAnswer] = {}
        self._ratings: dict[tuple[int, int], Rating] = {}

    def start(self) -> None:
        """Open the database and delete what has expired, now and every hour, without waiting for it."""
        self._sweep = asyncio.get_running_loop().create_task(self._expire_hourly())

    async def add(self, record: QueryRecord) -> int:
        """Return the number of `record`, which is written soon."""
        number = secrets.randbits(_NUMBER_BITS) + 1
        now, quotes = datetime.now(UTC), dump_quotes(record.quotes)
        self._unwritten[number] = LoggedAnswer(record.language, record.version, quotes)
        values: dict[str, object] = {
            "id": number,
            "asked_at": statements.moment(now),
            "language": record.language,
            "outcome": record.outcome.value,
            "confidence": record.confidence,
            "elapsed_ms": record.elapsed_ms,
            "version": record.version,
            "question": None if record.question is None else without_identifiers(record.question),
            "quotes": quotes,
        }
        self._queue.put(
            partial(self._insert, values=values, asker=record.asker),
            on_settled=lambda: self._unwritten.pop(number, None),
        )
        return number

    async def find(self, number: int) -> LoggedAnswer:
        """Return the answer of that number. Raises ForgottenError if there is none, or if it cannot be read."""
        unwritten = self._unwritten.get(number)
        if unwritten is not None:
            return unwritten
        query = "SELECT language, version, quotes FROM answers WHERE id = ?"
        try:
            row = await self._queue.read(lambda connection: connection.execute(query, (number,)).fetchone())
        except RecordsUnavailableError as error:
            raise ForgottenError from error
        if row is None:
            raise ForgottenError
        return LoggedAnswer(*row)

    def rate(self, number: int, rating: Rating, *, person: int) -> None:
        """Count one rating of `person` for an answer; a second one replaces the first."""
        before = self._ratings.get((number, person))
        if len(self._ratings) >= _MOST_RATINGS:
            self._ratings.clear()
        self._ratings[number, person] = rating
        self._queue.put(partial(statements.change_rating, number=number, before=before, after=rating))

    async def statistics(self) -> QueryStatistics:
        """Return the statistics of the last seven days. Raises RecordsUnavailableError."""
        return await self._queue.read(lambda connection: statements.statistics_at(connection, datetime.now(UTC)))

    async def unanswered(self, *, since: datetime) -> list[LoggedQuestion]:
        """Return what was asked since then and not answered or rated as unhelpful. Raises RecordsUnavailableError."""
        return await self._queue.read(lambda connection: statements.unanswered(connection, since))

    async def forget(self, asker: int) -> int:
        """Delete every record of what `asker` asked and return how many. Raises RecordsUnavailableError."""
        count = await self._queue.erase(lambda connection: statements.forget(connection, asker, self._tags))
        await asyncio.to_thread(self._database.remove_damaged)
        return count

    async def expire(self) -> None:
        """Delete what is older than the retention. Raises RecordsUnavailableError."""
        before = datetime.now(UTC) - self._retention
        count = await self._queue.erase(lambda connection: self._expire(connection, before))
        if count:
            log.info("%d records were older than %d days and are deleted", count, self._retention.days)

    async def close(self) -> None:
        """Write what waits and close the database; a later call opens it again."""
        if self._sweep is not None:
            await asyncio.wait([self._sweep])
        if self._next_sweep is not None:
            self._next_sweep.cancel()
        await self._queue.close()

    async def _expire_hourly(self) -> None:
        try:
            await self.expire()
        except RecordsUnavailableError as error:
            log.warning("the records that have expired are not deleted yet: %s", error)
        self._next_sweep = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self.start)

    def _expire(self, connection: sqlite3.Connection, before: datetime) -> int:
        self._database.remove_damaged(before=before)
        self._tags.rotate()
        return statements.expire(connection, before)

    def _insert(self, connection: sqlite3.Connection, values: dict[str, object], asker: int | None) -> None:
        tag = None if asker is None else self._tags.tag(asker, int(str(values["id"])))
        statements.insert(connection, {**values, "asker_tag": tag})
