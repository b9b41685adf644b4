"""Which calibration a store's confidence is computed with: its own, or the bundled one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.answering.confidence.calibration import Calibration, read_calibration
from index.errors import RECALIBRATE, StoreError

BUNDLED: Final = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class CalibrationChoice:
    """A calibration, and what speaks against it: one line that names the remedy, None if nothing does."""

    calibration: Calibration
    warning: str | None = None


def calibration_path(store: Path) -> Path:
    """Return where `python -m index calibrate` writes the calibration of `store`."""
    return store / "calibration.json"


def choose_calibration(store: Path, model: str) -> CalibrationChoice:
    """Return the calibration for the model of that fingerprint: the store's own, if it is sound and for this model.

    Otherwise the bundled one answers, with a warning unless the store has none of its own and the bundled one is for
    this model. Raises StoreError if the bundled one is damaged.
    """
    bundled, path = read_calibration(BUNDLED), calibration_path(store)
    foreign = (
        None
        if bundled.model == model
        else f"the confidence was fitted for the model {bundled.model}, not for {model}: what it says is a guess; "
        f"{RECALIBRATE}"
    )
    if not path.exists():
        return CalibrationChoice(bundled, foreign)
    try:
        own = read_calibration(path)
    except StoreError as error:
        return CalibrationChoice(bundled, f"{error}; until then the bundled calibration is used")
    if own.model == model:
        return CalibrationChoice(own)
    used = "the bundled calibration is used" if foreign is None else "no calibration is for this model"
    return CalibrationChoice(
        bundled, f"{path} was fitted for the model {own.model}, not for {model}: {used}; {RECALIBRATE}"
    )
