"""The calibrated probability that the first passage answers: a logistic model over features of the ranking."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from pydantic import TypeAdapter

from index.errors import RECALIBRATE, StoreError
from index.store.files import read_file


@dataclass(frozen=True, slots=True)
class Features:
    """What tells an answered question from an unanswered one, about the first passage.

    max_sim, segment, lead, dense, weakest, length: those of `index.answering.confidence.signals.Signals` in deviations
    from the store's background, so that they mean the same whatever the documents' languages, number and form.
    coverage: the share of the question's terms, weighted by rarity, that its best representation holds; 0 across
    languages. cross_language: 1 where question and passage differ in language, else 0.
    reading, best_reading, any_reading: the reader's logit of it, the highest of the few that it reads, and that of any
    of these answering. reading_lead: by how much the first's exceeds the highest of the others.
    cosine, segment_lead, cosine_lead, spread: as the reader is told of its own words: the dense cosine, by how much
    its best sentence and that cosine exceed the others' mean, and the deviation of late interaction behind it. All of
    these are None where no reader reads, or finds fewer passages than it was trained with.
    unanswerable: the cosine of the question with the nearest question that the documents are known not to answer.
    answerability: by the fitted model, beside `unanswerable` where the passage's document has annotated questions. It
    is low for a question unlike all known ones as well, which only `unanswerable` tells from one like the gaps.
    """

    max_sim: float
    segment: float
    lead: float
    dense: float
    weakest: float
    length: float
    coverage: float
    cross_language: float
    reading: float | None = None
    best_reading: float | None = None
    any_reading: float | None = None
    reading_lead: float | None = None
    cosine: float | None = None
    segment_lead: float | None = None
    cosine_lead: float | None = None
    spread: float | None = None
    unanswerable: float | None = None
    answerability: float | None = None

    @property
    def fit(self) -> str:
        """The name of the weights for these features."""
        if self.answerability is not None:
            return "answerability"
        if self.unanswerable is not None:
            return "unanswerable"
        return "unread" if self.reading is None else "plain"

    def values(self, fit: str | None = None) -> dict[str, float]:
        """Return the known features that `fit`, or else their own fit, has weights for, by name."""
        wanted = features_of(fit or self.fit)
        values = {name: getattr(self, name) for name in _NAMES if name in wanted}
        return {name: value for name, value in values.items() if value is not None}


_NAMES = tuple(field.name for field in fields(Features))
_BY_ANNOTATIONS = frozenset({"unanswerable", "answerability"})
# Not for documents with annotations, which the reader does not read: with these features the confidence in the 283
# unseen questions has an AUROC of 0.980, without them 0.985.
BY_READER = (
    "reading",
    "best_reading",
    "any_reading",
    "reading_lead",
    "cosine",
    "segment_lead",
    "cosine_lead",
    "spread",
)
_ADDED = {
    "answerability": _BY_ANNOTATIONS,
    "unanswerable": frozenset({"unanswerable"}),
    "plain": frozenset(BY_READER),
    "unread": frozenset[str](),
}
FITS = tuple(_ADDED)


def features_of(fit: str) -> frozenset[str]:
    """Return the names of the features that a fit has weights for."""
    return frozenset(_NAMES) - _BY_ANNOTATIONS.union(BY_READER) | _ADDED[fit]


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted weights of the standardised features; fitted_on: how many questions of which set."""

    weights: Mapping[str, float]
    means: Mapping[str, float]
    scales: Mapping[str, float]
    intercept: float
    fitted_on: Mapping[str, int]

    def shifted(self, log_odds: float) -> Weights:
        """Return the weights that give probabilities with so much higher log-odds."""
        return replace(self, intercept=self.intercept + log_odds)

    def probability(self, features: Features) -> float:
        """Return the probability that the first passage answers."""
        total = self.intercept + sum(
            self.weights[name] * (value - self.means[name]) / self.scales[name]
            for name, value in features.values().items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The confidence from which a question is answered, and from which the outcome is at least unsure."""

    answer: float
    unsure: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights for each set of known features, by `Features.fit`.

    model: the fingerprint of the encoder that it was fitted for.
    """

    model: str
    thresholds: Thresholds
    fits: Mapping[str, Weights]

    def probability(self, features: Features) -> float:
        """Return the probability that the first passage answers."""
        return self.fits[features.fit].probability(features)

    @property
    def digest(self) -> str:
        """The SHA-256 of all of its numbers."""
        return hashlib.sha256(_CALIBRATION.dump_json(self)).hexdigest()


def read_calibration(path: Path) -> Calibration:
    """Return what `write_calibration` wrote. Raises StoreError."""
    try:
        calibration = _CALIBRATION.validate_json(read_file(path))
        _check(calibration)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is damaged or of another version of this program; {RECALIBRATE}") from error
    return calibration


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write the calibration that `read_calibration` reads; the file is replaced at once. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(_CALIBRATION.dump_json(calibration, indent=1) + b"\n")
    fresh.replace(path)


def _check(calibration: Calibration) -> None:
    """Raise ValueError for a calibration that cannot be used: every fit has its features and finite numbers."""
    thresholds = calibration.thresholds
    if not 0 <= thresholds.unsure <= thresholds.answer <= 1:
        raise ValueError("the thresholds are not in order")
    if set(calibration.fits) != set(FITS):
        raise ValueError("a fit is missing or unknown")
    for name, fit in calibration.fits.items():
        if not set(fit.weights) == set(fit.means) == set(fit.scales) == features_of(name):
            raise ValueError(f"the features of {name} are others")
        numbers = [fit.intercept, *fit.weights.values(), *fit.means.values(), *fit.scales.values()]
        if not all(map(math.isfinite, numbers)) or not all(scale > 0 for scale in fit.scales.values()):
            raise ValueError(f"the numbers of {name} cannot be computed with")


_CALIBRATION = TypeAdapter(Calibration)
