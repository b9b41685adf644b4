"""The calibrated probability that the first passage answers: a logistic model over features of the ranking."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from index.errors import StoreError

CALIBRATION = Path(__file__).with_name("calibration.json")
FITS = ("annotated, answerability", "annotated, unanswerable", "annotated", "plain, unanswerable", "plain")


@dataclass(frozen=True, slots=True)
class Features:
    """What tells an answered question from an unanswered one, about the first passage.

    max_sim: its late interaction. segment: its best sentence's. margin: its lead in late interaction over the next
    passage. lead: the same over the mean of the next ten. dense: the cosine of its best representation. coverage: the
    share of the question's terms, weighted by rarity, that its best representation holds; 0 across languages.
    cross_language: 1 where question and passage differ in language, else 0. length: the logarithm of the question's
    terms.
    unanswerable: the cosine of the question with the nearest question that the documents are known not to answer.
    answerability: by the fitted model, instead of `unanswerable` where the passage's document has annotated
    questions. annotated: whether the passage has annotations; it then has more representations, and every feature
    another scale.
    """

    max_sim: float
    segment: float
    margin: float
    lead: float
    dense: float
    coverage: float
    cross_language: float
    length: float
    unanswerable: float | None
    answerability: float | None
    annotated: bool

    @property
    def fit(self) -> str:
        """The name of the weights for these features."""
        representations = "annotated" if self.annotated else "plain"
        if self.answerability is not None:
            return f"{representations}, answerability"
        return representations if self.unanswerable is None else f"{representations}, unanswerable"

    def values(self) -> dict[str, float]:
        """Return the features that are known, by name."""
        values = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in values.items() if value is not None}


_NAMES = tuple(field.name for field in fields(Features) if field.name != "annotated")


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted weights of the standardised features; fitted_on: how many questions of which set."""

    weights: Mapping[str, float]
    means: Mapping[str, float]
    scales: Mapping[str, float]
    intercept: float
    fitted_on: Mapping[str, int]

    def probability(self, features: Features) -> float:
        """Return the probability that the first passage answers."""
        total = self.intercept + sum(
            self.weights[name] * (value - self.means[name]) / self.scales[name]
            for name, value in features.values().items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights for each set of known features, by `Features.fit`."""

    fits: Mapping[str, Weights]

    def probability(self, features: Features) -> float:
        """Return the probability that the first passage answers."""
        return self.fits[features.fit].probability(features)


@cache
def read_calibration(path: Path = CALIBRATION) -> Calibration:
    """Return what `python -m index calibrate` wrote. Raises StoreError."""
    try:
        data = json.loads(path.read_bytes())
        return Calibration({fit: Weights(**data[fit]) for fit in FITS})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{path} is missing or damaged; run `python -m index calibrate`") from error
