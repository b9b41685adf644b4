"""What the bot says, in each of its languages, and which language to speak."""

from __future__ import annotations

from typing import assert_never

import discord

from bot.locales.en import ENGLISH
from bot.locales.messages import Messages
from bot.locales.zh_hans import SIMPLIFIED
from bot.locales.zh_hant import TRADITIONAL
from index import Language, language_of

__all__ = ["Messages", "language_for", "language_of_locale", "messages_in"]


def messages_in(language: Language) -> Messages:
    """Give the interface messages of `language`."""
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
    """Give the language of a Discord client: it knows zh-TW and zh-CN, everything else reads English."""
    if locale is discord.Locale.taiwan_chinese:
        return "zh-Hant"
    if locale is discord.Locale.chinese:
        return "zh-Hans"
    return "en"


def language_for(question: str, locale: discord.Locale | None) -> Language:
    """Choose the language of a reply: the question's script, or the locale's where both scripts agree."""
    spoken = language_of(question)
    preferred = language_of_locale(locale)
    if spoken is None:
        return "zh-Hant" if preferred == "en" else preferred
    if spoken == "en" and not any(character.isalpha() for character in question):
        return preferred
    return spoken
