"""How sure an answer is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.calibration import (
    FITS,
    Calibration,
    Features,
    Thresholds,
    Weights,
    features_of,
    read_calibration,
    write_calibration,
)
from index.answering.confidence.calibration_choice import BUNDLED
from index.errors import StoreError

SHIPPED = read_calibration(BUNDLED)
NOTHING = Features(*[0.0] * 16)
UNREAD = Features(*[0.0] * 8)
KINDS = [
    replace(NOTHING, unanswerable=0.0, answerability=0.0),
    replace(NOTHING, unanswerable=0.0),
    NOTHING,
    UNREAD,
]
THRESHOLDS = Thresholds(answer=0.5, unsure=0.2)


def weights(fit: str, **given: float) -> Weights:
    every = dict.fromkeys(sorted(features_of(fit)), 0.0)
    return Weights({**every, **given}, every, dict.fromkeys(every, 1.0), 0.0, {"own": 2})


def calibration(**given: float) -> Calibration:
    return Calibration("model-1", THRESHOLDS, {fit: weights(fit, **given) for fit in FITS})


@given(
    st.builds(
        Features,
        *[st.floats(-100, 100)] * 16,
        unanswerable=st.none() | st.floats(-1, 1),
        answerability=st.none() | st.floats(-2, 2),
    ).filter(lambda features: features.answerability is None or features.unanswerable is not None)
)
def test_confidence_is_a_probability(features: Features) -> None:
    assert 0 < SHIPPED.probability(features) < 1


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_without_any_signal_it_is_even(features: Features) -> None:
    assert calibration().probability(features) == 0.5


def test_a_signal_with_weight_raises_it() -> None:
    assert calibration(max_sim=2.0).probability(replace(NOTHING, max_sim=1.0)) == pytest.approx(0.8808, abs=1e-4)


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_what_is_known_of_the_question_decides_its_weights(features: Features) -> None:
    fits = {fit: weights(fit, max_sim=2.0 if fit == "unanswerable" else 0.0) for fit in FITS}
    expected = 0.8808 if features.fit == "unanswerable" else 0.5
    found = Calibration("model-1", THRESHOLDS, fits).probability(replace(features, max_sim=1.0))
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_a_fit_is_of_the_features_that_are_known(features: Features) -> None:
    assert set(features.values()) == features_of(features.fit) == set(SHIPPED.fits[features.fit].weights)


def test_there_is_a_fit_for_each_kind_of_signals() -> None:
    assert {features.fit for features in KINDS} == set(FITS)


def test_a_question_like_the_unanswerable_ones_has_a_lower_confidence() -> None:
    assert SHIPPED.fits["answerability"].weights["answerability"] > 0
    assert SHIPPED.fits["answerability"].weights["unanswerable"] < 0
    assert SHIPPED.fits["unanswerable"].weights["unanswerable"] < 0


def test_the_language_alone_decides_nothing() -> None:
    assert not any("chinese" in name or "english" in name for fit in FITS for name in features_of(fit))


def test_a_calibration_that_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    write_calibration(calibration(lead=0.25), path)
    assert read_calibration(path) == calibration(lead=0.25)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_two_calibrations_with_other_numbers_have_other_digests() -> None:
    assert calibration().digest == calibration().digest != calibration(lead=1.0).digest


WHOLE = json.loads(BUNDLED.read_bytes())
DAMAGED = {
    "empty": "",
    "cut off": "{",
    "a list": "[]",
    "deeply nested": "[" * 100_000,
    "of an earlier program": json.dumps({"plain": WHOLE["fits"]["plain"]}),
    "a fit missing": json.dumps({**WHOLE, "fits": {"plain": WHOLE["fits"]["plain"]}}),
    "a feature missing": json.dumps(WHOLE).replace('"lead"', '"leads"'),
    "thresholds in disorder": json.dumps({**WHOLE, "thresholds": {"answer": 0.2, "unsure": 0.5}}),
    "a threshold above 1": json.dumps({**WHOLE, "thresholds": {"answer": 2, "unsure": 0.5}}),
    "not a number": json.dumps(
        {**WHOLE, "fits": {**WHOLE["fits"], "plain": {**WHOLE["fits"]["plain"], "intercept": float("nan")}}}
    ),
    "a scale of zero": json.dumps(
        {
            **WHOLE,
            "fits": {
                **WHOLE["fits"],
                "plain": {
                    **WHOLE["fits"]["plain"],
                    "scales": dict.fromkeys(WHOLE["fits"]["plain"]["scales"], 0.0),
                },
            },
        }
    ),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_calibration_is_one_line_with_the_remedy(content: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(StoreError, match=r"^[^\n]*calibration.json[^\n]*run `python -m index calibrate`$"):
        read_calibration(tmp_path / "calibration.json")
