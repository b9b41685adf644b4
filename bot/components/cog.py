"""Presses of buttons and menus: read from the `custom_id`, carried out by `bot.components.handlers`."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.components.handlers import ActionHandlers
from bot.discord_io.respond import Interaction, Told
from bot.rendering.custom_id import decode_action


class ComponentCog(commands.Cog):
    """Hears every action, also on messages from before a restart."""

    def __init__(self, views: ActionHandlers) -> None:
        self._views = views

    @commands.Cog.listener("on_interaction")
    async def action(self, interaction: Interaction) -> None:
        """Carry out a action of one of ours."""
        if interaction.type is not discord.InteractionType.component or interaction.data is None:
            return
        action = decode_action(str(interaction.data.get("custom_id", "")))
        if action is not None:
            async with Told(interaction):
                await self._views.carry_out(action, interaction)
