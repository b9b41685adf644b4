"""The real bot in a simulated Discord, with a small world behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord.interactions
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.components import walk_components
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

import index
from bot.client import ChronicleBot
from bot.container import Services
from bot.errors import BotError
from bot.settings import BotSettings
from index import ChronicleError, Library
from tests.bot import processes
from tests.bot.world import FakeStore, World

GUILD = 4_000_000_000_000_000_004


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start child processes in milliseconds, where it is not tested how they are started; spawning takes a second."""
    monkeypatch.setattr("bot.worker.process.get_context", lambda _method: processes.fork_server())


@dataclass
class Stage:
    """A running bot, a channel, and people."""

    env: Env
    bot: ChronicleBot
    world: World
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    bob: MemberActor


class RecordingEnv(Env):
    """Records unforeseen errors only: the foreseeable ones are described to the person."""

    async def _settle_internal(self, *, idle: float = 0.005, **options: Any) -> None:
        """Settle as simcord does, which looks whether all is done every 50 ms: most of a test's time."""
        await super()._settle_internal(idle=idle, **options)

    def _record_error(self, error: BaseException) -> None:
        if not isinstance(getattr(error, "original", error), BotError | ChronicleError):
            super()._record_error(error)


Running = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Return the documents and the fake worker; the bot reads them as it would read a store."""
    world = World()
    monkeypatch.setattr(index, "open_store", lambda _location: FakeStore(world))
    yield world
    for child in world.children:
        child.kill()


@pytest.fixture
def running(world: World, tmp_path: Path) -> Running:
    """Return a context manager that runs the bot with the given settings."""

    @asynccontextmanager
    async def run(
        env_options: dict[str, Any] | None = None, *, wait: bool = True, **settings: Any
    ) -> AsyncIterator[Stage]:
        settings = {"data": tmp_path / "data", "cooldown_seconds": 0.0, **settings}
        bot = ChronicleBot(Services.from_settings(BotSettings(**settings), spawn=world.spawn))
        options = {"settle_timeout": 20.0, **(env_options or {})}
        env = RecordingEnv(bot, **options)
        await env.start()
        try:
            if wait:
                await bot.services.answers.wait_until_ready()
                await bot.services.documents.library()
            guild = env.create_guild(id=GUILD)
            channel = guild.create_text_channel("general")
            alice = guild.add_member(env.create_user("alice"))
            bob = guild.add_member(env.create_user("bob"))
            yield Stage(env, bot, world, guild, channel, alice, bob)
        finally:
            world.build_hold.set()
            await bot._monitoring.close()
            await bot.services.close()
            await env.shutdown()
        env._raise_errors_since(env._errors_acknowledged)

    return run


@pytest.fixture
async def stage(running: Running) -> AsyncIterator[Stage]:
    """Yield the bot, running and ready."""
    async with running() as stage:
        yield stage


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets the locale of the simulated Discord clients, which is en-US otherwise."""
    original = simcord.interactions.base_payload

    def speak(locale: str) -> None:
        def localised(*arguments: Any, **options: Any) -> Any:
            record, payload = original(*arguments, **options)
            return record, {**payload, "locale": locale}

        monkeypatch.setattr(simcord.interactions, "base_payload", localised)

    return speak


async def publish(stage: Stage, documents: Library) -> None:
    """Switch to a version with these documents."""
    stage.world.rebuild()
    stage.world.library = documents
    await stage.bot.services.answers.reload()
    await stage.bot.services.documents.library()


def response(result: InteractionResult) -> ResponseMessage:
    """Return what the bot responded with."""
    assert result.response is not None
    return result.response


def shown(message: Any) -> str:
    """Return all text of a layout."""
    components = message.components
    if components and not isinstance(components[0], dict):
        components = [component.to_dict() for component in components]
    return "\n".join(item["content"] for item in walk_components(components) if item.get("type") == 10)


def buttons(message: Any) -> dict[str, str]:
    """Return the label and custom id of every button of a layout."""
    components = message.components
    if components and not isinstance(components[0], dict):
        components = [component.to_dict() for component in components]
    found = [item for item in walk_components(components) if item.get("type") == 2]
    return {item.get("label") or "": item.get("custom_id") or "" for item in found}


def last_reply(stage: Stage) -> discord.Message:
    """Return the bot's last message in the channel."""
    message = stage.channel.history()[-1]
    assert message.author.id == stage.bot.user.id
    return message
