"""The bot with its worker: answers a second, and memory, as one line of JSON: `python -m tests.bench.service FOLDER`.

FOLDER has `documents` and `store`. The bot is all that it is but connected.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

from bot.client import ChronicleBot
from bot.container import Services
from bot.settings import BotSettings
from index import Query
from tests.bench.processes import megabytes

ASKERS = (1, 4, 16, 64)
QUESTIONS = Path("tests/evaluation/development.jsonl")

_ANSWERS = 96  # for each number of askers
_EVERY = 0.1  # seconds


@dataclass
class Figures:
    """Answers a second by the number of askers, and MB of the bot with its children."""

    answers: dict[int, float] = field(default_factory=dict)
    idle: float = 0.0
    answering: float = 0.0
    rebuilding: float = 0.0


async def measure(folder: Path) -> Figures:
    """Run a bot: idle, asked by several at once, and while it rebuilds."""
    settings = BotSettings(
        documents=folder / "documents", store=folder / "store", data=folder / "data", queue_limit=200
    )
    services = Services.from_settings(settings)
    bot = ChronicleBot(services)
    questions = _questions()
    figures = Figures()
    services.answers.start()
    await services.answers.wait_until_ready()
    await _ask(services, questions[:20], askers=1)
    figures.idle = await asyncio.to_thread(_megabytes)
    async with _weighing() as sizes:
        for askers in ASKERS:
            asked = list(islice(cycle(questions), _ANSWERS))
            figures.answers[askers] = _ANSWERS / await _timed(_ask(services, asked, askers=askers))
    figures.answering = max(sizes)
    for path in (folder / "documents").glob("*.md"):
        path.write_text(path.read_text("utf-8") + "\n\nOne more paragraph at the end.\n", "utf-8")
    async with _weighing() as sizes:
        await services.versions._builds.run(lambda _: None)
    figures.rebuilding = max(sizes)
    await services.close()
    await bot.close()
    return figures


def _questions() -> list[str]:
    return [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]


async def _ask(services: Services, questions: list[str], *, askers: int) -> None:
    waiting = iter(questions)

    async def ask_in_turn() -> None:
        for question in waiting:
            await services.answers.ask(Query(question, "en"))

    await asyncio.gather(*(ask_in_turn() for _ in range(askers)))


async def _timed(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


@asynccontextmanager
async def _weighing() -> AsyncIterator[list[float]]:
    """Note the memory again and again while the block runs."""
    sizes: list[float] = []

    async def weigh() -> None:
        while True:
            sizes.append(await asyncio.to_thread(_megabytes))
            await asyncio.sleep(_EVERY)

    weighing = asyncio.ensure_future(weigh())
    yield sizes
    weighing.cancel()
    sizes.append(await asyncio.to_thread(_megabytes))


def _megabytes() -> float:
    return megabytes([os.getpid(), *(child.pid for child in multiprocessing.active_children())])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(measure(Path(sys.argv[1]))))))
