"""The bot with the real model and the project's documents: what it must reach."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from simcord.env import Env

from bot.asking import Question
from bot.client import ChronicleBot
from bot.services import Services
from bot.settings import BotSettings
from tests.bot.conftest import shown
from tests.bot.test_behaviour import FakePlace
from tests.bot.test_processes import STALL_SECONDS, Probe

pytestmark = [pytest.mark.model, pytest.mark.timeout(900)]
DOCUMENTS = Path(__file__).parents[2] / "documents"
ACKNOWLEDGED_SECONDS = 0.5
ANSWERED_SECONDS = 1.0
QUESTIONS = (
    "Llama 團隊還剩下多少人？",
    "Llama 团队还剩下多少人？",
    "Why was Behemoth delayed?",
    "Mistral AI 是誰創立的？",
    "Who left Meta to start a company?",
)


class TimedPlace(FakePlace):
    """A place that also notes when it was acknowledged and answered."""

    def __init__(self, asker: int) -> None:
        super().__init__(asker)
        self.began = time.perf_counter()
        self.acknowledged_after = self.answered_after = 0.0

    async def acknowledge(self) -> None:
        await super().acknowledge()
        self.acknowledged_after = time.perf_counter() - self.began

    async def show(self, card: object) -> None:
        await super().show(card)
        self.answered_after = time.perf_counter() - self.began


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a copy of the documents; the first test builds the store in it."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(DOCUMENTS, folder / "documents")
    return folder


@asynccontextmanager
async def services(folder: Path) -> AsyncIterator[Services]:
    settings = BotSettings(
        documents=folder / "documents", store=folder / "store", data=folder / "data", cooldown_seconds=0.0
    )
    services = Services.from_settings(settings)
    services.answers.start()
    yield services
    await services.close()


async def ask(services: Services, text: str, asker: int = 1) -> TimedPlace:
    place = TimedPlace(asker)
    await services.asking.ask(Question(text, "en"), place)
    return place


async def test_a_question_asked_before_there_is_an_index_is_acknowledged_at_once_and_then_answered(
    folder: Path,
) -> None:
    async with services(folder) as real:
        place = await ask(real, QUESTIONS[0])

    assert place.acknowledged_after < ACKNOWLEDGED_SECONDS
    assert "Getting ready" in place.texts[0]
    assert "3人留任" in place.texts[-1]


async def test_loading_answering_and_rebuilding_meet_their_times_and_never_stall_the_loop(
    folder: Path, record_property: Callable[[str, object], None]
) -> None:
    probe = Probe()
    async with probe.watching(), services(folder) as real:
        await real.answers.wait_until_ready()
        warm = [await ask(real, QUESTIONS[number % len(QUESTIONS)]) for number in range(20)]
        together = await asyncio.gather(*(ask(real, QUESTIONS[n % 5], n) for n in range(20)))
        more = "\n\n後來的一段：Llama 5 在 2026 年發布。\n"
        (folder / "documents" / "later.md").write_text(more, "utf-8")
        before = real.answers.version
        rebuild = asyncio.ensure_future(real.versions._rebuilds.run(lambda _: None))
        during = [await ask(real, QUESTIONS[number % len(QUESTIONS)]) for number in range(5)]
        report = await rebuild
        await real.answers.reload()
        found = await ask(real, "Llama 5 何時發布？")

    median = statistics.median(place.answered_after for place in warm)
    record_property("median", median)
    sys.stderr.write(
        f"median {median * 1000:.0f} ms, acknowledged {max(p.acknowledged_after for p in warm) * 1000:.1f} ms, "
        f"20 at once {max(p.answered_after for p in together):.2f} s, "
        f"during a rebuild {statistics.median(p.answered_after for p in during) * 1000:.0f} ms, "
        f"longest stall {probe.longest * 1000:.0f} ms\n"
    )
    assert report.built
    assert report.version != before
    assert median < ANSWERED_SECONDS
    assert max(place.acknowledged_after for place in [*warm, *together, *during]) < ACKNOWLEDGED_SECONDS
    assert all("quoted" not in place.texts[-1] and "line" in place.texts[-1] for place in [*together, *during])
    assert "2026 年發布" in found.texts[-1]
    assert probe.longest < STALL_SECONDS


async def test_the_whole_bot_answers_in_the_simulated_discord(folder: Path) -> None:
    settings = BotSettings(
        documents=folder / "documents", store=folder / "store", data=folder / "data2", cooldown_seconds=0.0
    )
    bot = ChronicleBot(Services.from_settings(settings))
    env = Env(bot, settle_timeout=300.0)
    await env.start()
    await bot.services.answers.wait_until_ready()
    channel = env.create_guild().create_text_channel("general")
    alice = env.guild.add_member(env.create_user("alice"))
    result = await alice.slash(channel, "ask", question=QUESTIONS[0])
    sources = await alice.slash(channel, "sources")
    await bot.services.close()
    await env.shutdown()

    assert "3人留任" in shown(result.response)
    assert "Meta’s Llama Troubles" in shown(sources.response)
