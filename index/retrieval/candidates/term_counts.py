"""How often each text has each term, as a sparse matrix, and the weights of BM25.

bm25s counts by Python lists of all terms, which take 8 GB for a million passages; the matrix takes 1 GB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.retrieval.rarity import count_distinct, count_holding, rarity
from index.types import Vector

if TYPE_CHECKING:
    from scipy.sparse import csc_array

_STEP = 8192  # texts that are counted at a time


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The number of each term, and how often each text has it: (texts, terms), by columns.

    lengths: (texts,) in terms.
    """

    vocabulary: dict[str, int]
    matrix: csc_array
    lengths: NDArray[np.int32]


def count_terms(texts: Iterable[Sequence[str]]) -> TermCounts:
    """Count the terms of texts; one without any has the empty term."""
    from scipy.sparse import coo_array, csr_array

    vocabulary: dict[str, int] = {}
    counts: list[Vector] = []
    terms: list[NDArray[np.int32]] = []
    held: list[NDArray[np.int64]] = []
    lengths: list[NDArray[np.int32]] = []
    remaining = iter(texts)
    while chunk := list(islice(remaining, _STEP)):
        numbers = array("i")
        for text in chunk:
            numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in text or ("",)])
        lengths.append(np.array([len(text) or 1 for text in chunk], dtype=np.int32))
        rows = np.repeat(np.arange(len(chunk)), lengths[-1])
        ones = np.ones(len(rows), dtype=np.float32)
        part = coo_array((ones, (rows, np.asarray(numbers))), shape=(len(chunk), len(vocabulary))).tocsr()
        counts.append(part.data)
        terms.append(part.indices)
        held.append(np.diff(part.indptr))
    ends = np.concatenate([[0], np.cumsum(np.concatenate(held))])
    rows_first = csr_array(
        (np.concatenate(counts), np.concatenate(terms), ends), shape=(len(ends) - 1, len(vocabulary))
    )
    del counts, terms
    return TermCounts(vocabulary, rows_first.tocsc(), np.concatenate(lengths))


def document_frequencies(counted: TermCounts, distinct: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of distinct texts, then for each term how many of these hold it.

    distinct: (texts,) the same number for texts that count once.
    """
    held = np.diff(counted.matrix.indptr).astype(np.int64)
    is_copied = (np.bincount(distinct) > 1)[distinct]
    if is_copied.any():
        at = np.flatnonzero(is_copied[counted.matrix.indices])
        terms = np.searchsorted(counted.matrix.indptr, at, side="right") - 1
        held -= np.bincount(terms, minlength=len(held))
        held += count_holding(terms, distinct[counted.matrix.indices[at]], known=len(held))
    return np.concatenate([[count_distinct(distinct)], held])


def weigh_terms(counted: TermCounts, frequencies: NDArray[np.int64], *, k1: float, b: float) -> dict[str, Any]:
    """Return the weights of Lucene's BM25 in the form that bm25s keeps them in; the counts are overwritten."""
    matrix = counted.matrix
    relative = counted.lengths / counted.lengths.mean()
    saturation = (k1 * (1 - b + b * relative)).astype(np.float32)
    matrix.data /= matrix.data + saturation[matrix.indices]
    rarities = rarity(frequencies[1:], int(frequencies[0])).astype(np.float32)
    matrix.data *= np.repeat(rarities, np.diff(matrix.indptr))
    return {
        "data": matrix.data,
        "indices": matrix.indices.astype(np.int32, copy=False),
        "indptr": matrix.indptr,
        "num_docs": matrix.shape[0],
    }
