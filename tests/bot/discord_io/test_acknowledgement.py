"""Every command acknowledges before it reads, waits or asks Discord anything."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, get_args

import discord
import pytest
from discord import app_commands, ui

import index
from bot.cogs.autocomplete import document_choices, section_choices, starter_choices, version_choices
from bot.container import Services
from bot.rendering.custom_id import (
    Action,
    AskStarter,
    CancelRebuild,
    DeleteAnswer,
    Download,
    GiveReason,
    JumpToSection,
    ReadPage,
    ShowContext,
    ShowConverted,
    ShowMore,
    ShowSource,
    SwapScript,
    TurnPage,
    TurnSources,
    Vote,
    encode_action,
    question_tag,
)
from bot.rendering.layout import ButtonSpec, Item, Layout, button_row
from bot.types import Rating
from index import Outcome, StoreError
from tests.bot.cogs.test_admin import manager
from tests.bot.conftest import GUILD, Running, Stage
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
    ("gaps", {}),
    ("forget", {}),
]
_PASSAGE = ("0" * 12, 0, 1)
# One of each action of a button or menu; all but the starter's and the last two read documents that are there no more.
ACTIONS: list[Action] = [
    ShowContext(0, *_PASSAGE, "0" * 6, "en", Outcome.ANSWERED, record=0, asker=0),
    ShowConverted(0, *_PASSAGE, "0" * 6, "en", Outcome.ANSWERED, record=0),
    ShowSource(0, *_PASSAGE, "0" * 6, "en", Outcome.ANSWERED, record=0),
    SwapScript(1, *_PASSAGE, "en", Outcome.ANSWERED),
    ShowMore(1, 0, "en"),
    Vote(1, 1, "en"),
    GiveReason(1, Rating.OTHER, "en"),
    AskStarter("en", question_tag("How many are left?")),
    ReadPage("en", document_tag="0" * 12, page=0),
    TurnPage("en", slot=0, document_tag="0" * 12, page=0),
    TurnSources(0, 0, "en"),
    JumpToSection("en", document_tag="0" * 12),
    Download("0" * 12, "en"),
    DeleteAnswer(1, 1, "en"),
    CancelRebuild(1),
]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list in which acknowledgements and reads are noted as they begin."""
    order: list[str] = []
    for name in ("defer", "send_message"):
        real = getattr(discord.InteractionResponse, name)

        async def noted(self: Any, *arguments: Any, real: Any = real, **options: Any) -> Any:
            order.append("acknowledged")
            return await real(self, *arguments, **options)

        monkeypatch.setattr(discord.InteractionResponse, name, noted)
    return order


def test_every_command_and_every_action_of_a_component_is_tried(stage: Stage) -> None:
    slash = {command.name for command in stage.bot.tree.get_commands(type=discord.AppCommandType.chat_input)}

    assert {name for name, _ in COMMANDS} == slash
    assert {type(action) for action in ACTIONS} == set(get_args(Action))


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
    "choice",
    [("ask", "question"), ("ask", "document"), ("read", "document"), ("read", "section"), ("rollback", "version")],
)
async def test_there_are_no_choices_while_the_library_cannot_be_read(
    stage: Stage, slow_reads: Callable[[], threading.Event], choice: tuple[str, str]
) -> None:
    stage.bot.services.documents._version = None
    slow_reads().set()
    command, option = choice
    given = {"ask": {"question": "x"}, "read": {"document": "rise.md"}}.get(command, {})
    others = {name: value for name, value in given.items() if name != option}
    choices = await manager(stage).autocomplete(stage.channel, command, option, "", **others)

    assert choices == []


# As the commands ask for them, but outside of simcord, whose clock stands still while a thread reads.
CHOICES: dict[str, Callable[[Services], Coroutine[Any, Any, list[app_commands.Choice[str]]]]] = {
    "starters": lambda bot: starter_choices(bot.documents, "", discord.Locale.american_english),
    "documents": lambda bot: document_choices(bot.documents, ""),
    "sections": lambda bot: section_choices(bot.documents, "rise.md", ""),
    "versions": lambda bot: version_choices(index.open_store(bot.settings.store), "", answering=None),
}


@pytest.mark.parametrize("offered", CHOICES)
async def test_choices_are_not_waited_for_while_the_library_is_read(
    stage: Stage,
    slow_reads: Callable[[], threading.Event],
    monkeypatch: pytest.MonkeyPatch,
    offered: str,
) -> None:
    monkeypatch.setattr("bot.cogs.autocomplete._PATIENCE_SECONDS", 0.05)
    stage.bot.services.documents._version = None
    released = slow_reads()
    choosing = asyncio.create_task(CHOICES[offered](stage.bot.services))
    try:
        await until(choosing.done, seconds=READ_FAILS_AFTER / 2)
    finally:
        released.set()

    assert choosing.result() == []


async def test_the_message_menu_is_acknowledged_while_the_library_cannot_be_read(
    stage: Stage, order: list[str], slow_reads: Callable[[], threading.Event]
) -> None:
    message = await stage.bob.send(stage.channel, "How is the weather?")
    stage.bot.services.documents._version = None
    released = slow_reads()
    asking = asyncio.ensure_future(stage.alice.context_menu(stage.channel, "Ask about this", message))
    await until(lambda: bool(order), seconds=ACKNOWLEDGED_WITHIN)
    released.set()
    await asking


@pytest.mark.parametrize("action", ACTIONS, ids=[type(action).__name__ for action in ACTIONS])
async def test_a_component_is_acknowledged_while_the_library_cannot_be_read(
    stage: Stage, order: list[str], slow_reads: Callable[[], threading.Event], action: Action
) -> None:
    channel = stage.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    card = await channel.send(view=Layout([component(action)], colour=discord.Colour.default()))
    stage.bot.services.documents._version = None
    released = slow_reads()
    using = asyncio.ensure_future(
        stage.alice.select(card, ["0"])
        if isinstance(action, JumpToSection)
        else stage.alice.click(card, label="press")
    )
    await until(lambda: bool(order), seconds=ACKNOWLEDGED_WITHIN)
    released.set()
    await using


def component(action: Action) -> Item:
    """Return a menu that jumps to a section, or a button that does anything else."""
    if not isinstance(action, JumpToSection):
        return button_row([ButtonSpec("press", action)])
    option = discord.SelectOption(label="press", value="0")
    return ui.ActionRow(ui.Select(custom_id=encode_action(action), options=[option]))
