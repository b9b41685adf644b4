"""Fitting the confidence: logistic regression on questions whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from index.answering.confidence import CALIBRATION, Calibration, Features, Weights
from index.evaluation.curves import Point, Tenth, at_threshold, reliability
from index.evaluation.metrics import Question, area_under_roc
from index.settings import DEFAULT_THRESHOLD

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One question of a set: its features, and whether the documents hold an answer."""

    features: Features
    question: Question
    source: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted weights, and how well such a fit does on facts it has not seen (5-fold cross-validation).

    chosen: its decisions at the threshold that the program starts with.
    """

    weights: Weights
    auroc: float
    chosen: Point
    reliability: tuple[Tenth, ...]


def fit(examples: Sequence[Example]) -> Fit:
    """Fit the confidence; every source weighs the same, and in it the answerable as much as the rest."""
    names = tuple(examples[0].features.values())
    table = np.array([list(example.features.values().values()) for example in examples])
    answerable = np.array([example.question.is_answerable for example in examples])
    sources = np.array([example.source for example in examples])
    weights = np.empty(len(examples))
    for source in np.unique(sources):
        for kind in (True, False):
            of = (sources == source) & (answerable == kind)
            weights[of] = 1 / max(1, of.sum())
    weights *= len(examples) / weights.sum()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    held_out = cross_val_predict(
        model,
        table,
        answerable,
        groups=[example.question.fact for example in examples],
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
        params={"logisticregression__sample_weight": weights},
    )[:, 1]
    model.fit(table, answerable, logisticregression__sample_weight=weights)
    scaler, logistic = model[0], model[1]
    fitted = Weights(
        weights=dict(zip(names, logistic.coef_[0].tolist(), strict=True)),
        means=dict(zip(names, scaler.mean_.tolist(), strict=True)),
        scales=dict(zip(names, scaler.scale_.tolist(), strict=True)),
        intercept=float(logistic.intercept_[0]),
        fitted_on={str(source): int((sources == source).sum()) for source in np.unique(sources)},
    )
    return Fit(
        fitted,
        auroc=area_under_roc(held_out[answerable].tolist(), held_out[~answerable].tolist()),
        chosen=at_threshold(held_out, answerable, DEFAULT_THRESHOLD),
        reliability=reliability(held_out, answerable),
    )


def write_calibration(calibration: Calibration, path: Path = CALIBRATION) -> None:
    """Write the calibration that `read_calibration` reads."""
    path.write_text(json.dumps(asdict(calibration)["fits"], indent=1) + "\n", "utf-8")
