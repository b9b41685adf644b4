"""Boards: one message that is kept up to date, whatever becomes of the interaction it began with."""

from __future__ import annotations

import logging
import time
from typing import Protocol

import discord

from bot.discord_io.respond import Interaction, answer
from bot.locales import Messages
from bot.rendering.layout import Layout, notice

log = logging.getLogger(__name__)

# An interaction's token lives 15 minutes; the last of them is for saying where to look on.
_TOKEN_SECONDS = 14 * 60


class LiveMessage(Protocol):
    """Where a rebuild is followed."""

    async def show(self, layout: Layout) -> None:
        """Show `layout` in the place of the one before; what Discord refuses is logged, not raised."""


class NullLiveMessage:
    """Nobody looks: the log has to do."""

    async def show(self, layout: Layout) -> None:
        """Show nothing."""


class ChannelLiveMessage:
    """An ordinary message in a channel."""

    def __init__(self, channel: discord.abc.Messageable) -> None:
        self._channel = channel
        self._message: discord.Message | None = None

    async def show(self, layout: Layout) -> None:
        """Send the message, then edit it."""
        try:
            await self.put(layout)
        except discord.HTTPException as error:
            log.warning("a report cannot be shown in its channel: %s", error)

    async def put(self, layout: Layout) -> None:
        """Do as `show` does, and raise what Discord refuses."""
        if self._message is None:
            self._message = await self._channel.send(view=layout)
        else:
            await self._message.edit(view=layout)


class InteractionLiveMessage:
    """A command's response while its token lives, then an ordinary message where the bot may write one."""

    def __init__(self, interaction: Interaction, messages: Messages) -> None:
        self._interaction = interaction
        self._texts = messages
        self._ends = time.monotonic() + _TOKEN_SECONDS
        self._successor: LiveMessage | None = None

    async def show(self, layout: Layout) -> None:
        """Edit the response, or the message that took its place."""
        if self._successor is not None:
            await self._successor.show(layout)
        elif time.monotonic() >= self._ends:
            self._successor = await self._move(layout)
        else:
            await self._edit(layout)

    async def _move(self, layout: Layout) -> LiveMessage:
        """Go on in an ordinary message; say so, or that it cannot be done."""
        channel = self._interaction.channel
        if isinstance(channel, discord.abc.Messageable):
            live_message = ChannelLiveMessage(channel)
            try:
                await live_message.put(layout)
            except discord.HTTPException as error:
                log.warning("a report cannot be shown in its channel: %s", error)
            else:
                await self._edit(notice(self._texts.rebuild_moved))
                return live_message
        await self._edit(notice(self._texts.rebuild_unheard))
        return NullLiveMessage()

    async def _edit(self, layout: Layout) -> None:
        try:
            await answer(self._interaction, layout)
        except discord.HTTPException as error:
            log.warning("a report cannot be shown: %s", error)
