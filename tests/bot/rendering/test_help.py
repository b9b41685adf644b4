"""Help and the greeting say what the bot is for, what a language model drafted, and what is stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.components import walk_components

from bot.locales import messages_in
from bot.rendering.custom_id import AskStarter, encode_action, question_tag
from bot.rendering.help import Retention, greeting_layout, help_layout
from index import LANGUAGES, Language
from tests.bot.payloads import check, components_of, contents
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import messages as any_text
from tests.conftest import examples

KEPT = Retention(90, keeps_questions=True)
ANY = settings(max_examples=examples(10), suppress_health_check=LENIENT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keeps", [True, False])
def test_help_says_what_is_stored(language: Language, keeps: bool) -> None:
    layout = help_layout(retention=Retention(30, keeps), about="", starters=(), language=language)
    messages = messages_in(language)

    check(layout)
    stored = messages.stored_questions if keeps else messages.stored_counts
    assert contents(layout)[-1].endswith(stored.format(days=30))
    assert "/forget" in stored


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_what_a_language_model_drafted_beforehand(language: Language) -> None:
    texts = contents(help_layout(retention=KEPT, about="", starters=(), language=language))

    assert any(messages_in(language).note_model in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_has_questions_to_press(language: Language) -> None:
    starters = ("Who left?", "When?", "Why?", "How many?")
    layout = help_layout(retention=KEPT, about="", starters=starters, language=language)

    check(layout)
    pressed = [item["custom_id"] for item in walk_components(components_of(layout)) if item.get("type") == 2]
    assert pressed == [encode_action(AskStarter(language, question_tag(each))) for each in starters[:3]]


ABOUT: tuple[tuple[Language, str], ...] = (
    ("zh-Hant", "**文件主題**：lions"),
    ("zh-Hans", "**文档主题**：lions"),
    ("en", "**Topic**: lions"),
)


@pytest.mark.parametrize(("language", "line"), ABOUT)
def test_help_and_a_greeting_say_what_the_documents_are_about(language: Language, line: str) -> None:
    for layout in (
        help_layout(retention=KEPT, about="lions", starters=(), language=language),
        greeting_layout(about="lions", language=language),
    ):
        check(layout)
        assert line in contents(layout)[0].split("\n")


@pytest.mark.parametrize(("language", "line"), ABOUT)
@pytest.mark.parametrize("about", ["", " "])
def test_help_and_a_greeting_leave_out_what_the_documents_do_not_say(
    language: Language, line: str, about: str
) -> None:
    label = line.removesuffix("lions")

    assert label not in contents(help_layout(retention=KEPT, about=about, starters=(), language=language))[0]
    assert contents(greeting_layout(about=about, language=language)) == [messages_in(language).ask_me]


@ANY
@given(any_text(max_size=4000), st.sampled_from(LANGUAGES))
def test_what_the_documents_are_about_is_one_harmless_line(about: str, language: Language) -> None:
    check(help_layout(retention=KEPT, about=about, starters=(), language=language))
    layout = greeting_layout(about=about, language=language)
    check(layout)
    assert contents(layout)[0].count("\n") <= 1
