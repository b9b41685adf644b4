"""Responding to an interaction."""

from __future__ import annotations

from typing import TypeAlias

import aiohttp
import discord

from bot.rendering.layout import Layout

Interaction: TypeAlias = discord.Interaction[discord.Client]


async def respond(interaction: Interaction, layout: Layout) -> int | None:
    """Show `layout` to the person alone, or in place of the response that was acknowledged before.

    Return the id of the message in the latter case.
    """
    if not interaction.response.is_done():
        await interaction.response.send_message(view=layout, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        return await _edit(interaction, layout)
    else:
        await interaction.followup.send(view=layout, ephemeral=True)
    return None


async def _edit(interaction: Interaction, layout: Layout) -> int:
    """Edit the response, once more where the connection broke, and return its id: the same edit twice is one."""
    try:
        return (await interaction.edit_original_response(view=layout)).id
    except aiohttp.ClientConnectionError:
        return (await interaction.edit_original_response(view=layout)).id
