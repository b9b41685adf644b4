"""How sure an answer is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.confidence import SIGNALS, Calibration, Signals, Weights, read_calibration
from index.errors import StoreError

NOTHING = Signals(0, 0, 0, 0, 0, 0, 0, glossed=False)


def weights(**given: float) -> Weights:
    every = dict.fromkeys(SIGNALS, 0.0)
    return Weights({**every, **given}, every, dict.fromkeys(SIGNALS, 1.0), 0.0, {})


@given(st.builds(Signals, *[st.floats(-100, 100)] * len(SIGNALS), glossed=st.booleans()))
def test_confidence_is_a_probability(signals: Signals) -> None:
    assert 0 < read_calibration().probability(signals) < 1


def test_without_any_signal_it_is_even() -> None:
    assert weights().probability(NOTHING) == 0.5


def test_a_signal_with_weight_raises_it() -> None:
    assert weights(late=2.0).probability(replace(NOTHING, late=1.0)) == pytest.approx(0.8808, abs=1e-4)


@pytest.mark.parametrize(("glossed", "expected"), [(True, 0.5), (False, 0.8808)])
def test_passages_with_and_without_glosses_have_weights_of_their_own(glossed: bool, expected: float) -> None:
    calibration = Calibration(glossed=weights(), plain=weights(late=2.0))
    assert calibration.probability(replace(NOTHING, late=1.0, glossed=glossed)) == pytest.approx(
        expected, abs=1e-4
    )


@pytest.mark.parametrize("kind", ["glossed", "plain"])
def test_the_shipped_calibration_knows_every_signal_and_no_other(kind: str) -> None:
    shipped = getattr(read_calibration(), kind)
    assert set(shipped.weights) == set(shipped.means) == set(shipped.scales) == set(SIGNALS)


@pytest.mark.parametrize("kind", ["glossed", "plain"])
def test_no_scale_of_the_shipped_calibration_is_zero(kind: str) -> None:
    shipped = getattr(read_calibration(), kind)
    assert all(scale > 0 for scale in shipped.scales.values())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": {}}'])
def test_a_damaged_calibration_is_one_line_that_says_what_to_do(content: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(StoreError, match=r"^[^\n]*run `python -m index calibrate`$"):
        read_calibration(tmp_path / "calibration.json")
