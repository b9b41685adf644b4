"""The scene of a message or an interaction, as the conversation knows it."""

from __future__ import annotations

import discord

from bot.discord_io.respond import Interaction
from bot.services.conversation import Scene


def scene_of_message(message: discord.Message) -> Scene:
    """Return where `message` asks, and what it replies to."""
    in_thread = isinstance(message.channel, discord.Thread)
    return Scene(message.channel.id, in_thread, replied_to=_replied_to(message))


def scene_of_interaction(
    interaction: Interaction, *, private: bool, about: discord.Message | None = None
) -> Scene | None:
    """Return where `interaction` asks, `about` a message of another; a direct message keeps nothing from its person."""
    if interaction.channel_id is None:
        return None
    return Scene(
        interaction.channel_id,
        in_thread=isinstance(interaction.channel, discord.Thread),
        is_private=private and interaction.guild_id is not None,
        replied_to=None if about is None else _replied_to(about),
    )


def original_of(message: discord.Message) -> int:
    """Return the id of the message that `message` forwards, or its own."""
    reference = message.reference
    is_forward = reference is not None and reference.type is discord.MessageReferenceType.forward
    forwarded = reference.message_id if reference is not None and is_forward else None
    return forwarded or message.id


def _replied_to(message: discord.Message) -> int | None:
    """Return the id of the message that `message` replies to; one that is forwarded is no reply."""
    reference = message.reference
    is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
    return reference.message_id if reference is not None and is_reply else None
