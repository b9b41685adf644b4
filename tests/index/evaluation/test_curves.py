"""Curves: reliability, thresholds, ROC."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from index.evaluation.curves import at_threshold, calibration_error, over_thresholds, reliability, roc
from index.evaluation.metrics import area_under_roc

SURE = [0.05, 0.2, 0.45, 0.5, 0.8, 1.0]
IS_SO = [False, False, True, False, True, True]


def test_tenths_count_every_question_once_and_leave_out_what_does_not_occur() -> None:
    tenths = reliability(SURE, IS_SO)
    assert [tenth.count for tenth in tenths] == [1, 1, 1, 1, 1, 1]
    assert [tenth.answerable for tenth in tenths] == [0, 0, 1, 0, 1, 1]
    assert tenths[-1].confidence == 1.0


def test_a_confidence_that_is_right_has_no_calibration_error() -> None:
    assert calibration_error(reliability([0.5, 0.5], [True, False])) == 0
    assert calibration_error(reliability([1.0, 1.0], [False, False])) == 1


def test_a_question_at_the_threshold_is_answered() -> None:
    point = at_threshold(SURE, IS_SO, 0.5)
    assert (point.precision, point.recall, point.declined) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert point.accuracy == pytest.approx(2 / 3)


def test_what_cannot_be_counted_is_no_number() -> None:
    assert math.isnan(at_threshold([0.1], [True], 0.9).precision)
    assert math.isnan(at_threshold([0.1], [True], 0.9).declined)


def test_thresholds_go_from_answering_everything_to_answering_what_is_certain() -> None:
    points = over_thresholds(SURE, IS_SO)
    assert (points[0].recall, points[0].declined) == (1, 0)
    assert points[-1].recall == pytest.approx(1 / 3)
    assert [point.recall for point in points] == sorted((point.recall for point in points), reverse=True)


def test_the_area_below_the_roc_curve_is_the_area_under_roc() -> None:
    points = roc(SURE, IS_SO)
    area = sum((x - before) * (y + low) / 2 for (before, low), (x, y) in pairwise(points))
    known = [sure for sure, is_so in zip(SURE, IS_SO, strict=True) if is_so]
    unknown = [sure for sure, is_so in zip(SURE, IS_SO, strict=True) if not is_so]
    assert area == pytest.approx(area_under_roc(known, unknown))
    assert (points[0], points[-1]) == ((0, 0), (1, 1))


@pytest.mark.parametrize("kind", [True, False])
def test_there_is_no_roc_curve_of_one_kind(kind: bool) -> None:
    assert roc([0.1, 0.9], [kind, kind]) == ()
