"""What a rebuild costs those who ask meanwhile, with the real model: little time and memory, no wrong answer."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.boards import LogBoard
from bot.locales import texts_in
from index import Answer
from tests.bot.streams import Stream
from tests.bot.test_processes import STALL_SECONDS, Probe
from tests.bot.test_real import DOCUMENTS, QUESTIONS, services
from tests.bot.world import until

pytestmark = [pytest.mark.model, pytest.mark.timeout(3600)]

HIGH_RATIO = 3.0
ROLLUP = "/proc/{}/smaps_rollup"
LONGEST_SECONDS = 2.0
EDITION = "How many alpacas are in the meadow?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a copy of the documents and a first store, which another process has built."""
    folder = tmp_path_factory.mktemp("cost")
    shutil.copytree(DOCUMENTS, folder / "documents")
    write_edition(folder, 0)
    command = [sys.executable, "-m", "index", "build", "--documents", "documents", "--store", "store"]
    environment = {**os.environ, "PYTHONPATH": str(DOCUMENTS.parent)}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def write_edition(folder: Path, count: int) -> None:
    """Change a document so that every version says what it is."""
    text = f"# Alpacas\n\nThere are {count} alpacas in the meadow, says edition {count}.\n"
    (folder / "documents" / "alpacas.md").write_text(text, "utf-8")


def edition_of(answer: Answer) -> str:
    """Give the editions that an answer quotes."""
    texts = [quote.text for quote in (*answer.quotes, *answer.nearest) if quote.document == "alpacas.md"]
    return " ".join(sorted({found for text in texts for found in re.findall(r"edition \d+", text)}))


@pytest.mark.parametrize(("asked", "rebuilds"), [(200, 1), pytest.param(3000, 100, marks=pytest.mark.slow)])
async def test_rebuilds_fail_and_mix_no_answer_and_delay_few(folder: Path, asked: int, rebuilds: int) -> None:
    probe = Probe()
    alone, beside = (Stream((*QUESTIONS, EDITION), edition_of) for _ in range(2))
    async with services(folder) as real:
        await real.answers.wait_until_ready()
        async with alone.asking(real.answers):
            await until(lambda: len(alone.seconds) >= asked, seconds=600)
        started = real.answers.version
        editions = {version: seen for version, seen in alone.answered if seen}
        start = 1 + int(editions[started or ""].split()[1])
        async with probe.watching(), beside.asking(real.answers):
            for count in range(start, start + rebuilds):
                write_edition(folder, count)
                await real.versions.rebuild(LogBoard(), texts_in("en"), by="")
                editions[real.answers.version or ""] = f"edition {count}"

    sys.stderr.write(
        f"{rebuilds} rebuilds: {beside.told()}; without: {alone.told()}; stall {probe.longest * 1000:.0f} ms\n"
    )
    assert len(editions) == rebuilds + 1
    assert not beside.failed
    assert beside.mixed(editions) == []
    assert beside.versions >= set(list(editions)[:-1])
    assert max(beside.seconds) < LONGEST_SECONDS
    assert beside.high <= HIGH_RATIO * alone.high
    assert probe.longest < STALL_SECONDS, probe.longest


def shares(pids: Iterable[int | None]) -> int:
    """Sum the processes' proportional set sizes in bytes: what two of them share counts once."""
    total = 0
    for pid in pids:
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(ROLLUP.format(pid)).read_text("ascii"), re.MULTILINE)
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
        total += int(found[1]) * 1024 if found else 0
    return total


def children() -> int:
    """Sum the sizes of the bot's children: the worker, and a builder while there is one."""
    return shares(process.pid for process in multiprocessing.active_children())


@pytest.mark.skipif(not Path(ROLLUP.format("self")).exists(), reason="needs Linux's /proc/PID/smaps_rollup")
async def test_a_rebuild_takes_less_memory_than_another_loaded_model(folder: Path) -> None:
    sizes: list[int] = []

    async def watch() -> None:
        while True:
            sizes.append(await asyncio.to_thread(children))
            await asyncio.sleep(0.05)

    async with services(folder) as real:
        await real.answers.wait_until_ready()
        for question in QUESTIONS:
            await real.answers.ask(question)
        loaded = children()  # the model, and a version of two documents
        watching = asyncio.ensure_future(watch())
        (folder / "documents" / "later.md").write_text("\n\n後來的一段：Llama 5 在 2026 年發布。\n", "utf-8")
        await real.versions.rebuild(LogBoard(), texts_in("en"), by="")
        watching.cancel()
        after = children()

    grown = max(sizes) - loaded
    told = [f"{size >> 20} MB" for size in (loaded, grown, after - loaded)]
    sys.stderr.write("worker {}, grown at most {} during a rebuild, {} afterwards\n".format(*told))
    assert grown < loaded
