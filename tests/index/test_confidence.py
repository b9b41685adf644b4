"""How sure an answer is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.confidence import FITS, Calibration, Signals, Weights, read_calibration
from index.errors import StoreError

NOTHING = Signals(0, 0, 0, 0, 0, 0, 0, None, None, glossed=False)
EVERY = replace(NOTHING, gap=0.0, leaning=0.0, glossed=True)
KINDS = [
    replace(NOTHING, leaning=0.0, glossed=True),
    *(replace(NOTHING, gap=gap, glossed=glossed) for gap in (0.0, None) for glossed in (True, False)),
]


def weights(**given: float) -> Weights:
    every = dict.fromkeys(EVERY.values(), 0.0)
    return Weights({**every, **given}, every, dict.fromkeys(every, 1.0), 0.0, {})


@given(
    st.builds(
        Signals,
        *[st.floats(-100, 100)] * 7,
        st.one_of(st.none(), st.floats(-1, 1)),
        st.none(),
        glossed=st.booleans(),
    )
    | st.builds(Signals, *[st.floats(-100, 100)] * 7, st.none(), st.floats(-2, 2), glossed=st.just(value=True))
)
def test_confidence_is_a_probability(signals: Signals) -> None:
    assert 0 < read_calibration().probability(signals) < 1


@pytest.mark.parametrize("signals", KINDS, ids=lambda signals: signals.fit)
def test_without_any_signal_it_is_even(signals: Signals) -> None:
    assert weights().probability(signals) == 0.5


def test_a_signal_with_weight_raises_it() -> None:
    assert weights(late=2.0).probability(replace(NOTHING, late=1.0)) == pytest.approx(0.8808, abs=1e-4)


@pytest.mark.parametrize("signals", KINDS, ids=lambda signals: signals.fit)
def test_what_a_passage_has_beside_it_decides_its_weights(signals: Signals) -> None:
    calibration = Calibration({fit: weights(late=2.0 if fit == "plain, gaps" else 0.0) for fit in FITS})
    expected = 0.8808 if not signals.glossed and signals.gap is not None else 0.5
    assert calibration.probability(replace(signals, late=1.0)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("signals", KINDS, ids=lambda signals: signals.fit)
def test_the_shipped_calibration_knows_every_signal_and_no_other(signals: Signals) -> None:
    shipped = read_calibration().fits[signals.fit]
    assert set(shipped.weights) == set(shipped.means) == set(shipped.scales) == set(signals.values())


def test_there_is_a_fit_for_each_kind_of_signals() -> None:
    assert {signals.fit for signals in KINDS} == set(FITS)


def test_a_question_that_leans_to_the_gaps_or_is_near_one_is_less_sure_of_its_answer() -> None:
    shipped = read_calibration()
    assert shipped.fits["glossed, leaning"].weights["leaning"] > 0
    assert shipped.fits["glossed, gaps"].weights["gap"] < 0
    assert shipped.fits["plain, gaps"].weights["gap"] < 0


@pytest.mark.parametrize("fit", FITS)
def test_no_scale_of_the_shipped_calibration_is_zero(fit: str) -> None:
    assert all(scale > 0 for scale in read_calibration().fits[fit].scales.values())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": {}}'])
def test_a_damaged_calibration_is_one_line_that_says_what_to_do(content: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(StoreError, match=r"^[^\n]*run `python -m index calibrate`$"):
        read_calibration(tmp_path / "calibration.json")
