"""Answers of any shape are one valid message that pings nobody and acts on nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import Asked, answer_card, more_card
from index import LANGUAGES, Answer, Language
from tests.bot.payloads import check, components_of, contents
from tests.bot.strategies import answers, random_answer
from tests.bot.world import library, quotes_of

LENIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def asked(language: Language = "en", *, record: int | None = 2**40) -> Asked:
    return Asked(record=record, asker=2**63, language=language, version="v")


def answer(**changes: object) -> Answer:
    given = Answer(
        question="How many?",
        answered=True,
        confidence=0.9,
        quotes=quotes_of(library()),
        nearest=(),
        elapsed_ms=1.0,
        version="v",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=LENIENT)
@given(answers(), st.sampled_from(LANGUAGES), st.none() | st.integers(1, 2**40))
def test_an_answer_of_any_shape_is_a_valid_message(given: Answer, language: Language, record: int | None) -> None:
    check(answer_card(given, asked=asked(language, record=record)))


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_hundreds_of_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 100):
        check(answer_card(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(0, 10_000, 1_000))
def test_ten_thousand_random_answers_are_valid_messages(start: int) -> None:
    for seed in range(start, start + 1_000):
        check(answer_card(random_answer(seed), asked=asked(LANGUAGES[seed % 3])))


@settings(max_examples=20, deadline=None, suppress_health_check=LENIENT)
@given(answers(), st.integers(0, 12))
def test_further_quotes_of_any_shape_are_a_valid_message(given: Answer, offset: int) -> None:
    quotes = given.quotes or given.nearest
    if offset < len(quotes):
        check(more_card(quotes, asked=asked(), offset=offset))


def test_a_quote_that_fits_is_whole() -> None:
    given = answer()

    text = "\n".join(contents(answer_card(given, asked=asked())))
    assert given.quotes[0].text in text.replace("**", "")


def test_a_quote_too_long_for_a_message_is_cut_at_a_sentences_end_and_marked() -> None:
    sentence = "這是一個句子，講述一件事情。"
    long = replace(quotes_of(library())[0], text=sentence * 500, start=0, end=len(sentence) * 500, highlights=())
    card = answer_card(answer(quotes=(long,)), asked=asked("zh-Hant"))

    quote = contents(card)[1]
    kept = quote.split("\n")[0].removeprefix("> ")
    assert kept == sentence * (len(kept) // len(sentence))
    assert "\\[…\\]" in quote
    assert "（節錄）" in contents(card)[2]


def test_later_quotes_are_never_cut_but_left_for_the_next_card() -> None:
    long = tuple(
        replace(quote, text="句子。" * 900, start=0, end=2700, highlights=(), also=())
        for quote in quotes_of(library())[:3]
    )
    card = answer_card(answer(quotes=long), asked=asked())

    assert sum("句子" in text for text in contents(card)) == 1
    assert any("More quotes (2)" in str(item) for item in components_of(card))


def test_without_a_record_there_is_nothing_to_vote_on() -> None:
    card = answer_card(answer(), asked=asked(record=None))

    assert "Helpful" not in str(components_of(card))
    assert "Delete" in str(components_of(card))


def test_english_quotes_have_no_other_script() -> None:
    english = replace(quotes_of(library())[0], language="en", also=())
    card = answer_card(answer(quotes=(english,)), asked=asked())

    assert "Chinese" not in str(components_of(card))


def test_an_answer_without_anything_near_says_only_that() -> None:
    card = answer_card(answer(answered=False, quotes=()), asked=asked())

    assert contents(card) == ["### How many?\nThe documents don’t answer this."]
