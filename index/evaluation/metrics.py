"""Metrics of ranking, of answering or declining, and of calibration, with bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve

from index.evaluation.judgement import Judgement

Confidences: TypeAlias = Sequence[float] | NDArray[np.float64]
Flags: TypeAlias = Sequence[bool] | NDArray[np.bool_]

_RESAMPLES = 2000
_DECISION_RESAMPLES = 500  # each sorts and counts again: 2,000 take seconds and move an end by 0.003
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval, by resampling facts; nan where nothing is counted."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if math.isnan(self.value):
            return ""
        return f"{self.value:.3f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Decisions:
    """How well answerable and unanswerable questions are told apart; nan where nothing is counted.

    precision: the answerable among the answered. recall: the answered among the answerable. declined: the declined
    among the unanswerable. accuracy: balanced, the mean of the last two.
    """

    precision: float
    recall: float
    declined: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The metrics of one system over some questions; nan where nothing is counted.

    The last five are those of `Decisions`, and the area under the ROC curve of the confidence.
    """

    questions: int
    answerable: int
    recall_1: Estimate
    recall_3: Estimate
    recall_5: Estimate
    reciprocal_rank: Estimate
    highlights: Estimate
    highlighted_share: float
    precision: float
    recall: float
    declined: float
    accuracy: float
    auroc: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The questions in one tenth of confidence: its mean, the answerable share of them, their number."""

    confidence: float
    answerable: float
    count: int


def score(judgements: Sequence[Judgement]) -> Scores:
    """Return the metrics of `judgements`."""
    known = [each for each in judgements if each.question.is_answerable]
    shares = [each.highlighted_share for each in known if each.highlighted_share is not None]
    highlighted = [each for each in known if each.highlighted is not None]
    confidences, answerable = confidences_of(judgements)
    return Scores(
        questions=len(judgements),
        answerable=len(known),
        recall_1=_estimate(known, [_within(each, 1) for each in known]),
        recall_3=_estimate(known, [_within(each, 3) for each in known]),
        recall_5=_estimate(known, [_within(each, 5) for each in known]),
        reciprocal_rank=_estimate(known, [1 / each.rank if each.rank else 0.0 for each in known]),
        highlights=_estimate(highlighted, [float(bool(each.highlighted)) for each in highlighted]),
        highlighted_share=float(np.mean(shares)) if shares else np.nan,
        **asdict(decide([each.answered for each in judgements], answerable)),
        auroc=auroc(confidences, answerable),
    )


def decide(answered: Flags, answerable: Flags) -> Decisions:
    """Return how well answering matched the answerable questions."""
    said, known = np.asarray(answered, dtype=bool), np.asarray(answerable, dtype=bool)
    right, wrong = int((said & known).sum()), int((said & ~known).sum())
    recall = right / int(known.sum()) if known.any() else np.nan
    declined = 1 - wrong / int((~known).sum()) if not known.all() else np.nan
    precision = right / (right + wrong) if right + wrong else np.nan
    return Decisions(precision, recall, declined, (recall + declined) / 2)


def decide_at(threshold: float, confidences: Confidences, answerable: Flags) -> Decisions:
    """Return the decisions of answering from a confidence of `threshold`."""
    return decide(np.asarray(confidences, dtype=float) >= threshold, answerable)


def decide_at_thresholds(
    confidences: Confidences, answerable: Flags, *, steps: int = 50
) -> dict[float, Decisions]:
    """Return the decisions at `steps` + 1 thresholds from 0 to 1."""
    return {step / steps: decide_at(step / steps, confidences, answerable) for step in range(steps + 1)}


def estimate_decisions(judgements: Sequence[Judgement]) -> dict[str, Estimate]:
    """Return each of the `Decisions`, and `auroc`, with its interval.

    A sample in which a value cannot be counted is left out of its interval.
    """
    confidences, answerable = map(np.asarray, confidences_of(judgements))
    answered = np.array([each.answered for each in judgements])
    facts = _fact_numbers(judgements)
    members = [np.flatnonzero(facts == fact) for fact in range(facts.max() + 1)]

    def values(rows: NDArray[np.int64]) -> dict[str, float]:
        decisions = asdict(decide(answered[rows], answerable[rows]))
        return decisions | {"auroc": auroc(confidences[rows], answerable[rows])}

    drawn = np.random.default_rng(_SEED).integers(len(members), size=(_DECISION_RESAMPLES, len(members)))
    samples = [values(np.concatenate([members[fact] for fact in row])) for row in drawn.tolist()]
    estimates = {}
    for name, value in values(np.arange(len(judgements))).items():
        found = [sample[name] for sample in samples if not np.isnan(sample[name])]
        low, high = np.percentile(found, [2.5, 97.5]) if found else (np.nan, np.nan)
        estimates[name] = Estimate(value, float(low), float(high))
    return estimates


def recall_difference(ours: Sequence[Judgement], theirs: Sequence[Judgement]) -> Estimate:
    """Return recall@1 of `ours` less that of `theirs`: the same questions in the same order."""
    pairs = [pair for pair in zip(ours, theirs, strict=True) if pair[0].question.is_answerable]
    return _estimate([our for our, _ in pairs], [_within(our, 1) - _within(their, 1) for our, their in pairs])


def recall_within(judgements: Sequence[Judgement], rank: int) -> float:
    """Return the share of questions with a hit among the first `rank` items; nan without questions."""
    return float(np.mean([_within(each, rank) for each in judgements])) if judgements else np.nan


def confidences_of(judgements: Sequence[Judgement]) -> tuple[list[float], list[bool]]:
    """Return the confidence of each question and whether it is answerable."""
    return [each.confidence for each in judgements], [each.question.is_answerable for each in judgements]


def auroc(confidences: Confidences, answerable: Flags) -> float:
    """Return the area under the ROC curve; nan unless both kinds of question occur."""
    known = np.asarray(answerable, dtype=bool)
    if known.all() or not known.any():
        return np.nan
    return float(roc_auc_score(known, confidences))


def roc(confidences: Confidences, answerable: Flags) -> tuple[tuple[float, float], ...]:
    """Return the ROC curve as (unanswerable answered, answerable answered), from (0, 0) to (1, 1).

    It is empty unless both kinds of question occur.
    """
    known = np.asarray(answerable, dtype=bool)
    if known.all() or not known.any():
        return ()
    false_positive, true_positive, _ = roc_curve(known, confidences, drop_intermediate=False)
    return tuple(zip(false_positive.tolist(), true_positive.tolist(), strict=True))


def reliability(confidences: Confidences, answerable: Flags) -> tuple[ReliabilityBin, ...]:
    """Return the tenths of confidence in which there are questions."""
    sure, known = np.asarray(confidences, dtype=float), np.asarray(answerable, dtype=bool)
    tenth = np.minimum((sure * 10).astype(int), 9)
    masks = [tenth == at for at in np.unique(tenth)]
    return tuple(
        ReliabilityBin(float(sure[each].mean()), float(known[each].mean()), int(each.sum())) for each in masks
    )


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Return the mean distance between confidence and answerable share, weighted by number of questions."""
    count = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.answerable) for each in bins) / max(1, count)


def format_share(value: float) -> str:
    """Return `value` with three digits; empty for nan."""
    return "" if math.isnan(value) else f"{value:.3f}"


def _within(judgement: Judgement, rank: int) -> float:
    return float(judgement.rank is not None and judgement.rank <= rank)


def _fact_numbers(judgements: Sequence[Judgement]) -> NDArray[np.int64]:
    facts = {fact: number for number, fact in enumerate(dict.fromkeys(each.question.fact for each in judgements))}
    return np.array([facts[each.question.fact] for each in judgements], dtype=np.int64)


def _estimate(judgements: Sequence[Judgement], values: Sequence[float]) -> Estimate:
    if not values:
        return Estimate(np.nan, np.nan, np.nan)
    facts = _fact_numbers(judgements)
    totals, counts = np.bincount(facts, weights=np.array(values)), np.bincount(facts)
    drawn = np.random.default_rng(_SEED).integers(len(counts), size=(_RESAMPLES, len(counts)))
    means = totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(np.mean(values)), float(low), float(high))
