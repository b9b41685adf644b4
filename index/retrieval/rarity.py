"""How rare a term is among texts, of which copies count once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.types import Vector


def rarity(holding: NDArray[np.int64], texts: int) -> Vector:
    """Return the inverse document frequency, in nats, of terms that so many of `texts` hold (as in Lucene's BM25)."""
    return np.asarray(np.log1p((texts - holding + 0.5) / (holding + 0.5)))


def count_distinct(texts: NDArray[np.int64]) -> int:
    """Return how many different texts there are among numbered ones."""
    return len(np.unique(texts))


def count_holding(terms: NDArray[np.int64], texts: NDArray[np.int64], *, known: int) -> NDArray[np.int64]:
    """Return how many different texts hold each of the `known` terms, numbered from 0: (known,).

    terms, texts: (occurrences,) the number of a term and of a text that holds it.
    """
    width = int(texts.max(initial=0)) + 1
    pairs = np.unique(terms.astype(np.int64) * width + texts)
    return np.bincount(pairs // width, minlength=known)
