"""Where an answer is shown: in the response to an interaction, or in a reply to a message."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.discord_io.faults import NetworkGuard
from bot.discord_io.respond import Interaction, respond
from bot.rendering.layout import Layout


class Responder(Protocol):
    """Shows the answer to one question, and on the way to it what it waits for."""

    @property
    def asker(self) -> int:
        """The user id of who asked."""
        ...

    async def acknowledge(self) -> None:
        """Show that the question has arrived."""

    async def show(self, layout: Layout) -> None:
        """Show `layout` in place of what was shown before. Raises a network fault."""

    async def show_progress(self, layout: Layout) -> None:
        """Show `layout` until the answer comes; a network fault is logged, not raised."""


class InteractionResponder:
    """Shows the answer in the response to an interaction."""

    def __init__(self, interaction: Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._guard = NetworkGuard("the progress of an answer")

    @property
    def asker(self) -> int:
        """The user id of who asked."""
        return self._interaction.user.id

    async def acknowledge(self) -> None:
        """Show that the bot is thinking; from here on it is settled whether others see the answer."""
        await self._interaction.response.defer(ephemeral=self._private, thinking=True)

    async def show(self, layout: Layout) -> None:
        """Show `layout` in place of the response; before the acknowledgement, to the asker alone."""
        await respond(self._interaction, layout)

    async def show_progress(self, layout: Layout) -> None:
        """Show `layout` until the answer comes; a network fault is logged, not raised."""
        await self._guard.attempt(respond(self._interaction, layout))


class MessageResponder:
    """Shows the answer in a reply to a message; nobody is pinged."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._reply: discord.Message | None = None
        self._guard = NetworkGuard("the progress of an answer")

    @property
    def asker(self) -> int:
        """The user id of who asked."""
        return self._message.author.id

    async def acknowledge(self) -> None:
        """Show the typing indicator, where the bot may."""
        await self._guard.attempt(self._message.channel.typing())

    async def show(self, layout: Layout) -> None:
        """Reply with `layout`, or edit the reply that was sent before."""
        if self._reply is not None:
            await self._reply.edit(view=layout)
            return
        reference = self._message.to_reference(fail_if_not_exists=False)
        self._reply = await self._message.channel.send(view=layout, reference=reference, mention_author=False)

    async def show_progress(self, layout: Layout) -> None:
        """Show `layout` until the answer comes; a network fault is logged, not raised."""
        await self._guard.attempt(self.show(layout))
