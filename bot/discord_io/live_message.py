"""Messages that are kept up to date while a build runs; a network fault never ends what they report on."""

from __future__ import annotations

import time
from typing import Protocol

import discord

from bot.discord_io.faults import NetworkGuard
from bot.discord_io.refusals import may_write, refusal_of
from bot.discord_io.respond import Interaction, respond
from bot.locales import Messages
from bot.rendering.layout import Layout, notice

# An interaction's token is valid for 15 minutes; the last of them is left for saying where the report goes on.
_TOKEN_SECONDS = 14 * 60


class LiveMessage(Protocol):
    """Shows the present state of a build."""

    async def show(self, layout: Layout, /) -> bool:
        """Show `layout` in place of the one before; return whether it is shown. Network faults are logged."""
        ...


class NullLiveMessage:
    """Discards updates; used when no one is watching."""

    async def show(self, _layout: Layout) -> bool:
        """Discard the layout."""
        return False


class ChannelLiveMessage:
    """An ordinary message in a channel; after a refusal it is given up, as each further one would count."""

    def __init__(self, channel: discord.abc.Messageable) -> None:
        self._channel = channel
        self._message: discord.Message | None = None
        self._is_refused = not may_write(channel)
        self._guard = NetworkGuard("a report in a channel")

    async def show(self, layout: Layout) -> bool:
        """Send the message, or edit it; return whether it is shown."""
        return not self._is_refused and await self._guard.attempt(self._send_or_edit(layout))

    async def _send_or_edit(self, layout: Layout) -> None:
        try:
            if self._message is None:
                self._message = await self._channel.send(view=layout)
            else:
                await self._message.edit(view=layout)
        except discord.HTTPException as error:
            self._is_refused = refusal_of(error) is not None
            raise


class InteractionLiveMessage:
    """The response to a command while its token is valid, then an ordinary message where the bot may send one.

    private: only the person who gave the command sees the report, the later one as a direct message.
    """

    def __init__(self, interaction: Interaction, messages: Messages, *, private: bool = False) -> None:
        self._interaction = interaction
        self._messages = messages
        self._private = private
        self._expires_at = time.monotonic() + _TOKEN_SECONDS
        self._successor: LiveMessage | None = None
        self._guard = NetworkGuard("a report in a response")

    async def show(self, layout: Layout) -> bool:
        """Edit the response, or the message that replaced it; return whether it is shown."""
        if self._successor is not None:
            return await self._successor.show(layout)
        if time.monotonic() < self._expires_at:
            return await self._edit(layout)
        self._successor = await self._move(layout)
        return True

    async def _move(self, layout: Layout) -> LiveMessage:
        """Continue in an ordinary message and say so, or say that this is impossible."""
        channel = self._interaction.user if self._private else self._interaction.channel
        moved = self._messages.rebuild_moved_private if self._private else self._messages.rebuild_moved
        if isinstance(channel, discord.abc.Messageable):
            successor = ChannelLiveMessage(channel)
            if await successor.show(layout):
                await self._edit(notice(moved))
                return successor
        await self._edit(notice(self._messages.rebuild_unheard))
        return NullLiveMessage()

    async def _edit(self, layout: Layout) -> bool:
        return await self._guard.attempt(respond(self._interaction, layout))
