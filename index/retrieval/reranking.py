"""The order of passages by the engine's scores and a reranker's together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.types import Reranker, Vector


def standardized(scores: Vector) -> Vector:
    """Return the scores in standard deviations from their mean; zeros if all are equal."""
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-6), dtype=np.float32)


def mix(engine: Vector, reranker: Vector, *, weight: float) -> Vector:
    """Return the weighted mean of two scores of the same passages, each in its own standard deviations.

    weight: of the reranker, 0 to 1. A reranker's scale is unknown: logits of one model, similarities of another.
    """
    share = np.float32(weight)
    return np.asarray((1 - share) * standardized(engine) + share * standardized(reranker), dtype=np.float32)


def reranked_order(
    question: str, passages: Sequence[str], scores: Vector, *, reranker: Reranker, weight: float
) -> list[int] | None:
    """Return the order of `passages`, which have these scores of the engine; None if the reranker has failed."""
    read = reranker.scores(question, passages)
    if read is None:
        return None
    order: list[int] = np.argsort(-mix(scores, read, weight=weight), kind="stable").tolist()
    return order
