"""Boards: one message that is kept up to date, whatever becomes of the interaction it began with."""

from __future__ import annotations

import logging
import time
from typing import Protocol

import discord

from bot.card import Card, notice
from bot.locales import Texts
from bot.telling import Interaction, answer

log = logging.getLogger(__name__)

# An interaction's token lives 15 minutes; the last of them is for saying where to look on.
_TOKEN_SECONDS = 14 * 60


class Board(Protocol):
    """Where a rebuild is followed."""

    async def show(self, card: Card) -> None:
        """Show `card` in the place of the one before; what Discord refuses is logged, not raised."""


class LogBoard:
    """Nobody looks: the log has to do."""

    async def show(self, card: Card) -> None:
        """Show nothing."""


class ChannelBoard:
    """An ordinary message in a channel."""

    def __init__(self, channel: discord.abc.Messageable) -> None:
        self._channel = channel
        self._message: discord.Message | None = None

    async def show(self, card: Card) -> None:
        """Send the message, then edit it."""
        try:
            await self.put(card)
        except discord.HTTPException as error:
            log.warning("a report cannot be shown in its channel: %s", error)

    async def put(self, card: Card) -> None:
        """Do as `show` does, and raise what Discord refuses."""
        if self._message is None:
            self._message = await self._channel.send(view=card)
        else:
            await self._message.edit(view=card)


class ResponseBoard:
    """A command's response while its token lives, then an ordinary message where the bot may write one."""

    def __init__(self, interaction: Interaction, texts: Texts) -> None:
        self._interaction = interaction
        self._texts = texts
        self._ends = time.monotonic() + _TOKEN_SECONDS
        self._successor: Board | None = None

    async def show(self, card: Card) -> None:
        """Edit the response, or the message that took its place."""
        if self._successor is not None:
            await self._successor.show(card)
        elif time.monotonic() >= self._ends:
            self._successor = await self._move(card)
        else:
            await self._edit(card)

    async def _move(self, card: Card) -> Board:
        """Go on in an ordinary message; say so, or that it cannot be done."""
        channel = self._interaction.channel
        if isinstance(channel, discord.abc.Messageable):
            board = ChannelBoard(channel)
            try:
                await board.put(card)
            except discord.HTTPException as error:
                log.warning("a report cannot be shown in its channel: %s", error)
            else:
                await self._edit(notice(self._texts.rebuild_moved))
                return board
        await self._edit(notice(self._texts.rebuild_unheard))
        return LogBoard()

    async def _edit(self, card: Card) -> None:
        try:
            await answer(self._interaction, card)
        except discord.HTTPException as error:
            log.warning("a report cannot be shown: %s", error)
