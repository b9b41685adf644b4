"""The simulated server: its people, its channels, and what is pinned in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import discord

from bot.client import ChronicleBot
from bot.locales import messages_in
from bot.rendering.layout import Layout, notice
from bot.rendering.setup import welcome_layout
from bot.rendering.text.markdown import inline
from index import LANGUAGES, Language

if TYPE_CHECKING:
    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle
    from simcord.env import Env

GUILD: Final = 1_000_000_000_000_000_001
NAME: Final = "Llama Chronicle"
# The simulated clients are English.
_READING: Final[tuple[Language, ...]] = tuple(sorted(LANGUAGES, key=lambda language: language != "en"))
_PATH_UNITS: Final = 300


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """A channel of the simulated server, and who may look at it."""

    path: str
    channel: ChannelHandle
    viewers: Sequence[MemberActor]


async def create_server(env: Env, bot: ChronicleBot) -> tuple[DemoChannel, ...]:
    """Create a server with a channel for everybody and one for operators; return the two, with a welcome pinned."""
    me = await cast(discord.ClientUser, bot.user).edit(username=NAME)
    guild = env.create_guild(NAME, id=GUILD)
    operators = guild.create_role("operators", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(env.create_user("reader"))
    admin = guild.add_member(env.create_user("operator"), roles=[operators])
    hidden = discord.PermissionOverwrite(view_channel=False)
    seen = discord.PermissionOverwrite(view_channel=True)
    reading = guild.create_text_channel("ask-the-documents")
    operating = guild.create_text_channel(
        "operators", overwrites={guild.default_role: hidden, operators: seen, me: seen}
    )
    library = await bot.services.documents.library()
    await _pin(bot, reading, welcome_layout(library, name=NAME, languages=_READING))
    await _pin(bot, operating, _operating_layout(bot.services.settings.documents))
    return (DemoChannel("/", reading, (member, admin)), DemoChannel("/operators", operating, (admin,)))


def _operating_layout(documents: Path) -> Layout:
    folder = inline(str(documents), limit=_PATH_UNITS)
    return notice("\n".join(messages_in(language).demo_copies.format(folder=folder) for language in _READING))


async def _pin(bot: ChronicleBot, handle: ChannelHandle, layout: Layout) -> None:
    channel = cast(discord.TextChannel, bot.get_channel(handle.id))
    message = await channel.send(view=layout)
    await message.pin()
