"""The records while their file is locked, corrupt, full or gone: answers go on, one log line, and they recover."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from bot.errors import RecordsUnavailableError
from bot.services.records.query_log import QueryLog
from bot.types import Rating
from tests.bot.services.records.samples import ALICE, RECORD, lines_of, modes, on_disk
from tests.bot.world import until

_NOBODY = 65534


async def test_an_answer_does_not_wait_for_a_locked_database_and_is_recorded_once_it_is_free(
    query_log: QueryLog, locked: Callable[[], sqlite3.Connection], caplog: pytest.LogCaptureFixture
) -> None:
    await query_log.statistics()
    other = locked()
    began = time.perf_counter()
    numbers = [await query_log.add(replace(RECORD, question=f"question {number}")) for number in range(50)]
    seconds = time.perf_counter() - began

    assert seconds < 0.1
    assert (await query_log.find(numbers[0])).version == "1"
    await until(lambda: bool(lines_of(caplog)))
    other.execute("COMMIT")
    other.close()
    assert (await query_log.statistics()).today == 50
    assert len(lines_of(caplog)) == 1


async def test_a_lock_at_the_first_use_does_not_disable_the_records(
    query_log: QueryLog, locked: Callable[[], sqlite3.Connection]
) -> None:
    other = locked()
    number = await query_log.add(RECORD)
    with pytest.raises(RecordsUnavailableError):
        await query_log.statistics()
    other.execute("COMMIT")
    other.close()

    assert (await query_log.statistics()).today == 1
    query_log.rate(number, Rating.HELPFUL, person=ALICE)
    assert (await query_log.statistics()).helpful == 1


def put_a_file_in_the_way(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")


async def test_a_file_where_the_folder_belongs_does_not_disable_the_records(
    query_log: QueryLog, folder: Path
) -> None:
    put_a_file_in_the_way(folder)
    await query_log.add(RECORD)
    with pytest.raises(RecordsUnavailableError):
        await query_log.statistics()
    Path.unlink(folder)

    assert (await query_log.statistics()).today == 1


@pytest.mark.parametrize(
    "damage", [b"this is no database, but long enough to be read as a header of one" * 4, b"\0" * 5000]
)
async def test_a_corrupt_file_is_set_aside_in_one_log_line_and_the_records_go_on(
    query_log: QueryLog, folder: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    await query_log.add(RECORD)
    await query_log.close()
    (folder / "query_log.sqlite3").write_bytes(damage)
    number = await query_log.add(RECORD)
    found = await query_log.statistics()

    assert found.today == 1
    assert (await query_log.find(number)).version == "1"
    assert len(lines_of(caplog)) == 1
    assert "set aside" in lines_of(caplog)[0]
    assert [(name, mode) for name, mode in modes(folder).items() if ".damaged-" in name] == [(ANY, 0o600)]
    assert damage in on_disk(folder)


async def test_a_page_that_is_corrupted_while_it_runs_is_set_aside_too(query_log: QueryLog, folder: Path) -> None:
    for _ in range(300):
        await query_log.add(replace(RECORD, question="x" * 200))
    await query_log.close()
    path = folder / "query_log.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    await query_log.add(RECORD)

    assert (await query_log.statistics()).today == 1


async def allow_pages(query_log: QueryLog, count: int) -> None:
    """Limit the database to so many pages, or to what it has."""
    limit = f"PRAGMA max_page_count = {count}"
    await query_log._queue._in_thread(
        lambda: query_log._database.read(lambda connection: connection.execute(limit).fetchall())
    )


async def test_a_full_disk_costs_no_answer_and_one_log_line(
    query_log: QueryLog, caplog: pytest.LogCaptureFixture
) -> None:
    await query_log.statistics()
    await allow_pages(query_log, 1)
    for _ in range(100):
        await query_log.add(replace(RECORD, question="x" * 1000))
        await asyncio.sleep(0)
    await until(lambda: bool(lines_of(caplog)))
    assert "full" in lines_of(caplog)[0]
    assert (await query_log.statistics()).today < 100  # what is there is read all the same

    await allow_pages(query_log, 1_000_000)
    assert (await query_log.statistics()).today == 100
    assert len(lines_of(caplog)) == 1


async def test_a_record_that_can_never_be_written_holds_up_no_other(
    query_log: QueryLog, caplog: pytest.LogCaptureFixture
) -> None:
    await query_log.add(replace(RECORD, elapsed_ms=2**70))  # more than SQLite takes
    await query_log.add(RECORD)

    assert (await query_log.statistics()).today == 1
    assert [line.partition(":")[0] for line in lines_of(caplog)] == ["a record is left out"]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Yield a folder that every user can reach, and be none that may write everywhere while it is used."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


async def test_a_read_only_folder_costs_no_answer_and_one_log_line_and_is_written_again_later(
    public_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    privileged = os.geteuid() == 0
    if privileged:
        os.chown(public_folder, _NOBODY, _NOBODY)
        os.seteuid(_NOBODY)
    try:
        query_log = QueryLog(public_folder / "data")
        await query_log.add(RECORD)
        await query_log.close()
        for path in (*(public_folder / "data").iterdir(), public_folder / "data"):
            path.chmod(0o500)
        for _ in range(3):
            await query_log.add(RECORD)
        await until(lambda: bool(lines_of(caplog)))
        for path in (public_folder / "data", *(public_folder / "data").iterdir()):
            path.chmod(0o700)
        assert (await query_log.statistics()).today == 4
        assert len(lines_of(caplog)) == 1
        await query_log.close()
    finally:
        if privileged:
            os.seteuid(0)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.6, 0.9])
async def test_a_torn_write_ahead_log_costs_the_last_records_at_most(
    query_log: QueryLog, folder: Path, caplog: pytest.LogCaptureFixture, kept: float
) -> None:
    """As a power cut leaves it; the process that wrote it is gone."""
    for _ in range(5):
        await query_log.add(RECORD)
        await query_log.statistics()
    after = shutil.copytree(folder, folder.with_name("after"))
    await query_log.close()
    log = after / "query_log.sqlite3-wal"
    content = log.read_bytes()
    half = int(len(content) * kept)
    log.write_bytes(content[:half] + bytes(len(content) - half))
    (after / "query_log.sqlite3-shm").unlink()
    restored = QueryLog(after)
    found = (await restored.statistics()).today
    await restored.add(RECORD)
    assert 0 <= found <= 5
    assert (await restored.statistics()).today == found + 1
    await restored.close()
    assert lines_of(caplog) == []


async def test_a_removed_folder_is_made_anew(query_log: QueryLog, folder: Path) -> None:
    await query_log.add(RECORD)
    await query_log.statistics()
    shutil.rmtree(folder)
    await query_log.add(RECORD)

    assert (await query_log.statistics()).today == 1


async def test_two_bots_record_in_one_folder(query_log: QueryLog, folder: Path) -> None:
    second = QueryLog(folder)
    await asyncio.gather(*(log.add(RECORD) for log in (query_log, second) for _ in range(20)))
    await asyncio.gather(query_log.close(), second.close())

    assert (await query_log.statistics()).today == 40
