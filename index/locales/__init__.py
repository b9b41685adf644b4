"""User-facing texts that every front end shares, in each reader language."""

from __future__ import annotations

from typing import assert_never

from index.locales.en import ENGLISH
from index.locales.messages import Messages
from index.locales.zh_hans import SIMPLIFIED
from index.locales.zh_hant import TRADITIONAL
from index.text.chinese import language_of
from index.types import Language

__all__ = ["Messages", "messages_in", "reader_language"]


def messages_in(language: Language) -> Messages:
    """Return the shared messages in `language`."""
    match language:
        case "zh-Hant":
            return TRADITIONAL
        case "zh-Hans":
            return SIMPLIFIED
        case "en":
            return ENGLISH
        case _:
            assert_never(language)


def reader_language(question: str, *, preferred: Language) -> Language:
    """Return the language to answer `question` in: its own, as far as its characters decide.

    A Chinese question that fits both scripts takes the preferred script, Traditional if that is English.
    A question without letters takes the `preferred` language of the reader's client or system.
    """
    spoken = language_of(question)
    if spoken is None:
        return "zh-Hant" if preferred == "en" else preferred
    if spoken == "en" and not any(character.isalpha() for character in question):
        return preferred
    return spoken
