"""The bot with the real model and the project's documents: what it must reach."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from simcord.env import Env

from bot.client import ChronicleBot
from bot.container import Services
from bot.services.ask import AskRequest
from bot.settings import BotSettings
from index import BuildReport
from tests.bot.conftest import shown
from tests.bot.test_behaviour import FakeResponder
from tests.bot.worker.test_processes import STALL_SECONDS, Probe
from tests.conftest import DOCUMENTS

pytestmark = [pytest.mark.model, pytest.mark.alone, pytest.mark.timeout(900)]
ACKNOWLEDGED_SECONDS = 0.5
ANSWERED_SECONDS = 1.0
ROLLUP = "/proc/{}/smaps_rollup"
QUESTIONS = (
    "Llama 團隊還剩下多少人？",
    "Llama 团队还剩下多少人？",
    "Why was Behemoth delayed?",
    "Mistral AI 是誰創立的？",
    "Who left Meta to start a company?",
)


class TimedResponder(FakeResponder):
    """A responder that also notes when it was acknowledged and answered."""

    def __init__(self, asker: int) -> None:
        super().__init__(asker)
        self.began = time.perf_counter()
        self.acknowledged_after = self.answered_after = 0.0

    async def acknowledge(self) -> None:
        await super().acknowledge()
        self.acknowledged_after = time.perf_counter() - self.began

    async def show(self, layout: object) -> int | None:
        await super().show(layout)
        self.answered_after = time.perf_counter() - self.began
        return None


def lay_out(folder: Path, store: Path) -> Path:
    """Copy the documents and the store built from them into `folder`, where `services` looks."""
    shutil.copytree(DOCUMENTS, folder / "documents")
    shutil.copytree(store, folder / "store")
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


async def ask(services: Services, text: str, asker: int = 1) -> TimedResponder:
    responder = TimedResponder(asker)
    await services.ask_service.ask(AskRequest(text, "en"), responder)
    return responder


async def test_a_question_asked_before_there_is_an_index_is_acknowledged_at_once_and_then_answered(
    tmp_path: Path,
) -> None:
    (tmp_path / "documents").mkdir()  # of one document without what goes with it: soon built
    shutil.copy(DOCUMENTS / "llama-rise-and-fall.md", tmp_path / "documents")
    async with services(tmp_path) as real:
        responder = await ask(real, QUESTIONS[0])

    assert responder.acknowledged_after < ACKNOWLEDGED_SECONDS
    assert "Getting ready" in responder.messages[0]
    assert "3人留任" in responder.messages[-1]


def shares(pids: Iterable[int | None]) -> int:
    """Sum the processes' proportional set sizes in bytes: what two of them share counts once."""
    total = 0
    for pid in pids:
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(ROLLUP.format(pid)).read_text("ascii"), re.MULTILINE)
        except (FileNotFoundError, ProcessLookupError):  # it has just ended, or the system does not say
            continue
        total += int(found[1]) * 1024 if found else 0
    return total


def children() -> int:
    """Sum the sizes of the bot's children: the worker, and a builder while there is one."""
    return shares(process.pid for process in multiprocessing.active_children())


@dataclass
class Day:
    """What a bot went through: its start, questions one by one, a rebuild with some meanwhile, many at once."""

    warm: list[TimedResponder]
    during: list[TimedResponder]
    together: list[TimedResponder]
    found: TimedResponder
    report: BuildReport
    versions: tuple[str | None, str | None]
    stall: float
    loaded: int
    sizes: list[int]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory, real_store: Path) -> Day:
    """Run a bot through a day, and note all that the tests around here ask for."""
    folder = lay_out(tmp_path_factory.mktemp("day"), real_store)
    probe, sizes = Probe(), []

    async def weigh() -> None:
        while True:
            sizes.append(await asyncio.to_thread(children))
            await asyncio.sleep(0.05)

    async with probe.watching(), services(folder) as real:
        await real.answers.wait_until_ready()
        warm = [await ask(real, QUESTIONS[number % len(QUESTIONS)]) for number in range(20)]
        loaded = await asyncio.to_thread(children)  # the model, and a version of two documents
        more = "\n\n後來的一段：Llama 5 在 2026 年發布。\n"
        (folder / "documents" / "later.md").write_text(more, "utf-8")
        before = real.answers.version
        weighing = asyncio.ensure_future(weigh())
        rebuild = asyncio.ensure_future(real.versions._builds.run(lambda _: None))
        during = [await ask(real, QUESTIONS[number % len(QUESTIONS)]) for number in range(5)]
        report = await rebuild
        await real.answers.reload()
        weighing.cancel()
        found = await ask(real, "Llama 5 何時發布？")
        together = await asyncio.gather(*(ask(real, QUESTIONS[n % 5], n) for n in range(20)))
        after = real.answers.version
    return Day(warm, during, together, found, report, (before, after), probe.longest, loaded, sizes)


def test_loading_answering_and_rebuilding_meet_their_times(
    day: Day, record_property: Callable[[str, object], None]
) -> None:
    median = statistics.median(responder.answered_after for responder in day.warm)
    record_property("median", median)
    acknowledged = max(responder.acknowledged_after for responder in day.warm)
    sys.stderr.write(
        f"median {median * 1000:.0f} ms, acknowledged {acknowledged * 1000:.1f} ms, "
        f"20 at once {max(p.answered_after for p in day.together):.2f} s, "
        f"during a rebuild {statistics.median(p.answered_after for p in day.during) * 1000:.0f} ms\n"
    )
    assert median < ANSWERED_SECONDS
    responders = [*day.warm, *day.together, *day.during]
    assert max(responder.acknowledged_after for responder in responders) < ACKNOWLEDGED_SECONDS
    assert all(
        "quoted" not in responder.messages[-1] and "line" in responder.messages[-1] for responder in responders
    )


def test_a_rebuild_brings_what_was_written_to_the_answers(day: Day) -> None:
    assert day.report.built
    assert day.versions[0] != day.versions[1] == day.report.version
    assert "2026 年發布" in day.found.messages[-1]


def test_loading_answering_and_rebuilding_never_stall_the_loop(day: Day) -> None:
    assert day.stall < STALL_SECONDS, day.stall


@pytest.mark.skipif(not Path(ROLLUP.format("self")).exists(), reason="needs Linux's /proc/PID/smaps_rollup")
def test_the_worker_with_a_rebuild_beside_it_takes_less_than_800_mb(day: Day) -> None:
    grown = max(day.sizes) - day.loaded
    sizes = [f"{size >> 20} MB" for size in (day.loaded, grown, day.sizes[-1] - day.loaded)]
    sys.stderr.write("worker {}, grown at most {} during a rebuild, {} afterwards\n".format(*sizes))
    assert max(day.sizes) < 800 << 20


async def test_the_whole_bot_answers_in_the_simulated_discord(tmp_path: Path, real_store: Path) -> None:
    settings = BotSettings(documents=DOCUMENTS, store=real_store, data=tmp_path / "data", cooldown_seconds=0.0)
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
