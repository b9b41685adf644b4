"""The front desk's card: one or two lines, the commands that help, and questions to press."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rendering.front_desk import CommandMentions, FrontDeskMessage, front_desk_layout
from bot.rendering.layout import Layout
from index import LANGUAGES, FrontDeskIntent, Language, Library
from index.corpus.loader import read_documents
from tests.bot.payloads import check, contents, labels
from tests.bot.screen import NARROW, WIDE, line_count
from tests.conftest import DOCUMENTS

KNOWN = CommandMentions({"ask": 11, "sources": 12, "read": 13, "help": 14})
UNKNOWN = CommandMentions()


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the documents of the project."""
    return read_documents(DOCUMENTS)


def card(
    library: Library, intent: FrontDeskIntent, language: Language, commands: CommandMentions = UNKNOWN
) -> Layout:
    message = FrontDeskMessage("hi <@1> **there**", intent, language)
    starters = library.starters.get(language, ())
    return front_desk_layout(message, library, commands=commands, starters=starters)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", FrontDeskIntent)
def test_a_reply_is_small(library: Library, intent: FrontDeskIntent, language: Language) -> None:
    layout = card(library, intent, language)
    check(layout)
    assert labels(layout) == list(library.starters[language][:3])
    assert line_count(layout, WIDE) <= 10
    assert line_count(layout, NARROW) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_can_be_pressed_once_their_ids_are_known(library: Library, language: Language) -> None:
    (text,) = contents(card(library, FrontDeskIntent.ABILITIES, language, KNOWN))
    for mention in ("</ask:11>", "</sources:12>", "</read:13>", "</help:14>"):
        assert mention in text


def test_commands_are_named_until_then(library: Library) -> None:
    (text,) = contents(card(library, FrontDeskIntent.ABILITIES, "en", CommandMentions({"ask": 11})))
    assert "</ask:11>" in text
    assert "`/read`" in text


def test_thanks_name_no_commands(library: Library) -> None:
    (text,) = contents(card(library, FrontDeskIntent.THANKS, "en", KNOWN))
    assert "</" not in text


def test_nothing_in_a_title_or_a_message_acts(library: Library) -> None:
    first = replace(library.documents[0], short_title="**@everyone** <#1> https://evil.example")
    hostile = replace(library, documents=(first, *library.documents[1:]), about={})
    for intent in (FrontDeskIntent.ABOUT, FrontDeskIntent.RELIABILITY, FrontDeskIntent.SUMMARY):
        check(card(hostile, intent, "en"))


def test_a_library_without_starters_has_no_buttons(library: Library) -> None:
    assert labels(card(replace(library, starters={}), FrontDeskIntent.GREETING, "en")) == []
