"""Where answers go: an interaction's response, or a reply to a message."""

from __future__ import annotations

import logging

import discord

from bot.discord_io.respond import Interaction, answer
from bot.rendering.layout import Layout

log = logging.getLogger(__name__)


class InteractionResponder:
    """A command's response; refusals before the acknowledgement reach the asker alone."""

    def __init__(self, interaction: Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private

    @property
    def asker(self) -> int:
        """Give who asked."""
        return self._interaction.user.id

    async def acknowledge(self) -> None:
        """Show that the bot is thinking; whether others see the answer is settled here."""
        await self._interaction.response.defer(ephemeral=self._private, thinking=True)

    async def show(self, layout: Layout) -> None:
        """Show `layout` in the place of the response."""
        await answer(self._interaction, layout)


class ReplyResponder:
    """A reply to a message; a second layout takes the place of the first."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._reply: discord.Message | None = None

    @property
    def asker(self) -> int:
        """Give who asked."""
        return self._message.author.id

    async def acknowledge(self) -> None:
        """Show the typing indicator, where the bot may."""
        try:
            await self._message.channel.typing()
        except discord.HTTPException as error:
            log.debug("no typing indicator: %s", error)

    async def show(self, layout: Layout) -> None:
        """Reply with `layout`, or put it in the place of the reply there is; nobody is pinged."""
        if self._reply is not None:
            await self._reply.edit(view=layout)
            return
        reference = self._message.to_reference(fail_if_not_exists=False)
        self._reply = await self._message.channel.send(view=layout, reference=reference, mention_author=False)
