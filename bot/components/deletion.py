"""Deleting an answer, which only the person who asked may do."""

from __future__ import annotations

from contextlib import suppress

import discord

from bot.discord_io.respond import Interaction
from bot.errors import NotAskerError
from bot.rendering.custom_id import DeleteAnswer, ShowContext


async def delete_answer(action: DeleteAnswer, interaction: Interaction) -> None:
    """Delete the answer, then the message with the button; one that is gone already is none to complain about."""
    if interaction.user.id != action.asker or interaction.channel_id is None:
        raise NotAskerError
    await interaction.response.defer()
    channel = interaction.client.get_partial_messageable(interaction.channel_id)
    with suppress(discord.NotFound):
        await channel.get_partial_message(action.message).delete()
    await interaction.delete_original_response()


def deletion_offered(action: ShowContext, interaction: Interaction) -> DeleteAnswer | None:
    """Return what deletes the answer under which a person clicked, if it is theirs and the bot can.

    A message that only they see they dismiss themselves. Where only they have installed the app, the bot is no member
    and may delete nothing.
    """
    answer = interaction.message
    guild = interaction.guild_id
    is_member = (
        interaction.context.dm_channel if guild is None else interaction.client.get_guild(guild) is not None
    )
    if answer is None or answer.flags.ephemeral or not is_member or interaction.user.id != action.asker:
        return None
    return DeleteAnswer(action.asker, answer.id, action.language)
