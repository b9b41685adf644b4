"""The confidence of each passage, and which passages an answer leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.passage_confidence import add_confidence, drop_unlikely, likelihood_of_further
from index.types import Quote, Span

DROPS = st.floats(0, 1e6)


def quote(score: float) -> Quote:
    """Return a quote of that score."""
    return Quote(
        document="a.md",
        title="A",
        language="en",
        provenance={},
        section=None,
        start=0,
        end=1,
        start_line=1,
        end_line=1,
        text="a",
        highlights=(Span(0, 1),),
        score=score,
        sha256="",
    )


def test_the_first_passage_has_the_confidence_of_the_answer_and_shares_it_with_what_says_the_same() -> None:
    (first,) = add_confidence([replace(quote(3.0), also=(quote(3.0),))], 0.9)
    assert (first.confidence, first.also[0].confidence) == (0.9, 0.9)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=8), st.floats(0, 1))
def test_confidence_falls_with_the_score_and_never_exceeds_the_first(scores: list[float], first: float) -> None:
    confidences = [
        each.confidence for each in add_confidence([quote(score) for score in sorted(scores, reverse=True)], first)
    ]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= each <= first for each in confidences)


@given(DROPS, DROPS)
def test_a_passage_further_below_is_no_likelier(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= likelihood_of_further(high) <= likelihood_of_further(low) < 1


def shown(scores: Iterable[float]) -> list[float]:
    return list(drop_unlikely(scores, lambda score: score))


def test_passages_close_behind_the_first_are_shown_and_those_far_behind_are_not() -> None:
    assert shown([3.0, 2.8, 2.0, 0.5, -1.0]) == [3.0, 2.8, 2.0]


def test_what_stands_behind_an_unlikely_passage_is_not_asked_for() -> None:
    remaining = iter([3.0, 0.5, 0.4])
    assert shown(remaining) == [3.0]
    assert list(remaining) == [0.4]


def test_the_first_is_shown_whatever_its_score() -> None:
    assert shown([-9.0]) == [-9.0]


def test_nothing_stays_nothing() -> None:
    assert add_confidence([], 0.5) == ()
    assert shown([]) == []
