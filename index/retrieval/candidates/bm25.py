"""BM25 over the terms of texts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self, TypeAlias

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.retrieval.candidates.term_counts import count_terms, document_frequencies, weigh_terms
from index.retrieval.rarity import rarity
from index.types import Vector

_MOST_SCORED = 20_000  # texts that are all scored for candidates; of more, only those that can be among the best
_MAPPED_BYTES = 64 << 20  # of an index from which it stays on disk and is mapped
_FREQUENCIES = "document_frequency.npy"  # the number of texts, then for each term of the index how many hold it

# Of bm25s' index: the weights and the texts of all terms, and where those of each begin.
_ARRAYS = ("data", "indices", "indptr")

_Posting: TypeAlias = tuple[NDArray[np.int32], Vector]


class BM25Index:
    """An inverted index of texts, numbered from 0 (bm25s; Robertson & Zaragoza 2009)."""

    def __init__(self, index: bm25s.BM25, frequencies: NDArray[np.int64]) -> None:
        self._index = index
        self._frequencies = frequencies
        self._size = int(index.scores["num_docs"])
        # As plain arrays: each slice of a `memmap` costs ten times as much.
        self._data, self._indices, self._indptr = (np.asarray(index.scores[name]) for name in _ARRAYS)

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], *, distinct: NDArray[np.int64] | None = None) -> Self:
        """Index the terms of each text; those of one number in `distinct` (texts,) count once in frequencies."""
        counted = count_terms(texts)
        numbers = np.arange(counted.matrix.shape[0]) if distinct is None else distinct
        frequencies = document_frequencies(counted, numbers)
        index = bm25s.BM25()
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # bm25s itself sets it to DEBUG
        index.scores = weigh_terms(counted, frequencies, k1=index.k1, b=index.b)
        index.vocab_dict, index.nonoccurrence_array = counted.vocabulary, None
        return cls(index, frequencies)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote."""
        is_mapped = sum(path.stat().st_size for path in folder.glob("*.npy")) > _MAPPED_BYTES
        return cls(bm25s.BM25.load(folder, load_corpus=False, mmap=is_mapped), np.load(folder / _FREQUENCIES))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        self._index.save(folder, show_progress=False)
        np.save(folder / _FREQUENCIES, self._frequencies)

    def scores(self, question_terms: Sequence[str]) -> Vector:
        """Score every text for the question's terms: (texts,), 0 where none occurs."""
        known = [term for term in dict.fromkeys(question_terms) if term and term in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def scores_of(self, question_terms: Sequence[str], numbers: Sequence[int]) -> Vector:
        """Score the texts of these numbers as `scores` does: (numbers,)."""
        asked = np.asarray(numbers, dtype=np.int64)
        found = np.zeros(len(asked), dtype=np.float32)
        for texts, weights in self._postings(question_terms):
            _add(found, asked, texts, weights)
        return found

    def best(self, question_terms: Sequence[str], count: int) -> list[int]:
        """Return the up to `count` texts that score highest, in no order; none that scores 0."""
        if self._size > _MOST_SCORED:
            return _best(self._postings(question_terms), self._size, count)
        scores = self.scores(question_terms)
        highest = np.argpartition(-scores, min(count, self._size) - 1)[:count]
        found: list[int] = highest[scores[highest] > 0].tolist()
        return found

    def _postings(self, question_terms: Sequence[str]) -> list[_Posting]:
        """Return the texts that hold each of the question's terms, in rising order, and its weight in each."""
        data, indices, indptr = self._data, self._indices, self._indptr
        vocabulary = self._index.vocab_dict
        at = (vocabulary[term] for term in dict.fromkeys(question_terms) if term and term in vocabulary)
        return [(indices[indptr[a] : indptr[a + 1]], data[indptr[a] : indptr[a + 1]]) for a in at]

    def weights(self, numbers: Sequence[int] | None = None) -> Iterator[dict[int, float]]:
        """Yield the weight of each term, by its number, in all texts or in those of these numbers.

        A text's score is the sum of the weights that it has for the question's terms.
        """
        from scipy.sparse import csc_array

        by_term = csc_array(
            (self._data, self._indices, self._indptr),
            shape=(self._size, len(self._indptr) - 1),
        )
        by_text = by_term.tocsr()
        for number in range(self._size) if numbers is None else numbers:
            own = slice(by_text.indptr[number], by_text.indptr[number + 1])
            yield dict(zip(by_text.indices[own].tolist(), by_text.data[own].tolist(), strict=True))

    def weights_of_question(self, question_terms: Sequence[str]) -> dict[int, float]:
        """Return 1 for each of the question's terms that any text has, by its number."""
        vocabulary = self._index.vocab_dict
        return {int(vocabulary[term]): 1.0 for term in question_terms if term and term in vocabulary}

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term` in nats, the highest for an unknown term."""
        at = self._index.vocab_dict.get(term) if term else None
        holding = self._frequencies[1:][[] if at is None else [at]]
        return float(rarity(holding.sum(), int(self._frequencies[0])))


def _add(scores: Vector, numbers: NDArray[np.int64], texts: NDArray[np.int32], weights: Vector) -> None:
    """Add the weight of one term to the scores of the texts of these numbers that hold it."""
    if len(texts):
        at = np.minimum(np.searchsorted(texts, numbers), len(texts) - 1)
        scores += np.where(texts[at] == numbers, weights[at], np.float32(0))


def _best(postings: Sequence[_Posting], size: int, count: int) -> list[int]:
    """Return the `count` texts of the highest scores, term at a time (Buckley & Lewit 1985).

    The terms of the highest weights come first. Once those that follow cannot lift a text that holds none of them so
    far among the best, they are only looked up in the texts that can still get there.
    """
    scores, touched, threshold = np.zeros(size, dtype=np.float32), np.empty(0, dtype=np.int64), 0.0
    ordered = sorted(postings, key=lambda posting: -posting[1].max())
    bounds = np.cumsum([float(weights.max()) for _, weights in reversed(ordered)])[
        ::-1
    ]  # of each and all after it
    for at, (texts, weights) in enumerate(ordered):
        if bounds[at] < threshold:
            touched = touched[scores[touched] >= threshold - bounds[at]]
            for later in ordered[at:]:
                partial = scores[touched]
                _add(partial, touched, *later)
                scores[touched] = partial
            break
        touched = np.concatenate([touched, texts[scores[texts] == 0]])
        scores[texts] += weights
        if len(touched) >= count:
            threshold = float(-np.partition(-scores[touched], count - 1)[count - 1])
    held = scores[touched]
    if len(held) > count:
        touched = touched[np.argpartition(-held, count - 1)[:count]]
    found: list[int] = touched.tolist()
    return found
