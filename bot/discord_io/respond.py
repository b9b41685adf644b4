"""Telling a person what went wrong: one line in their language, wherever they asked."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TypeAlias

import discord

from bot.discord_io.error_reply import explain, log_error, unwrap
from bot.errors import BotError
from bot.locales import language_for, language_of_locale, messages_in
from bot.rendering.layout import Layout, notice
from index import ChronicleError, Language

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[discord.Client]

_LANGUAGE = "language"


def speak(interaction: Interaction, language: Language) -> None:
    """Note the language in which `interaction` is answered, whatever happens to it."""
    interaction.extras[_LANGUAGE] = language


def language_of_interaction(interaction: Interaction) -> Language:
    """Give the language noted by `speak`, or that of the person's Discord client."""
    noted: Language | None = interaction.extras.get(_LANGUAGE)
    return noted or language_of_locale(interaction.locale)


async def answer(interaction: Interaction, layout: Layout) -> None:
    """Show `layout` to the person alone, as the first response or in the place of the one that is due."""
    if not interaction.response.is_done():
        await interaction.response.send_message(view=layout, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(view=layout)
    else:
        await interaction.followup.send(view=layout, ephemeral=True)


async def tell(interaction: Interaction, error: BaseException) -> None:
    """Log `error` in one line and tell the person; when even that fails, the log has to do."""
    error = unwrap(error)
    log_error(error, where=_name(interaction))
    messages = messages_in(language_of_interaction(interaction))
    try:
        await answer(interaction, notice(explain(error, messages)))
    except discord.HTTPException as failure:
        log.debug("could not tell: %s", failure)


async def tell_author(message: discord.Message, error: BaseException) -> None:
    """Log `error` in one line and tell the author of `message`, where the bot may write."""
    log_error(error, where="message")
    locale = message.guild.preferred_locale if message.guild else None
    messages = messages_in(language_for(message.content, locale))
    try:
        await message.reply(view=notice(explain(error, messages)), mention_author=False)
    except discord.HTTPException as failure:
        log.debug("could not tell: %s", failure)


class Told:
    """`async with Told(interaction)`: what is foreseen and goes wrong inside is told, not raised."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, BotError | ChronicleError):
            return False
        await tell(self._interaction, error)
        return True


def _name(interaction: Interaction) -> str:
    command = interaction.command
    return command.name if command is not None else "button"
