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

from index.confidence import CALIBRATION, SIGNALS, Calibration, Signals, Weights
from index.evaluate import Question, area_under_roc

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One question of a set: its signals, and whether the documents hold an answer."""

    signals: Signals
    question: Question
    source: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted weights, and how well such a fit does on facts it has not seen (5-fold cross-validation).

    reliability: for each tenth of confidence that occurs, its mean, the share answerable, and the count.
    """

    weights: Weights
    auroc: float
    accuracy: float
    reliability: tuple[tuple[float, float, int], ...]


def fit(examples: Sequence[Example]) -> Fit:
    """Fit the confidence; every source weighs the same, and in it the answerable as much as the rest."""
    table = np.array([[getattr(example.signals, name) for name in SIGNALS] for example in examples])
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
        weights=dict(zip(SIGNALS, logistic.coef_[0].tolist(), strict=True)),
        means=dict(zip(SIGNALS, scaler.mean_.tolist(), strict=True)),
        scales=dict(zip(SIGNALS, scaler.scale_.tolist(), strict=True)),
        intercept=float(logistic.intercept_[0]),
        fitted_on={str(source): int((sources == source).sum()) for source in np.unique(sources)},
    )
    return Fit(
        fitted,
        auroc=area_under_roc(held_out[answerable].tolist(), held_out[~answerable].tolist()),
        accuracy=float(np.mean([(held_out[answerable] >= 0.5).mean(), (held_out[~answerable] < 0.5).mean()])),
        reliability=tuple(_reliability(held_out, answerable)),
    )


def write_calibration(calibration: Calibration, path: Path = CALIBRATION) -> None:
    """Write the calibration that `read_calibration` reads."""
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", "utf-8")


def _reliability(predicted: np.ndarray, answerable: np.ndarray) -> list[tuple[float, float, int]]:
    """Give, for each tenth of confidence that occurs, its mean, the share answerable, and the count."""
    tenth = np.minimum((predicted * 10).astype(int), 9)
    return [
        (float(predicted[tenth == at].mean()), float(answerable[tenth == at].mean()), int((tenth == at).sum()))
        for at in np.unique(tenth)
    ]
