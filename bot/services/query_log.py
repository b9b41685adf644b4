"""What was asked, answered, not answered and liked, in SQLite: counts, and nothing about who asked."""

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
from bot.types import QueryStatistics

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
_VOTES = 10_000


@dataclass(frozen=True, slots=True)
class Record:
    """One answer; `question` is None where questions are not kept, `quotes` is `recall`'s writing."""

    language: str
    answered: bool
    confidence: float
    elapsed_ms: float
    version: str
    question: str | None
    quotes: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a record says of its answer."""

    language: str
    version: str
    quotes: str


class QueryLog:
    """The record, written and read in a thread of its own: a slow disk never holds up the event loop."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "query_log.sqlite3"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="query_log")
        self._connection: sqlite3.Connection | None = None
        # Who voted how, so that a second action moves the vote; in memory only.
        self._votes: dict[tuple[int, int], bool] = {}

    async def add(self, record: Record) -> int:
        """Write `record` down and give its number."""
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            record.language,
            int(record.answered),
            record.confidence,
            record.elapsed_ms,
            record.version,
            record.question,
            record.quotes,
        )
        return await self._run(lambda connection: _insert(connection, values))

    async def find(self, answer: int) -> Remembered:
        """Give what is known of an answer; raise ForgottenError when it is not on record."""
        query = "SELECT language, version, quotes FROM answers WHERE id = ?"
        row = await self._run(lambda connection: connection.execute(query, (answer,)).fetchone())
        if row is None:
            raise ForgottenError
        return Remembered(*row)

    async def vote(self, answer: int, *, person: int, helpful: bool) -> None:
        """Count one vote of `person`; another action of theirs moves it."""
        before = self._votes.get((answer, person))
        if before is helpful:
            return
        if len(self._votes) >= _VOTES:
            self._votes.clear()
        self._votes[answer, person] = helpful
        change = (int(helpful) - int(before is True), int(not helpful) - int(before is False), answer)
        await self._run(lambda connection: _count(connection, change))

    async def statistics(self) -> QueryStatistics:
        """Sum up the last seven days."""
        return await self._run(_statistics)

    async def close(self) -> None:
        """Close the file; what comes later opens it anew."""
        if self._connection is not None:
            await self._run(lambda connection: connection.close())
            self._connection = None

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._with_connection, work)

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


def _count(connection: sqlite3.Connection, change: tuple[int, int, int]) -> None:
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
