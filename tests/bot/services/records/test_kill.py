"""A bot that is killed while it records loses nothing that was written."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bot.services.records.query_log import QueryLog
from tests.bot.processes import fork_server
from tests.bot.services.records import recorder
from tests.bot.services.records.samples import ALICE, lines_of

SLOW = (pytest.mark.slow, pytest.mark.timeout(1800))


def kill_after(folder: Path, reports: int, seconds: float) -> int:
    """Kill a recorder some seconds after so many reports; return the last number that it said is written."""
    context = fork_server()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=recorder.run, args=(theirs, folder), daemon=True)
    process.start()
    theirs.close()
    written = [ours.recv() for _ in range(reports)]
    time.sleep(seconds)
    process.kill()
    process.join()
    while ours.poll():
        try:
            written.append(ours.recv())
        except EOFError:
            break
    ours.close()
    return int(written[-1])


@pytest.mark.parametrize("kills", [3, pytest.param(150, marks=SLOW)])
async def test_what_was_written_is_there_after_any_number_of_kills(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kills: int
) -> None:
    written = 0
    dice = random.Random(kills)  # noqa: S311  not for secrets
    for number in range(kills):
        said = kill_after(tmp_path, 1 + number % 5, dice.uniform(0.0, 0.02))
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
