"""What is kept of people: no id, nothing past its days, nothing that they asked to be forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import RecordsUnavailableError
from bot.services.records.query_log import QueryLog
from bot.types import Rating
from index import Outcome
from tests.bot.services.records.samples import ALICE, BOB, DECLINED, LONG_AGO, RECORD, modes, on_disk


def leave_open(folder: Path) -> None:
    """Make the folder as an earlier program did."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "query_log.sqlite3").touch()
    (folder / "query_log.sqlite3").chmod(0o644)


async def test_the_data_are_closed_to_other_users(query_log: QueryLog, folder: Path) -> None:
    leave_open(folder)
    await query_log.add(replace(RECORD, asker=ALICE))
    await query_log.statistics()

    found = modes(folder)
    assert found.pop(".") == 0o700
    assert set(found) >= {"query_log.sqlite3", "query_log.sqlite3-wal", "asker_keys.json"}
    assert set(found.values()) == {0o600}


async def test_no_id_is_written(query_log: QueryLog, folder: Path) -> None:
    question = f"<@{BOB}> <@!{BOB}> how many? <#{BOB}> <:llama:{BOB}> {BOB} https://discord.com/channels/{BOB}/1"
    number = await query_log.add(replace(DECLINED, question=question, asker=ALICE))
    query_log.rate(number, Rating.WRONG_PASSAGE, person=BOB)
    (asked,) = await query_log.unanswered(since=LONG_AGO)
    await query_log.close()

    assert asked.text == "how many? :llama:"
    for person in (ALICE, BOB):
        for written in (str(person).encode(), person.to_bytes(8, "big"), person.to_bytes(8, "little")):
            assert written not in on_disk(folder)


async def test_two_records_of_one_person_have_nothing_in_common(query_log: QueryLog) -> None:
    for _ in range(2):
        await query_log.add(replace(RECORD, asker=ALICE))
    tags = await query_log._queue.read(
        lambda connection: connection.execute("SELECT asker_tag FROM answers").fetchall()
    )

    assert len(set(tags)) == 2


async def test_one_forgets_what_one_asked_and_nothing_of_it_is_left_in_a_file(
    query_log: QueryLog, folder: Path
) -> None:
    for number in range(50):
        await query_log.add(replace(DECLINED, question=f"alices secret {number}", asker=ALICE))
        await query_log.add(replace(DECLINED, question=f"bobs question {number}", asker=BOB))
    await query_log.statistics()
    assert b"alices secret" in on_disk(folder)
    (folder / "query_log.sqlite3.damaged-20260101T000000.000000").write_bytes(b"alices secret")

    assert await query_log.forget(ALICE) == 50
    assert b"alices secret" not in on_disk(folder)
    assert b"bobs question" in on_disk(folder)
    assert await query_log.forget(ALICE) == 0


async def test_a_person_is_forgotten_after_a_restart_too(query_log: QueryLog, folder: Path) -> None:
    await query_log.add(replace(RECORD, asker=ALICE))
    await query_log.close()
    again = QueryLog(folder)

    assert await again.forget(ALICE) == 1
    await again.close()


async def test_nothing_is_said_to_be_forgotten_while_the_database_is_locked(
    query_log: QueryLog, locked: Callable[[], sqlite3.Connection]
) -> None:
    await query_log.add(replace(RECORD, asker=ALICE))
    await query_log.statistics()
    other = locked()
    with pytest.raises(RecordsUnavailableError):
        await query_log.forget(ALICE)
    other.execute("COMMIT")
    other.close()

    assert await query_log.forget(ALICE) == 1


async def test_records_are_deleted_after_their_days_and_nothing_of_them_is_left_in_a_file(folder: Path) -> None:
    query_log = QueryLog(folder, retention=timedelta(days=30))
    for day in (29, 31):
        number = await query_log.add(replace(RECORD, question=f"asked {day} days ago " * 20))
        await query_log.statistics()
        asked_at = (datetime.now(UTC) - timedelta(days=day)).isoformat(timespec="seconds")
        await query_log._queue.read(
            lambda connection, at=asked_at, number=number: connection.execute(  # type: ignore[misc]
                "UPDATE answers SET asked_at = ? WHERE id = ?", (at, number)
            )
        )
    assert b"asked 31 days ago" in on_disk(folder)
    query_log.start()
    await query_log.close()

    assert b"asked 31 days ago" not in on_disk(folder)
    assert b"asked 29 days ago" in on_disk(folder)


def write_older(folder: Path) -> None:
    """Write a declined question as an earlier program did."""
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "query_log.sqlite3") as old:
        old.executescript(
            "CREATE TABLE answers (id INTEGER PRIMARY KEY AUTOINCREMENT, asked_at TEXT NOT NULL, language TEXT NOT NULL,"
            " answered INTEGER NOT NULL, confidence REAL NOT NULL, elapsed_ms REAL NOT NULL, version TEXT NOT NULL,"
            " question TEXT, quotes TEXT NOT NULL, helpful INTEGER NOT NULL DEFAULT 0, unhelpful INTEGER NOT NULL"
            " DEFAULT 0); CREATE INDEX answers_asked_at ON answers (asked_at);"
        )
        old.execute(
            "INSERT INTO answers VALUES (7, ?, 'en', 0, 0.1, 9, '1', ?, '[]', 0, 2)",
            (datetime.now(UTC).isoformat(timespec="seconds"), f"<@{BOB}> how many?"),
        )
    old.close()


async def test_a_record_of_an_earlier_program_is_kept_without_the_ids_in_it(
    folder: Path, query_log: QueryLog
) -> None:
    write_older(folder)
    (asked,) = await query_log.unanswered(since=LONG_AGO)
    assert (asked.text, asked.outcome, asked.unhelpful) == ("how many?", Outcome.DECLINED, 2)
    assert (await query_log.find(7)).version == "1"
    await query_log.close()
    assert str(BOB).encode() not in on_disk(folder)


async def test_a_question_of_half_a_character_is_recorded(query_log: QueryLog) -> None:
    await query_log.add(replace(DECLINED, question="how\ud83d many?"))

    assert [each.text for each in await query_log.unanswered(since=LONG_AGO)] == ["how? many?"]
