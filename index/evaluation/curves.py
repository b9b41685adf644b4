"""What a confidence is worth at every threshold: reliability, precision and recall, the ROC curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Confidences: TypeAlias = Sequence[float] | NDArray[np.float64]
Truths: TypeAlias = Sequence[bool] | NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tenth:
    """The questions of one tenth of confidence: its mean, the share of them that is answerable, their number."""

    confidence: float
    answerable: float
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """Answering from one threshold: the measures of `index.evaluation.metrics.Decisions`; nan where nothing is counted."""

    threshold: float
    precision: float
    recall: float
    declined: float
    accuracy: float


def reliability(confidences: Confidences, answerable: Truths) -> tuple[Tenth, ...]:
    """Sort questions by tenths of confidence; a tenth that does not occur is left out."""
    sure, is_so = np.asarray(confidences, dtype=float), np.asarray(answerable, dtype=bool)
    tenth = np.minimum((sure * 10).astype(int), 9)
    return tuple(
        Tenth(float(sure[tenth == at].mean()), float(is_so[tenth == at].mean()), int((tenth == at).sum()))
        for at in np.unique(tenth)
    )


def calibration_error(tenths: Sequence[Tenth]) -> float:
    """Give the expected calibration error: how far confidence and share lie apart, by number of questions."""
    count = sum(tenth.count for tenth in tenths)
    return sum(tenth.count * abs(tenth.confidence - tenth.answerable) for tenth in tenths) / max(1, count)


def at_threshold(confidences: Confidences, answerable: Truths, threshold: float) -> Point:
    """Say what answering from `threshold` would do."""
    sure, is_so = np.asarray(confidences, dtype=float), np.asarray(answerable, dtype=bool)
    answered = sure >= threshold
    right, wrong = int((answered & is_so).sum()), int((answered & ~is_so).sum())
    known, unknown = int(is_so.sum()), int((~is_so).sum())
    recall = right / known if known else np.nan
    declined = 1 - wrong / unknown if unknown else np.nan
    precision = right / (right + wrong) if right + wrong else np.nan
    return Point(threshold, precision, recall, declined, (recall + declined) / 2)


def over_thresholds(confidences: Confidences, answerable: Truths, *, steps: int = 50) -> tuple[Point, ...]:
    """Say what answering would do from each of `steps` + 1 thresholds, 0 to 1."""
    return tuple(at_threshold(confidences, answerable, step / steps) for step in range(steps + 1))


def roc(confidences: Confidences, answerable: Truths) -> tuple[tuple[float, float], ...]:
    """Give the ROC curve: (unanswerable answered, answerable answered) as shares, from (0, 0) to (1, 1).

    Without both kinds of question there is none.
    """
    sure, is_so = np.asarray(confidences, dtype=float), np.asarray(answerable, dtype=bool)
    if is_so.all() or not is_so.any():
        return ()
    points = [(0.0, 0.0)]
    for threshold in np.unique(sure)[::-1]:
        answered = sure >= threshold
        points.append((float(answered[~is_so].mean()), float(answered[is_so].mean())))
    return tuple(points)
