"""What was asked, answered, declined and rated, in SQLite: nothing about who asked."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.errors import ForgottenError
from bot.services.quote_serialization import dump_quotes
from bot.types import QueryStatistics
from index import Language, Quote

Result = TypeVar("Result")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at TEXT NOT NULL,
    language TEXT NOT NULL,
    answered INTEGER NOT NULL,
    confidence REAL NOT NULL,
    elapsed_ms REAL NOT NULL,
    version TEXT NOT NULL,
    question TEXT,
    quotes TEXT NOT NULL,
    helpful INTEGER NOT NULL DEFAULT 0,
    unhelpful INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS answers_asked_at ON answers (asked_at);
"""
_WINDOW = timedelta(days=7)
_DAY = timedelta(days=1)
_MOST_VOTES = 10_000


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """One answer; `question` is None where questions are not kept."""

    language: Language
    answered: bool
    confidence: float
    elapsed_ms: float
    version: str
    question: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """The language and version of a logged answer, and its quotes for `load_quotes`."""

    language: Language
    version: str
    quotes: str


class QueryLog:
    """Writes and reads the database in a thread of its own, so that a slow disk never delays the event loop."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "query_log.sqlite3"
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="query_log")
        self._connection: sqlite3.Connection | None = None
        # Who voted how, so that a second click moves the vote; in memory only.
        self._votes: dict[tuple[int, int], bool] = {}

    async def add(self, record: QueryRecord) -> int:
        """Write `record` and return its number."""
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            record.language,
            int(record.answered),
            record.confidence,
            record.elapsed_ms,
            record.version,
            record.question,
            dump_quotes(record.quotes),
        )
        return await self._run(lambda connection: _insert(connection, values))

    async def find(self, number: int) -> LoggedAnswer:
        """Return the answer of that number. Raises ForgottenError if there is none."""
        query = "SELECT language, version, quotes FROM answers WHERE id = ?"
        row = await self._run(lambda connection: connection.execute(query, (number,)).fetchone())
        if row is None:
            raise ForgottenError
        return LoggedAnswer(*row)

    async def vote(self, number: int, *, person: int, helpful: bool) -> None:
        """Count one vote of `person` on an answer; a second vote replaces the first."""
        before = self._votes.get((number, person))
        if before is helpful:
            return
        if len(self._votes) >= _MOST_VOTES:
            self._votes.clear()
        self._votes[number, person] = helpful
        change = (int(helpful) - int(before is True), int(not helpful) - int(before is False), number)
        await self._run(lambda connection: _change_votes(connection, change))

    async def statistics(self) -> QueryStatistics:
        """Return the statistics of the last seven days."""
        return await self._run(_statistics)

    async def close(self) -> None:
        """Close the database; a later call opens it again."""
        if self._connection is not None:
            await self._run(lambda connection: connection.close())
            self._connection = None

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._with_connection, work)

    def _with_connection(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path)
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        return work(self._connection)


def _insert(connection: sqlite3.Connection, values: tuple[object, ...]) -> int:
    with connection:
        cursor = connection.execute(
            "INSERT INTO answers (asked_at, language, answered, confidence, elapsed_ms, version, question, quotes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
    return int(cursor.lastrowid or 0)


def _change_votes(connection: sqlite3.Connection, change: tuple[int, int, int]) -> None:
    with connection:
        connection.execute(
            "UPDATE answers SET helpful = helpful + ?, unhelpful = unhelpful + ? WHERE id = ?", change
        )


def _statistics(connection: sqlite3.Connection) -> QueryStatistics:
    now = datetime.now(UTC)
    rows = connection.execute(
        "SELECT asked_at >= ?, answered, elapsed_ms, helpful, unhelpful FROM answers WHERE asked_at >= ?",
        ((now - _DAY).isoformat(timespec="seconds"), (now - _WINDOW).isoformat(timespec="seconds")),
    ).fetchall()
    times = sorted(row[2] for row in rows)
    return QueryStatistics(
        today=sum(row[0] for row in rows),
        average=len(rows) / _WINDOW.days,
        declined=sum(not row[1] for row in rows),
        median_ms=statistics.median(times) if times else 0.0,
        high_ms=times[min(len(times) - 1, int(0.95 * len(times)))] if times else 0.0,
        helpful=sum(row[3] for row in rows),
        unhelpful=sum(row[4] for row in rows),
    )
