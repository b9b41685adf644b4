"""Which confidence has which outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.settings import Settings
from index.types import Outcome


@given(st.floats(0, 1))
def test_by_default_a_question_is_answered_or_declined(confidence: float) -> None:
    assert DEFAULT_POLICY.outcome(confidence) in {Outcome.ANSWERED, Outcome.DECLINED}


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
    assert AnswerPolicy(0.6, unsure_threshold=0.3).outcome(confidence) is outcome


def test_the_default_threshold_is_that_of_the_settings() -> None:
    assert DEFAULT_POLICY.threshold == Settings.model_fields["threshold"].default
