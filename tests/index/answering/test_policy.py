"""Which confidence has which outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.calibration import Thresholds
from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.settings import Settings
from index.types import Outcome

CALIBRATED = Thresholds(answer=0.6, unsure=0.3)


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [
        (1.0, Outcome.ANSWERED),
        (0.6, Outcome.ANSWERED),
        (0.59, Outcome.UNSURE),
        (0.3, Outcome.UNSURE),
        (0.29, Outcome.DECLINED),
        (0.0, Outcome.DECLINED),
    ],
)
def test_between_the_thresholds_the_outcome_is_unsure(confidence: float, outcome: Outcome) -> None:
    assert DEFAULT_POLICY.outcome(confidence, CALIBRATED) is outcome
    assert AnswerPolicy(0.6, unsure_threshold=0.3).outcome(confidence, Thresholds(0.9, 0.8)) is outcome


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_threshold_of_answering_below_that_of_being_unsure_leaves_nothing_unsure(
    confidence: float, threshold: float
) -> None:
    policy = AnswerPolicy(threshold, unsure_threshold=1.0)
    assert (policy.outcome(confidence, CALIBRATED) is Outcome.ANSWERED) == (confidence >= threshold)


def test_by_default_the_settings_leave_the_thresholds_to_the_calibration() -> None:
    assert AnswerPolicy.of(Settings()).thresholds(CALIBRATED) == CALIBRATED


def test_the_settings_win_over_the_calibration() -> None:
    policy = AnswerPolicy.of(Settings(threshold=0.8, unsure_threshold=0.4))
    assert policy.thresholds(CALIBRATED) == Thresholds(answer=0.8, unsure=0.4)
