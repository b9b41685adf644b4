"""How sure an answer is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence import FITS, Calibration, Features, Weights, read_calibration
from index.errors import StoreError

NOTHING = Features(0, 0, 0, 0, 0, 0, 0, 0, None, None, annotated=False)
EVERY = replace(NOTHING, unanswerable=0.0, answerability=0.0, annotated=True)
KINDS = [
    replace(NOTHING, answerability=0.0, annotated=True),
    *(
        replace(NOTHING, unanswerable=gap, annotated=annotated)
        for gap in (0.0, None)
        for annotated in (True, False)
    ),
]


def weights(**given: float) -> Weights:
    every = dict.fromkeys(EVERY.values(), 0.0)
    return Weights({**every, **given}, every, dict.fromkeys(every, 1.0), 0.0, {})


@given(
    st.builds(
        Features,
        *[st.floats(-100, 100)] * 8,
        st.one_of(st.none(), st.floats(-1, 1)),
        st.none(),
        annotated=st.booleans(),
    )
    | st.builds(Features, *[st.floats(-100, 100)] * 8, st.none(), st.floats(-2, 2), annotated=st.just(value=True))
)
def test_confidence_is_a_probability(features: Features) -> None:
    assert 0 < read_calibration().probability(features) < 1


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_without_any_signal_it_is_even(features: Features) -> None:
    assert weights().probability(features) == 0.5


def test_a_signal_with_weight_raises_it() -> None:
    assert weights(max_sim=2.0).probability(replace(NOTHING, max_sim=1.0)) == pytest.approx(0.8808, abs=1e-4)


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_what_a_passage_has_beside_it_decides_its_weights(features: Features) -> None:
    calibration = Calibration({fit: weights(max_sim=2.0 if fit == "plain, unanswerable" else 0.0) for fit in FITS})
    expected = 0.8808 if not features.annotated and features.unanswerable is not None else 0.5
    assert calibration.probability(replace(features, max_sim=1.0)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("features", KINDS, ids=lambda features: features.fit)
def test_the_shipped_calibration_knows_every_signal_and_no_other(features: Features) -> None:
    shipped = read_calibration().fits[features.fit]
    assert set(shipped.weights) == set(shipped.means) == set(shipped.scales) == set(features.values())


def test_there_is_a_fit_for_each_kind_of_signals() -> None:
    assert {features.fit for features in KINDS} == set(FITS)


def test_a_question_like_the_unanswerable_ones_has_a_lower_confidence() -> None:
    shipped = read_calibration()
    assert shipped.fits["annotated, answerability"].weights["answerability"] > 0
    assert shipped.fits["annotated, unanswerable"].weights["unanswerable"] < 0
    assert shipped.fits["plain, unanswerable"].weights["unanswerable"] < 0


@pytest.mark.parametrize("fit", FITS)
def test_no_scale_of_the_shipped_calibration_is_zero(fit: str) -> None:
    assert all(scale > 0 for scale in read_calibration().fits[fit].scales.values())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": {}}'])
def test_a_damaged_calibration_is_one_line_with_the_remedy(content: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(StoreError, match=r"^[^\n]*run `python -m index calibrate`$"):
        read_calibration(tmp_path / "calibration.json")
