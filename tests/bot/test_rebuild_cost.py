"""What a rebuild costs those who ask meanwhile, with the real model: little time, no wrong answer."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bot.discord_io.live_message import NullLiveMessage
from bot.locales import messages_in
from index import Answer
from tests.bot.streams import Stream
from tests.bot.test_real import QUESTIONS, lay_out, services
from tests.bot.worker.test_processes import STALL_SECONDS, Probe
from tests.bot.world import until

pytestmark = [pytest.mark.model, pytest.mark.alone, pytest.mark.timeout(3600)]

HIGH_RATIO = 3.0
LONGEST_SECONDS = 2.0
CONTENT_QUESTION = "How many alpacas are in the meadow?"
NONE = "no edition"


def write_content(folder: Path, count: int) -> None:
    """Change a document so that every version says what it is."""
    text = f"# Alpacas\n\nThere are {count} alpacas in the meadow, says edition {count}.\n"
    (folder / "documents" / "alpacas.md").write_text(text, "utf-8")


def content_of(answer: Answer) -> str:
    """Return the edition that an answer quotes; empty if none is expected."""
    messages = [quote.text for quote in (*answer.quotes, *answer.nearest) if quote.document == "alpacas.md"]
    found = sorted({found for text in messages for found in re.findall(r"edition \d+", text)})
    return " ".join(found) or (NONE if answer.question == CONTENT_QUESTION else "")


@pytest.mark.parametrize(("asked", "rebuilds"), [(100, 1), pytest.param(3000, 100, marks=pytest.mark.slow)])
async def test_rebuilds_fail_and_mix_no_answer_and_delay_few(
    tmp_path: Path, real_store: Path, asked: int, rebuilds: int
) -> None:
    folder = lay_out(tmp_path, real_store)
    probe = Probe()
    alone, beside = (Stream((*QUESTIONS, CONTENT_QUESTION), content_of) for _ in range(2))
    async with services(folder) as real:
        await real.answers.wait_until_ready()
        async with alone.asking(real.answers):
            await until(lambda: len(alone.seconds) >= asked, seconds=600)
        contents = {real.answers.version or "": NONE}
        async with probe.watching(), beside.asking(real.answers):
            for count in range(1, rebuilds + 1):
                write_content(folder, count)
                await real.versions.rebuild(NullLiveMessage(), messages_in("en"), by="")
                contents[real.answers.version or ""] = f"edition {count}"
                await until(lambda: set(beside.answered) >= set(contents.items()))

    sys.stderr.write(
        f"{rebuilds} rebuilds: {beside.summary()}; without: {alone.summary()}; stall {probe.longest * 1000:.0f} ms\n"
    )
    assert len(contents) == rebuilds + 1
    assert not beside.failed
    assert beside.mixed(contents) == []
    assert beside.versions == set(contents)
    assert max(beside.seconds) < LONGEST_SECONDS
    assert beside.high <= HIGH_RATIO * alone.high
    assert probe.longest < STALL_SECONDS, probe.longest
