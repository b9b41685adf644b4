"""What the bot says in each of its languages, and which language a reply takes."""

from __future__ import annotations

from typing import assert_never

import discord

from bot.locales.en import ENGLISH
from bot.locales.messages import Messages
from bot.locales.zh_hans import SIMPLIFIED
from bot.locales.zh_hant import TRADITIONAL
from index import Language, reader_language

__all__ = ["Messages", "language_for", "language_of_locale", "messages_in"]


def messages_in(language: Language) -> Messages:
    """Return the bot's messages in `language`."""
    match language:
        case "zh-Hant":
            return TRADITIONAL
        case "zh-Hans":
            return SIMPLIFIED
        case "en":
            return ENGLISH
        case _:
            assert_never(language)


def language_of_locale(locale: discord.Locale | None) -> Language:
    """Return the language of a Discord client, English unless it is zh-TW or zh-CN."""
    if locale is discord.Locale.taiwan_chinese:
        return "zh-Hant"
    if locale is discord.Locale.chinese:
        return "zh-Hans"
    return "en"


def language_for(question: str, locale: discord.Locale | None) -> Language:
    """Return the language of the reply to `question` for a client with `locale`."""
    return reader_language(question, preferred=language_of_locale(locale))
