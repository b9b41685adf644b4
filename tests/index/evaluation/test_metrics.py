"""Metrics: decisions, intervals, differences, reliability and the ROC curve."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from index.evaluation.datasets.dataset import EvaluationQuestion
from index.evaluation.judgement import Judgement
from index.evaluation.metrics import (
    Estimate,
    auroc,
    decide,
    decide_at,
    decide_at_thresholds,
    estimate_decisions,
    expected_calibration_error,
    recall_difference,
    reliability,
    roc,
    score,
)


def judgement(fact: str, *, rank: int | None, confidence: float, answerable: bool = True) -> Judgement:
    question = EvaluationQuestion("?", "en", "plain", fact, evidence=("words",) if answerable else ())
    return Judgement(question, rank, confidence >= 0.5, confidence, None, None)


JUDGEMENTS = [
    judgement("a", rank=1, confidence=0.9),
    judgement("a", rank=2, confidence=0.4),
    judgement("b", rank=1, confidence=0.8),
    judgement("c", rank=None, confidence=0.6, answerable=False),
    judgement("d", rank=None, confidence=0.1, answerable=False),
]
CONFIDENCES = [0.05, 0.2, 0.45, 0.5, 0.8, 1.0]
ANSWERABLE = [False, False, True, False, True, True]


def test_decisions_count_answers_and_refusals() -> None:
    found = decide([True, False, True, True, False], [True, True, True, False, False])
    assert (found.precision, found.recall, found.declined) == pytest.approx((2 / 3, 2 / 3, 1 / 2))
    assert found.accuracy == pytest.approx(7 / 12)


def test_scores_hold_the_decisions_and_the_area_under_the_roc_curve() -> None:
    scores = score(JUDGEMENTS)
    assert (scores.precision, scores.recall, scores.declined) == pytest.approx((2 / 3, 2 / 3, 1 / 2))
    assert scores.accuracy == pytest.approx(7 / 12)
    assert scores.auroc == pytest.approx(5 / 6)


def test_an_interval_of_a_decision_holds_it_and_is_the_same_in_every_run() -> None:
    found = estimate_decisions(JUDGEMENTS)
    assert found == estimate_decisions(JUDGEMENTS)
    assert found.keys() == {"precision", "recall", "declined", "accuracy", "auroc"}
    assert all(each.low <= each.value <= each.high for each in found.values())


def test_without_questions_to_decline_there_is_no_accuracy() -> None:
    found = estimate_decisions(JUDGEMENTS[:3])
    assert math.isnan(found["accuracy"].value)
    assert math.isnan(found["accuracy"].low)
    assert found["recall"].value == pytest.approx(2 / 3)


def test_a_system_differs_from_itself_by_nothing() -> None:
    same = recall_difference(JUDGEMENTS, JUDGEMENTS)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_a_difference_is_of_recall_at_1_among_the_answerable() -> None:
    worse = [judgement("a", rank=3, confidence=0.9), *JUDGEMENTS[1:]]
    assert recall_difference(worse, JUDGEMENTS).value == pytest.approx(-1 / 3)


def test_an_estimate_is_printed_with_its_interval_and_what_is_not_counted_as_nothing() -> None:
    assert str(Estimate(0.9125, 0.87, 0.951)) == "0.912 (0.87–0.95)"
    assert str(Estimate(math.nan, math.nan, math.nan)) == ""


def test_reliability_counts_every_question_once_and_leaves_out_empty_tenths() -> None:
    bins = reliability(CONFIDENCES, ANSWERABLE)
    assert [each.count for each in bins] == [1, 1, 1, 1, 1, 1]
    assert [each.answerable for each in bins] == [0, 0, 1, 0, 1, 1]
    assert bins[-1].confidence == 1.0


def test_a_confidence_that_is_right_has_no_calibration_error() -> None:
    assert expected_calibration_error(reliability([0.5, 0.5], [True, False])) == 0
    assert expected_calibration_error(reliability([1.0, 1.0], [False, False])) == 1


def test_a_question_at_the_threshold_is_answered() -> None:
    found = decide_at(0.5, CONFIDENCES, ANSWERABLE)
    assert (found.precision, found.recall, found.declined) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.accuracy == pytest.approx(2 / 3)


def test_what_cannot_be_counted_is_no_number() -> None:
    assert math.isnan(decide_at(0.9, [0.1], [True]).precision)
    assert math.isnan(decide_at(0.9, [0.1], [True]).declined)


def test_thresholds_go_from_answering_everything_to_answering_what_is_certain() -> None:
    points = list(decide_at_thresholds(CONFIDENCES, ANSWERABLE).values())
    assert (points[0].recall, points[0].declined) == (1, 0)
    assert points[-1].recall == pytest.approx(1 / 3)
    assert [point.recall for point in points] == sorted((point.recall for point in points), reverse=True)


def test_the_area_below_the_roc_curve_is_the_area_under_roc() -> None:
    points = roc(CONFIDENCES, ANSWERABLE)
    area = sum((x - before) * (y + low) / 2 for (before, low), (x, y) in pairwise(points))
    assert area == pytest.approx(auroc(CONFIDENCES, ANSWERABLE))
    assert (points[0], points[-1]) == ((0, 0), (1, 1))


@pytest.mark.parametrize("kind", [True, False])
def test_there_is_no_roc_curve_of_one_kind(kind: bool) -> None:
    assert roc([0.1, 0.9], [kind, kind]) == ()
    assert math.isnan(auroc([0.1, 0.9], [kind, kind]))
