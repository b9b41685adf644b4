"""Two bots, each a process of its own, with one documents folder, store and data folder."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

import index
from bot.services.records.query_log import QueryLog
from tests.bot import one_of_several
from tests.bot.services.records.samples import ALICE
from tests.bot.test_stores import write
from tests.conftest import ROOT

pytestmark = pytest.mark.alone


async def run(folder: Path, number: int) -> tuple[list[str], str]:
    """Run a bot to its end; return what it was answered, and what it wrote to its log."""
    command = [sys.executable, "-m", one_of_several.__name__, str(folder), str(number)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe)
    try:
        output, log = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, log.decode()
    answered: list[str] = json.loads(output)
    return answered, log.decode()


@pytest.fixture
async def both(tmp_path: Path) -> list[tuple[list[str], str]]:
    """Run two bots at once on a folder without a store, and return what came of each."""
    settings = one_of_several.settings_in(tmp_path)
    settings.documents.mkdir()
    write(settings, 1)
    return list(await asyncio.gather(run(tmp_path, 0), run(tmp_path, 1)))


async def test_two_bots_ask_rebuild_prune_and_record_side_by_side(
    both: list[tuple[list[str], str]], tmp_path: Path
) -> None:
    for answered, log in both:
        assert all(re.fullmatch(r"edition \d+", each) for each in answered), answered  # one, and no mixture
        assert answered[-1] == "edition 999"  # also of the bot that did not build it
        assert "Traceback" not in log
    store = index.open_store(one_of_several.settings_in(tmp_path).store)
    assert len(store.versions()) == 2
    assert store.current() == store.versions()[0]
    query_log = QueryLog(tmp_path / "data")
    asked = sum(len(answered) for answered, _ in both)
    assert (await query_log.statistics()).today == asked
    assert await query_log.forget(ALICE) == asked  # both tagged their records with one key
    await query_log.close()
