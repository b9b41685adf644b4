"""The language of a reply, derived from the request alone."""

from __future__ import annotations

from typing import Any, cast

import discord

from bot.discord_io.message_text import said_in_message
from bot.discord_io.respond import Interaction
from bot.locales import language_for, language_of_locale
from index import Language


def language_of_interaction(interaction: Interaction) -> Language:
    """Return the language of the question in `interaction`, or of the person's Discord client without one."""
    question = _question_in(interaction)
    return language_for(question, interaction.locale) if question else language_of_locale(interaction.locale)


def language_of_message(message: discord.Message) -> Language:
    """Return the language of the text of `message`, or of its server where the text tells none."""
    text = said_in_message(message, me=None).text
    return language_for(text, message.guild.preferred_locale if message.guild else None)


def _question_in(interaction: Interaction) -> str:
    """Return the option `question` of a slash command, or the text of a message menu's message; else nothing."""
    if interaction.type is not discord.InteractionType.application_command:
        return ""
    data = cast(dict[str, Any], interaction.data or {})
    options = [option["value"] for option in data.get("options", ()) if option.get("name") == "question"]
    messages = data.get("resolved", {}).get("messages", {}).values()
    return str(next(iter((*options, *(message["content"] for message in messages))), ""))
