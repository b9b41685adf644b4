"""BM25 over the terms of texts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.retrieval.rarity import count_distinct, count_holding, rarity
from index.types import Vector

_FREQUENCIES = "document_frequency.npy"  # the number of texts, then for each term of the index how many hold it


class BM25Index:
    """An inverted index of texts, numbered from 0 (bm25s; Robertson & Zaragoza 2009)."""

    def __init__(self, index: bm25s.BM25, frequencies: NDArray[np.int64]) -> None:
        self._index = index
        self._frequencies = frequencies
        self._size = int(index.scores["num_docs"])

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], *, distinct: NDArray[np.int64] | None = None) -> Self:
        """Index the terms of each text; those of one number in `distinct` (texts,) count once in frequencies."""
        cut = [list(terms) or [""] for terms in texts]
        index = bm25s.BM25()
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # bm25s itself sets it to DEBUG
        index.index(cut, show_progress=False)
        return cls(index, _count_once(index, np.arange(len(cut)) if distinct is None else distinct))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote."""
        return cls(bm25s.BM25.load(folder, load_corpus=False), np.load(folder / _FREQUENCIES))

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

    def weights(self, numbers: Sequence[int] | None = None) -> Iterator[dict[int, float]]:
        """Yield the weight of each term, by its number, in all texts or in those of these numbers.

        A text's score is the sum of the weights that it has for the question's terms.
        """
        from scipy.sparse import csc_array

        by_term = csc_array(
            tuple(self._index.scores[name] for name in ("data", "indices", "indptr")),
            shape=(self._size, len(self._index.scores["indptr"]) - 1),
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


def _count_once(index: bm25s.BM25, distinct: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the frequencies of the index, and weigh its scores by them.

    bm25s has multiplied the scores, a sparse matrix with a row for each term, by the rarity among all texts.
    """
    lengths = np.diff(index.scores["indptr"]).astype(np.int64)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    holding = count_holding(rows, distinct[index.scores["indices"]], known=len(lengths))
    texts = count_distinct(distinct)
    if texts < len(distinct):
        weights = rarity(holding, texts) / rarity(lengths, len(distinct))
        index.scores["data"] *= np.repeat(weights, lengths).astype(np.float32)
    return np.concatenate([[texts], holding])
