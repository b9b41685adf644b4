"""Which calibration answers: the store's own before the bundled one, and never in silence for another model."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.confidence.calibration import Thresholds, read_calibration, write_calibration
from index.answering.confidence.calibration_choice import BUNDLED, calibration_path, choose_calibration
from index.answering.engine import Index
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

SHIPPED = read_calibration(BUNDLED)
OWN = replace(SHIPPED, thresholds=Thresholds(answer=0.7, unsure=0.1))


def test_the_bundled_calibration_is_for_its_model_without_a_warning(tmp_path: Path) -> None:
    chosen = choose_calibration(tmp_path, SHIPPED.model)
    assert (chosen.calibration, chosen.warning) == (SHIPPED, None)


def test_for_another_model_it_warns_and_names_both(tmp_path: Path) -> None:
    chosen = choose_calibration(tmp_path, "other-1")
    assert chosen.calibration == SHIPPED
    assert chosen.warning is not None
    assert SHIPPED.model in chosen.warning
    assert "other-1" in chosen.warning
    assert chosen.warning.endswith("run `python -m index calibrate`")
    assert "\n" not in chosen.warning


@pytest.mark.parametrize("model", [SHIPPED.model, "other-1"])
def test_the_store_s_own_calibration_is_preferred(tmp_path: Path, model: str) -> None:
    write_calibration(replace(OWN, model=model), calibration_path(tmp_path))
    chosen = choose_calibration(tmp_path, model)
    assert (chosen.calibration.thresholds, chosen.warning) == (OWN.thresholds, None)


def test_one_of_the_store_for_another_model_is_not_used_and_said(tmp_path: Path) -> None:
    write_calibration(replace(OWN, model="other-1"), calibration_path(tmp_path))
    chosen = choose_calibration(tmp_path, SHIPPED.model)
    assert chosen.calibration == SHIPPED
    assert chosen.warning is not None
    assert str(calibration_path(tmp_path)) in chosen.warning
    assert "the bundled calibration is used" in chosen.warning


def test_a_damaged_one_of_the_store_is_not_used_and_said(tmp_path: Path) -> None:
    calibration_path(tmp_path).write_text("{")
    chosen = choose_calibration(tmp_path, SHIPPED.model)
    assert chosen.calibration == SHIPPED
    assert chosen.warning is not None
    assert "run `python -m index calibrate`" in chosen.warning
    assert "\n" not in chosen.warning


@pytest.mark.usefixtures("quick_fit")
def test_opening_a_store_of_another_model_logs_one_warning(
    build: Build, store: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder.fingerprint = "other-1"
    build()
    with caplog.at_level(logging.WARNING):
        Index.open(store, encoder)
    assert [record.message for record in caplog.records if "calibrate" in record.message] == [
        choose_calibration(store, encoder.fingerprint).warning
    ]


def test_a_store_answers_by_its_own_calibration(build: Build, store: Path, encoder: FakeEncoder) -> None:
    build()
    before = Index.open(store, encoder).ask("作者")
    fits = {name: replace(fit, intercept=fit.intercept + 3) for name, fit in SHIPPED.fits.items()}
    write_calibration(replace(SHIPPED, model=encoder.fingerprint, fits=fits), calibration_path(store))
    assert Index.open(store, encoder).ask("作者").confidence > before.confidence
