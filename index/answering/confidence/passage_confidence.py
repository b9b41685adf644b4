"""The confidence of each passage of an answer, and which of them are likely enough to be shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from index.types import Quote

T = TypeVar("T")

# The probability that a further passage answers what the first answers, by how far its score is below the first's in
# standard deviations of the fused scores: a logistic regression on the passages ranked 2 to 10 of 22 questions of real
# talk that ask for a list.
_INTERCEPT = 0.34
_SLOPE = -1.27

# Of those lists 0.92 of the passages that answer are shown and 0.49 of those shown answer; with 0.17, 0.83 and 0.67,
# with 0.28, 0.66 and 0.69; of ten passages each, 0.97 and 0.25. The share of all answerable questions with an answer
# among the first three stays at 0.960.
LEAST_LIKELY = 0.10


def likelihood_of_further(drop: float) -> float:
    """Return how likely a passage answers too if the first does; drop: its score below the first's, at least 0."""
    return 1 / (1 + math.exp(-(_INTERCEPT + _SLOPE * min(drop, 50.0))))


def add_confidence(quotes: Sequence[Quote], first: float) -> tuple[Quote, ...]:
    """Return the quotes with their confidence; that of the first is `first`. A quote shares it with its `also`."""
    return tuple(_with_confidence(quotes, first))


def drop_unlikely(ranked: Iterable[T], score: Callable[[T], float]) -> Iterator[T]:
    """Yield what is ranked by `score`, best first, up to one that is unlikely to answer if the first does."""
    first: float | None = None
    for each in ranked:
        first = score(each) if first is None else first
        if likelihood_of_further(max(0.0, first - score(each))) < LEAST_LIKELY:
            return
        yield each


def _with_confidence(quotes: Sequence[Quote], first: float) -> Iterator[Quote]:
    for number, quote in enumerate(quotes):
        likelihood = likelihood_of_further(max(0.0, quotes[0].score - quote.score)) if number else 1.0
        confidence = first * likelihood
        also = tuple(replace(other, confidence=confidence) for other in quote.also)
        yield replace(quote, confidence=confidence, also=also)
