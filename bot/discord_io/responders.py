"""Where an answer is shown: in the response to an interaction, or in a reply to a message."""

from __future__ import annotations

from typing import Protocol

import discord

from bot.discord_io.faults import NetworkGuard
from bot.discord_io.refusals import permissions_in, wants_no_reference
from bot.discord_io.respond import Interaction, respond
from bot.rendering.layout import Layout

_TYPING_SECONDS = 3.0  # for which an answer waits for the typing indicator


class Responder(Protocol):
    """Shows the answer to one question, and on the way to it what it waits for."""

    @property
    def asker(self) -> int:
        """The user id of who asked."""
        ...

    @property
    def may_stay_silent(self) -> bool:
        """Whether a refusal may go unsaid: Discord waits for a response to a command, but not to a message."""
        ...

    async def acknowledge(self) -> None:
        """Show that the question has arrived."""

    async def show(self, layout: Layout) -> int | None:
        """Show `layout` in place of what was shown before; return the message's id if known. Raises a network fault."""

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

    @property
    def may_stay_silent(self) -> bool:
        """False: a command without a response is shown as failed."""
        return False

    async def acknowledge(self) -> None:
        """Show that the bot is thinking, once; from here on it is settled whether others see the answer."""
        if not self._interaction.response.is_done():
            await self._interaction.response.defer(ephemeral=self._private, thinking=True)

    async def show(self, layout: Layout) -> int | None:
        """Show `layout` in place of the response; before the acknowledgement, to the asker alone."""
        return await respond(self._interaction, layout)

    async def show_progress(self, layout: Layout) -> None:
        """Show `layout` until the answer comes; a network fault is logged, not raised."""
        await self._guard.attempt(respond(self._interaction, layout))


class MessageResponder:
    """Shows the answer in a reply to a message; nobody is pinged, and a refusal for want of permission ends it."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._reply: discord.Message | None = None
        self._guard = NetworkGuard("the progress of an answer", fatal=(discord.Forbidden,))

    @property
    def asker(self) -> int:
        """The user id of who asked."""
        return self._message.author.id

    @property
    def may_stay_silent(self) -> bool:
        """True: others read in the channel, and need not read every refusal."""
        return True

    async def acknowledge(self) -> None:
        """Show the typing indicator. Raises discord.Forbidden where the bot may not write."""
        guard = NetworkGuard("the typing indicator", fatal=(discord.Forbidden,), seconds=_TYPING_SECONDS)
        await guard.attempt(self._message.channel.typing())

    async def show(self, layout: Layout) -> int | None:
        """Reply with `layout`, or edit the reply that was sent before; return its id."""
        if self._reply is not None:
            await self._reply.edit(view=layout)
        else:
            self._reply = await reply_to(self._message, layout)
        return self._reply.id

    async def show_progress(self, layout: Layout) -> None:
        """Show `layout` until the answer comes; a network fault is logged, a want of permission raised."""
        await self._guard.attempt(self.show(layout))


async def reply_to(message: discord.Message, layout: Layout) -> discord.Message:
    """Reply to `message`, or send `layout` by itself where the bot may not read the history, or `message` is gone."""
    if permissions_in(message.channel).read_message_history:
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            return await message.channel.send(view=layout, reference=reference, mention_author=False)
        except discord.Forbidden as error:
            if not wants_no_reference(error):
                raise
    return await message.channel.send(view=layout)
