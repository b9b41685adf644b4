"""Which quotes are the items of a list."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest

from index.answering.quoting.items import LEAST_SURE, list_items
from index.types import Quote, Span
from tests.bot.world import library, quotes_of


def quotes(*confidences: float) -> list[Quote]:
    return [
        replace(quote, confidence=each) for quote, each in zip(quotes_of(library()), confidences, strict=False)
    ]


def test_a_further_quote_is_an_item_where_its_own_confidence_says_that_it_answers() -> None:
    found = list_items(quotes(0.8, 0.8 * LEAST_SURE, 0.8 * LEAST_SURE - 0.01))

    assert [quote.confidence for quote in found] == [0.8, 0.8 * LEAST_SURE]


def test_an_item_is_its_best_sentence_alone() -> None:
    first, second = quotes(0.8, 0.8)
    best = Span(first.start + 2, first.start + 4)
    found = list_items([replace(first, best=best), second])

    assert [item.highlights for item in found] == [(best,), second.highlights]


def test_one_that_answers_is_no_list() -> None:
    assert len(list_items(quotes(0.8, 0.1))) == 1
    assert len(list_items(quotes(0.0, 0.0))) == 1
    assert list_items([]) == ()


@pytest.mark.parametrize(("length", "is_alone"), [(60, False), (61, True)])
def test_of_two_sentences_that_are_long_together_the_best_is_shown_alone(length: int, is_alone: bool) -> None:
    (quote,) = quotes(0.8)
    both = (Span(0, length), Span(length, 2 * length))
    long = replace(quote, start=0, end=2 * length, text="字" * 2 * length, highlights=both, best=both[1])

    assert list_items([long])[0].highlights == (both[1:] if is_alone else both)


@pytest.mark.parametrize(
    ("lengths", "best", "shown"),
    [
        ((40, 40, 40), 1, (0, 1, 2)),
        ((40, 40, 80), 0, (0, 1)),
        ((80, 80, 40), 2, (1, 2)),
        ((121, 10, 10), 0, (0,)),
    ],
)
def test_beside_the_best_sentence_the_nearest_are_shown_as_far_as_they_are_short_together(
    lengths: tuple[int, ...], best: int, shown: tuple[int, ...]
) -> None:
    (quote,) = quotes(0.8)
    ends = list(accumulate(lengths, initial=0))
    marked = tuple(Span(start, end) for start, end in pairwise(ends))
    long = replace(quote, start=0, end=ends[-1], text="字" * ends[-1], highlights=marked, best=marked[best])

    assert list_items([long])[0].highlights == tuple(marked[number] for number in shown)
