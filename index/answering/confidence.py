"""How sure an answer is: a logistic model over what the search already knows."""

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

    max_sim: its late interaction; segment: its best sentence's; margin: how far its late interaction is ahead
    of the next passage's; dense: its best representation's cosine; coverage: the share of the question's terms, by
    rarity, that its best representation holds; chinese: 1 or 0; length: the question's terms, as a logarithm; unanswerable: the
    cosine of the question with the nearest that the documents are known not to answer, None where no such
    question was written down; answerability: how far the question leans to the precedents that are answered, in place of
    `unanswerable` where the passage's document has some. With annotations a passage has more representations to be found by, and every
    signal another scale: `annotated` tells.
    """

    max_sim: float
    segment: float
    margin: float
    dense: float
    coverage: float
    chinese: float
    length: float
    unanswerable: float | None
    answerability: float | None
    annotated: bool

    @property
    def fit(self) -> str:
        """Name the weights that these features are weighed by."""
        representations = "annotated" if self.annotated else "plain"
        if self.answerability is not None:
            return f"{representations}, answerability"
        return representations if self.unanswerable is None else f"{representations}, unanswerable"

    def values(self) -> dict[str, float]:
        """Give the features that there are, by name."""
        values = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in values.items() if value is not None}


_NAMES = tuple(field.name for field in fields(Features) if field.name != "annotated")


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted weights of the standardised features, and how many questions of which set they came from."""

    weights: Mapping[str, float]
    means: Mapping[str, float]
    scales: Mapping[str, float]
    intercept: float
    fitted_on: Mapping[str, int]

    def probability(self, features: Features) -> float:
        """Give the probability that the first passage answers."""
        total = self.intercept + sum(
            self.weights[name] * (value - self.means[name]) / self.scales[name]
            for name, value in features.values().items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights for each kind of features: with annotations or without, and which precedents there are."""

    fits: Mapping[str, Weights]

    def probability(self, features: Features) -> float:
        """Give the probability that the first passage answers."""
        return self.fits[features.fit].probability(features)


@cache
def read_calibration(path: Path = CALIBRATION) -> Calibration:
    """Read what `python -m index calibrate` wrote."""
    try:
        data = json.loads(path.read_bytes())
        return Calibration({fit: Weights(**data[fit]) for fit in FITS})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{path} is missing or damaged; run `python -m index calibrate`") from error
