"""Which sentences of a hit are highlighted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quoting.highlights import (
    HIGHLIGHT_MARGIN,
    MAX_HIGHLIGHTS,
    THIRD_MARGIN,
    Selection,
    best_sentences,
)
from index.types import Hit

SCORES = st.lists(st.floats(-1, 1), min_size=1, max_size=6).map(tuple)


@given(SCORES)
def test_highlights_are_sentences_of_the_passage_in_order(scores: tuple[float, ...]) -> None:
    found = best_sentences(Hit(0, 1.0, scores))
    assert set(found) <= set(range(len(scores)))
    assert list(found) == sorted(set(found))


@given(SCORES)
def test_the_best_sentence_is_highlighted(scores: tuple[float, ...]) -> None:
    assert max(scores[number] for number in best_sentences(Hit(0, 1.0, scores))) == max(scores)


@given(SCORES)
def test_there_are_one_to_three_highlights(scores: tuple[float, ...]) -> None:
    assert 1 <= len(best_sentences(Hit(0, 1.0, scores))) <= MAX_HIGHLIGHTS == 3


def test_a_second_sentence_as_good_as_the_best_is_highlighted_too() -> None:
    assert best_sentences(Hit(0, 1.0, (0.5 - HIGHLIGHT_MARGIN / 2, 0.1, 0.5))) == (0, 2)


def test_a_second_sentence_that_is_worse_is_not() -> None:
    assert best_sentences(Hit(0, 1.0, (0.5 - HIGHLIGHT_MARGIN * 2, 0.1, 0.5))) == (2,)


@pytest.mark.parametrize(("share", "is_highlighted"), [(0.5, True), (2.0, False)])
def test_a_third_sentence_has_to_be_nearer_the_best_than_a_second(share: float, is_highlighted: bool) -> None:
    second, third = 0.5 - THIRD_MARGIN / 2, 0.5 - THIRD_MARGIN * share
    assert THIRD_MARGIN * 2 < HIGHLIGHT_MARGIN
    assert best_sentences(Hit(0, 1.0, (third, 0.5, 0.1, second))) == ((0, 1, 3) if is_highlighted else (1, 3))


def test_no_fourth_sentence_is_highlighted() -> None:
    assert len(best_sentences(Hit(0, 1.0, (0.5,) * 5))) == MAX_HIGHLIGHTS


def test_a_selection_keeps_the_passage_and_the_score_of_its_hit() -> None:
    assert Selection.of(Hit(7, 0.4, (0.1, 0.9))) == Selection(7, 0.4, (1,), best=1)
