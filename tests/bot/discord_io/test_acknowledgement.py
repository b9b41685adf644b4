"""Every command acknowledges before it reads, waits or asks Discord anything."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import discord
import pytest

from index import StoreError
from tests.bot.cogs.test_admin import manager
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import GUILD, Running, Stage, response
from tests.bot.world import FakeStore, until

COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": "How many?", "document": "exodus.txt"}),
    ("sources", {}),
    ("read", {"document": "rise.md"}),
    ("help", {}),
    ("setup", {}),
    ("status", {}),
    ("rebuild", {}),
    ("rollback", {}),
]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list in which acknowledgements and reads are noted as they begin."""
    order: list[str] = []
    defer = discord.InteractionResponse.defer

    async def noted_defer(self: Any, **options: Any) -> Any:
        order.append("acknowledged")
        return await defer(self, **options)

    monkeypatch.setattr(discord.InteractionResponse, "defer", noted_defer)
    return order


def note_reads(order: list[str], monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    for name in ("info", "library", "versions", "rollback"):
        real = getattr(FakeStore, name)

        def noted(*arguments: Any, real: Any = real, name: str = name) -> Any:
            order.append(name)
            return real(*arguments)

        monkeypatch.setattr(FakeStore, name, noted)
    stage.bot.services.documents._version = None


@pytest.mark.parametrize(("command", "options"), COMMANDS, ids=[command for command, _ in COMMANDS])
async def test_a_command_is_acknowledged_before_anything_is_read(
    running: Running, monkeypatch: pytest.MonkeyPatch, order: list[str], command: str, options: dict[str, Any]
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        note_reads(order, monkeypatch, stage)
        await admin.slash(stage.channel, command, **options)

    assert order[0] == "acknowledged"


# Discord gives up on an interaction after 3 s.
ACKNOWLEDGED_WITHIN = 0.5
READ_FAILS_AFTER = 4.0


@pytest.fixture
def slow_reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[], threading.Event]:
    """Return a function that makes every read of the store fail, after 4 s or as soon as the event it returns is set."""
    released = threading.Event()

    def fail(*_arguments: object) -> None:
        released.wait(READ_FAILS_AFTER)
        raise StoreError("the disk is slow, then it fails")

    def begin() -> threading.Event:
        for name in ("info", "library", "versions", "rollback"):
            monkeypatch.setattr(FakeStore, name, fail)
        return released

    return begin


@pytest.mark.parametrize(("command", "options"), COMMANDS, ids=[command for command, _ in COMMANDS])
async def test_a_command_is_acknowledged_while_the_library_cannot_be_read(
    running: Running,
    order: list[str],
    slow_reads: Callable[[], threading.Event],
    command: str,
    options: dict[str, Any],
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        stage.bot.services.documents._version = None
        released = slow_reads()
        asking = asyncio.ensure_future(admin.slash(stage.channel, command, **options))
        await until(lambda: bool(order), seconds=ACKNOWLEDGED_WITHIN)
        released.set()
        await asking


@pytest.mark.parametrize(
    "choice", [("ask", "question"), ("ask", "document"), ("read", "document"), ("read", "section")]
)
async def test_choices_are_not_waited_for_while_the_library_is_read(
    stage: Stage,
    slow_reads: Callable[[], threading.Event],
    monkeypatch: pytest.MonkeyPatch,
    choice: tuple[str, str],
) -> None:
    monkeypatch.setattr("bot.cogs.autocomplete._PATIENCE_SECONDS", 0.05)
    stage.bot.services.documents._version = None
    released = slow_reads()
    command, option = choice
    given = {"question": "x"} if command == "ask" else {"document": "rise.md"}
    others = {name: value for name, value in given.items() if name != option}
    choices = await stage.alice.autocomplete(stage.channel, command, option, "", **others)
    released.set()

    assert choices == []


async def test_a_starter_that_is_pressed_is_acknowledged_while_the_library_cannot_be_read(
    stage: Stage, order: list[str], slow_reads: Callable[[], threading.Event]
) -> None:
    card = response(await stage.alice.slash(stage.channel, "ask", question="How is the weather?"))
    stage.bot.services.documents._version = None
    released = slow_reads()
    order.clear()
    pressing = asyncio.ensure_future(stage.alice.click(card, custom_id=starting(card, "ask")))
    await until(lambda: bool(order), seconds=ACKNOWLEDGED_WITHIN)
    released.set()
    await pressing
