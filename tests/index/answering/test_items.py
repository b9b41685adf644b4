"""Which quotes are shown at once."""

from __future__ import annotations

from dataclasses import replace

from index.answering.items import LEAST_SURE, list_items
from index.types import Answer, Outcome
from tests.bot.world import library, quotes_of


def answer(*confidences: float) -> Answer:
    quotes = tuple(
        replace(quote, confidence=each) for quote, each in zip(quotes_of(library()), confidences, strict=False)
    )
    return Answer("Who?", Outcome.ANSWERED, 0.9, quotes, (), elapsed_ms=1.0, version="1")


def test_a_further_quote_is_shown_where_its_own_confidence_says_that_it_answers() -> None:
    found = list_items(answer(0.8, 0.8 * LEAST_SURE, 0.8 * LEAST_SURE - 0.01))

    assert [quote.confidence for quote in found] == [0.8, 0.8 * LEAST_SURE]


def test_quotes_of_unknown_confidence_are_no_list() -> None:
    assert len(list_items(answer(0.0, 0.0))) == 1


def test_without_an_answer_there_are_none() -> None:
    given = answer()

    assert list_items(replace(given, outcome=Outcome.DECLINED, nearest=quotes_of(library()))) == ()
