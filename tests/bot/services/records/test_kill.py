"""A bot that is killed while it records loses nothing that was written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.services.records.query_log import QueryLog
from tests.bot.services.records import recorder
from tests.bot.services.records.samples import ALICE, lines_of


def kill_after(folder: Path, lines: int) -> int:
    """Kill a recorder once it has printed so many lines; return what it said is written."""
    command = [sys.executable, "-m", recorder.__name__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[4]) as process:
        assert process.stdout is not None
        written = [int(process.stdout.readline()) for _ in range(lines)][-1]
        process.kill()
    return written


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])])
async def test_what_was_written_is_there_after_any_number_of_kills(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kills: int
) -> None:
    written = 0
    for number in range(kills):
        said = kill_after(tmp_path, lines=1 + number % 5)
        assert said > written
        query_log = QueryLog(tmp_path)
        found = (await query_log.statistics()).today
        await query_log.close()
        assert found >= said
        written = found
    query_log = QueryLog(tmp_path)

    assert await query_log.forget(ALICE) == written
    await query_log.close()
    assert lines_of(caplog) == []
