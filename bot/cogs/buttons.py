"""Presses of buttons and menus: read from the `custom_id`, carried out by `bot.views`."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.presses import parse
from bot.telling import Interaction, Told
from bot.views import Views


class ButtonsCog(commands.Cog):
    """Hears every press, also on messages from before a restart."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @commands.Cog.listener("on_interaction")
    async def press(self, interaction: Interaction) -> None:
        """Carry out a press of one of ours."""
        if interaction.type is not discord.InteractionType.component or interaction.data is None:
            return
        press = parse(str(interaction.data.get("custom_id", "")))
        if press is not None:
            async with Told(interaction):
                await self._views.carry_out(press, interaction)
