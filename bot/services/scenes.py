"""The scene of a message or an interaction, as the conversation knows it."""

from __future__ import annotations

import discord

from bot.discord_io.respond import Interaction
from bot.services.conversation import Scene


def scene_of_message(message: discord.Message) -> Scene:
    """Return where `message` asks, and what it replies to; a forwarded message is no reply."""
    reference = message.reference
    is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
    return Scene(
        message.channel.id,
        in_thread=isinstance(message.channel, discord.Thread),
        replied_to=reference.message_id if reference is not None and is_reply else None,
    )


def scene_of_interaction(interaction: Interaction, *, private: bool) -> Scene | None:
    """Return where `interaction` asks; in a direct message nothing is private from the person."""
    if interaction.channel_id is None:
        return None
    in_thread = isinstance(interaction.channel, discord.Thread)
    return Scene(interaction.channel_id, in_thread, is_private=private and interaction.guild_id is not None)
