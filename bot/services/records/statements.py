"""What is asked of the records' database, and what is written to it."""

from __future__ import annotations

import sqlite3
import statistics
from datetime import datetime, timedelta
from typing import Final

from bot.services.records.asker_tags import AskerTags
from bot.types import LoggedQuestion, QueryStatistics, Rating
from index import Outcome

_WINDOW: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
# The columns that one rating counts in.
_COUNTED: Final = {
    Rating.HELPFUL: {"helpful"},
    Rating.UNHELPFUL: {"unhelpful"},
    Rating.WRONG_PASSAGE: {"unhelpful", "wrong_passage"},
    Rating.NO_ANSWER: {"unhelpful", "no_answer"},
    Rating.OTHER: {"unhelpful", "other"},
    None: set[str](),
}


def insert(connection: sqlite3.Connection, values: dict[str, object]) -> None:
    """Write a record; one of the same number is left as it is."""
    columns, places = ", ".join(values), ", ".join(f":{column}" for column in values)
    connection.execute(f"INSERT OR IGNORE INTO answers ({columns}) VALUES ({places})", values)  # noqa: S608


def change_rating(connection: sqlite3.Connection, number: int, *, before: Rating | None, after: Rating) -> None:
    """Count a rating, and no longer the one that it replaces."""
    added, dropped = _COUNTED[after] - _COUNTED[before], _COUNTED[before] - _COUNTED[after]
    changes = [f"{column} = {column} {'+' if column in added else '-'} 1" for column in sorted(added | dropped)]
    if changes:
        connection.execute(f"UPDATE answers SET {', '.join(changes)} WHERE id = ?", (number,))  # noqa: S608


def expire(connection: sqlite3.Connection, before: datetime) -> int:
    """Delete the records from before `before` and return how many."""
    return connection.execute("DELETE FROM answers WHERE asked_at < ?", (moment(before),)).rowcount


def forget(connection: sqlite3.Connection, asker: int, tags: AskerTags) -> int:
    """Delete the records of `asker` and return how many."""
    tagged = connection.execute("SELECT id, asker_tag FROM answers WHERE asker_tag IS NOT NULL").fetchall()
    owned = [(number,) for number in tags.owned(asker, tagged)]
    connection.executemany("DELETE FROM answers WHERE id = ?", owned)
    return len(owned)


def unanswered(connection: sqlite3.Connection, since: datetime) -> list[LoggedQuestion]:
    """Return what was asked since then and not answered or rated as unhelpful, oldest first."""
    rows = connection.execute(
        "SELECT question, language, asked_at, outcome, unhelpful, wrong_passage, no_answer, other FROM answers"
        " WHERE asked_at >= ? AND (outcome != 'answered' OR unhelpful > 0) ORDER BY asked_at",
        (moment(since),),
    )
    return [
        LoggedQuestion(text, language, asked_at, Outcome(outcome), *counts)
        for text, language, asked_at, outcome, *counts in rows
    ]


def statistics_at(connection: sqlite3.Connection, now: datetime) -> QueryStatistics:
    """Return the statistics of the seven days before `now`."""
    rows = connection.execute(
        "SELECT asked_at >= ?, outcome = 'answered', elapsed_ms, helpful, unhelpful FROM answers WHERE asked_at >= ?",
        (moment(now - _DAY), moment(now - _WINDOW)),
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


def moment(when: datetime) -> str:
    """Return `when` as the records have it, in which order is order in time."""
    return when.isoformat(timespec="seconds")
