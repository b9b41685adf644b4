"""How good a fit of the confidence is on questions that it was not fitted to, and which thresholds it suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from index.answering.confidence.calibration import Thresholds
from index.evaluation.metrics import (
    Decisions,
    ReliabilityBin,
    auroc,
    decide_at,
    expected_calibration_error,
    reliability,
)

_STEPS = 100  # between 0 and 1, at which a threshold can be
_ANSWERABLE = 0.55  # of the questions that are asked; of those of the question sets 0.6 to 0.8 have an answer
_FOUND = 0.9  # of the answerable questions that shall be answered or unsure, not declined


@dataclass(frozen=True, slots=True)
class Predictions:
    """Confidences in questions by fits that have not seen them; every array is (questions,).

    pairs: the languages of question and document. weights: by which every source counts the same, and in it the
    answerable as much as the others.
    """

    confidences: NDArray[np.float64]
    answerable: NDArray[np.bool_]
    sources: NDArray[np.str_]
    pairs: NDArray[np.str_]
    weights: NDArray[np.float64]

    def shifted(self, log_odds: float) -> Predictions:
        """Return the predictions with so much higher log-odds."""
        certain = np.clip(self.confidences, 1e-9, 1 - 1e-9)
        return replace(self, confidences=1 / (1 + (1 / certain - 1) * np.exp(-log_odds)))

    @classmethod
    def together(cls, parts: Sequence[Predictions]) -> Predictions:
        """Return all of `parts` in one."""
        columns = ([getattr(part, field.name) for part in parts] for field in fields(cls))
        return cls(*map(np.concatenate, columns))


@dataclass(frozen=True, slots=True)
class PartQuality:
    """The quality on a part of the questions; answering, unsure: the decisions at the two thresholds."""

    questions: int
    auroc: float
    answering: Decisions
    unsure: Decisions
    reliability: tuple[ReliabilityBin, ...]

    @classmethod
    def of(
        cls, confidences: NDArray[np.float64], answerable: NDArray[np.bool_], thresholds: Thresholds
    ) -> PartQuality:
        """Return the quality of these confidences."""
        return cls(
            questions=len(confidences),
            auroc=auroc(confidences, answerable),
            answering=decide_at(thresholds.answer, confidences, answerable),
            unsure=decide_at(thresholds.unsure, confidences, answerable),
            reliability=reliability(confidences, answerable),
        )

    @property
    def error(self) -> float:
        """The mean distance between confidence and answerable share, in tenths of confidence."""
        return expected_calibration_error(self.reliability)


@dataclass(frozen=True, slots=True)
class FitQuality:
    """The quality of a fit on all of its questions, on each source, and for each pair of languages."""

    whole: PartQuality
    sources: Mapping[str, PartQuality]
    pairs: Mapping[str, PartQuality]

    @classmethod
    def of(cls, found: Predictions, thresholds: Thresholds) -> FitQuality:
        """Return the quality of `found` at these thresholds."""

        def part(mask: NDArray[np.bool_]) -> PartQuality:
            return PartQuality.of(found.confidences[mask], found.answerable[mask], thresholds)

        return cls(
            whole=part(np.ones(len(found.confidences), dtype=bool)),
            sources={str(name): part(found.sources == name) for name in np.unique(found.sources)},
            pairs={str(name): part(found.pairs == name) for name in np.unique(found.pairs)},
        )


def choose_thresholds(found: Predictions) -> Thresholds:
    """Return the threshold of answering with the best accuracy, and that of being unsure below it.

    Every source weighs the same, and counts as if `_ANSWERABLE` of its questions had an answer. From the second
    threshold on, `_FOUND` of the answerable questions are answered or unsure.
    """
    steps = np.arange(_STEPS + 1) / _STEPS
    said = found.confidences >= steps[:, np.newaxis]
    total = found.weights[found.answerable].sum(), found.weights[~found.answerable].sum()
    recall = said[:, found.answerable] @ found.weights[found.answerable] / total[0]
    declined = 1 - said[:, ~found.answerable] @ found.weights[~found.answerable] / total[1]
    answer = float(steps[np.argmax(_ANSWERABLE * recall + (1 - _ANSWERABLE) * declined)])
    unsure = float(steps[np.flatnonzero(recall >= _FOUND).max()])
    return Thresholds(answer=answer, unsure=min(answer, unsure))
