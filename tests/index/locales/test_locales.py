"""The shared messages: complete in each language, native wording, and the language of a reply."""

from __future__ import annotations

import re
from dataclasses import fields
from string import Formatter

import pytest

from index.locales import Messages, messages_in, reader_language
from index.types import LANGUAGES, Language

NAMES = [field.name for field in fields(Messages)]


def text(name: str, language: Language) -> str:
    return str(getattr(messages_in(language), name))


@pytest.mark.parametrize("name", NAMES)
def test_every_message_has_the_same_fields_in_each_language(name: str) -> None:
    blanks = [
        sorted(blank for _, blank, _, _ in Formatter().parse(text(name, language)) if blank)
        for language in LANGUAGES
    ]
    assert blanks[0] == blanks[1] == blanks[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_shared_message_holds_markup_or_is_empty(name: str, language: Language) -> None:
    assert text(name, language).strip()
    assert not re.search(r"[*_`#>\[\]]", text(name, language))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_messages_use_full_width_punctuation(name: str, language: Language) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,.:;!?()=]|[,:;!?=][\u4e00-\u9fff]", text(name, language))


@pytest.mark.parametrize(
    ("reader", "document", "name"),
    [("en", "zh-Hant", "Traditional Chinese"), ("zh-Hans", "en", "英文"), ("zh-Hant", "zh-Hans", "簡體中文")],
)
def test_each_language_names_the_others(reader: Language, document: Language, name: str) -> None:
    assert messages_in(reader).language_name(document) == name


@pytest.mark.parametrize("preferred", LANGUAGES)
@pytest.mark.parametrize(
    ("question", "expected"), [("團隊還剩多少人", "zh-Hant"), ("团队还剩多少人", "zh-Hans"), ("Who left?", "en")]
)
def test_a_reader_is_answered_in_the_language_of_the_question(
    question: str, expected: Language, preferred: Language
) -> None:
    assert reader_language(question, preferred=preferred) == expected


@pytest.mark.parametrize(
    ("preferred", "expected"), [("zh-Hans", "zh-Hans"), ("zh-Hant", "zh-Hant"), ("en", "zh-Hant")]
)
def test_a_question_that_fits_both_scripts_takes_the_preferred_one(
    preferred: Language, expected: Language
) -> None:
    assert reader_language("一", preferred=preferred) == expected


@pytest.mark.parametrize("preferred", LANGUAGES)
def test_a_question_without_letters_takes_the_preferred_language(preferred: Language) -> None:
    assert reader_language("???", preferred=preferred) == preferred
