"""The listener for clicks and choices, which are read from the `custom_id`."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.components.handlers import ActionHandlers
from bot.discord_io.error_reply import reply_error
from bot.discord_io.respond import Interaction
from bot.errors import BotError, OutdatedError
from bot.rendering.custom_id import decode_action, language_in
from index import ChronicleError


class ComponentCog(commands.Cog):
    """Handles the components of every message, also of those from before a restart."""

    def __init__(self, handlers: ActionHandlers) -> None:
        self._handlers = handlers

    @commands.Cog.listener("on_interaction")
    async def handle_component(self, interaction: Interaction) -> None:
        """Handle the action of a component; foreseeable errors are described to the person, not raised.

        Every component of the bot has a `custom_id` of `encode_action`, so any other is of an earlier version.
        """
        if interaction.type is not discord.InteractionType.component or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        action = decode_action(custom_id)
        try:
            if action is None:
                raise OutdatedError
            await self._handlers.handle(action, interaction)
        except (BotError, ChronicleError) as error:
            await reply_error(interaction, error, language=language_in(custom_id))
