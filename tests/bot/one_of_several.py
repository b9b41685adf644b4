"""One of several bots with the same store and data, without Discord: python -m tests.bot.one_of_several FOLDER NUMBER.

It asks, records and rebuilds, and prints what it was answered as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot.container import Services
from bot.discord_io.live_message import NullLiveMessage
from bot.errors import UnavailableError
from bot.locales import messages_in
from bot.services.records.query_log import QueryRecord
from bot.settings import BotSettings
from bot.worker import main as worker
from bot.worker.process import Child, Listener, Target, spawn_process
from index import Answer, Query, Settings
from tests.bot import processes
from tests.bot.services.records.samples import ALICE
from tests.bot.test_stores import write
from tests.bot.world import until

ROUNDS = 1
QUESTIONS = 5  # of each round
_LAST = "edition 999"
_FAKES: dict[Target, Target] = {
    worker.run: processes.run_with_fake_encoder,
    worker.build: processes.build_with_fake_encoder,
}


def spawn(target: Target, settings: Settings, listener: Listener) -> Child:
    """Start the child with the tests' encoder."""
    return spawn_process(_FAKES[target], settings, listener)


def settings_in(folder: Path) -> BotSettings:
    """Return the settings that all of the bots have."""
    return BotSettings(
        documents=folder / "documents",
        store=folder / "store",
        data=folder / "data",
        model="fake",
        keep_versions=2,
        threshold=0.0,
    )


async def ask(services: Services) -> str:
    """Ask, record the answer, and return the editions that it quotes."""
    answer = await services.answers.ask(Query("How many llamas are in the meadow?"))
    record = QueryRecord("en", answer.outcome, 0.9, 1.0, answer.version, "How many?", (), asker=ALICE)
    await services.query_log.add(record)
    return _editions(answer)


async def live(folder: Path, number: int) -> list[str]:
    """Return what was answered, until it is the last edition."""
    services = Services.from_settings(settings_in(folder), spawn=spawn)
    services.answers.start()
    services.query_log.start()
    while not services.answers.ready:  # another bot may be building the first version
        with suppress(UnavailableError):
            await services.answers.wait_until_ready()
        await asyncio.sleep(0.05)
    answered = []
    for each in range(ROUNDS):
        write(services.settings, 10 + 2 * each + number)
        await rebuild(services)
        answered += [await ask(services) for _ in range(QUESTIONS)]
    (folder / f"done-{number}").touch()
    if number == 0:
        # The other bot would write over the last edition.
        await until((folder / "done-1").exists, seconds=120)
        write(services.settings, 999)
        await rebuild(services)
    while answered[-1] != _LAST:
        answered.append(await ask(services))
        await asyncio.sleep(0.1)
    await services.close()
    return answered


async def rebuild(services: Services) -> None:
    """Rebuild, after another bot has if it does."""
    while True:
        if await services.versions.rebuild_automatically(NullLiveMessage(), messages_in("en")):
            return
        await asyncio.sleep(0.5)


def _editions(answer: Answer) -> str:
    quotes = (*answer.quotes, *answer.nearest)
    return " and ".join(sorted({found for quote in quotes for found in re.findall(r"edition \d+", quote.text)}))


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.worker.process.get_context", lambda _: processes.fork_server())
        patch.setattr("bot.worker.server._FOLLOW_SECONDS", 0.5)
        sys.stdout.write(json.dumps(asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))))
