"""What a ranking's scores say of its first passage, in the store's own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.retrieval.backend import RetrievalBackend
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.searcher import Ranking
from index.types import Vector

_NEXT = 10  # passages after the first, over whose mean it leads
_WEAKEST = 0.1  # the share of a question's weight that is matched worst


@dataclass(frozen=True, slots=True)
class Signals:
    """Scores of the first passage that depend on the store and the language of the question.

    max_sim: its late interaction. segment: its best sentence's. lead: by how much its late interaction exceeds the
    mean of the next ten distinct passages. dense: the cosine of its best representation. weakest: the cosine below
    which a tenth of the question's tokens, weighted by rarity, find their match in it: what the question asks and
    the passage does not speak of matches badly, however well the topic does. length: the logarithm of the
    question's tokens; the same score says more of a long question.
    """

    max_sim: float
    segment: float
    lead: float
    dense: float
    weakest: float
    length: float


def read_signals(
    query: EncodedQuery, ranking: Ranking, hybrid: RetrievalBackend, *, representations: Sequence[int]
) -> Signals:
    """Return the signals of the first of `ranking`, whose representations have these numbers."""
    first, *others = ranking.candidates[: 1 + _NEXT]
    return Signals(
        max_sim=first.max_sim,
        segment=max(ranking.hits[0].sentences),
        lead=first.max_sim - float(np.mean([each.max_sim for each in others] or [0.0])),
        dense=float(hybrid.similarities(query.encoding.pooled, representations).max()),
        weakest=_quantile(ranking.matches, ranking.weights, _WEAKEST),
        length=float(np.log1p(len(ranking.weights))),
    )


def _quantile(values: Vector, weights: Vector, share: float) -> float:
    """Return the value below which `share` of the weight lies; the weights sum to 1."""
    order = np.argsort(values, kind="stable")
    ordered = weights[order]
    return float(np.interp(share, np.cumsum(ordered) - ordered / 2, values[order]))
