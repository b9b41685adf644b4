"""Metrics: what a decision is worth, and what two systems differ by."""

from __future__ import annotations

import math

import pytest

from index.evaluation.metrics import Outcome, Question, decide, difference, estimate_decisions, score


def outcome(fact: str, *, rank: int | None, confidence: float, answerable: bool = True) -> Outcome:
    question = Question("?", "en", "plain", fact, evidence=("words",) if answerable else ())
    return Outcome(question, rank, confidence >= 0.5, confidence, None, None)


OUTCOMES = [
    outcome("a", rank=1, confidence=0.9),
    outcome("a", rank=2, confidence=0.4),
    outcome("b", rank=1, confidence=0.8),
    outcome("c", rank=None, confidence=0.6, answerable=False),
    outcome("d", rank=None, confidence=0.1, answerable=False),
]


def test_decisions_count_answers_and_refusals() -> None:
    found = decide(OUTCOMES)
    assert (found.precision, found.recall, found.declined) == pytest.approx((2 / 3, 2 / 3, 1 / 2))
    assert found.accuracy == pytest.approx(7 / 12)
    assert found.auroc == pytest.approx(5 / 6)


def test_scores_hold_the_decisions() -> None:
    scores, found = score(OUTCOMES), decide(OUTCOMES)
    assert (scores.precision, scores.recall, scores.declined) == (found.precision, found.recall, found.declined)
    assert (scores.accuracy, scores.auroc) == (found.accuracy, found.auroc)


def test_an_interval_of_a_decision_holds_it_and_is_the_same_in_every_run() -> None:
    found = estimate_decisions(OUTCOMES)
    assert found == estimate_decisions(OUTCOMES)
    assert all(each.low <= each.value <= each.high for each in found.values())


def test_without_questions_to_decline_there_is_no_accuracy() -> None:
    found = estimate_decisions(OUTCOMES[:3])
    assert math.isnan(found["accuracy"].value)
    assert math.isnan(found["accuracy"].low)
    assert found["recall"].value == pytest.approx(2 / 3)


def test_a_system_differs_from_itself_by_nothing_for_certain() -> None:
    same = difference(OUTCOMES, OUTCOMES)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_a_difference_is_of_recall_at_1_among_the_answerable() -> None:
    worse = [outcome("a", rank=3, confidence=0.9), *OUTCOMES[1:]]
    assert difference(worse, OUTCOMES).value == pytest.approx(-1 / 3)
