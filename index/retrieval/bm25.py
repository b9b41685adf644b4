"""BM25 over the terms of texts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np

from index.types import Vector


class BM25Index:
    """An inverted index of texts, numbered from 0 (bm25s; Robertson & Zaragoza 2009)."""

    def __init__(self, index: bm25s.BM25, document_frequency: dict[str, int], size: int) -> None:
        self._index = index
        self._document_frequency = document_frequency
        self._size = size

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> Self:
        """Index the terms of each text."""
        cut = [list(terms) or [""] for terms in texts]
        index = bm25s.BM25()
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # bm25s itself sets it to DEBUG
        index.index(cut, show_progress=False)
        return cls._counted(index, len(cut))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote."""
        index = bm25s.BM25.load(folder, load_corpus=False)
        return cls._counted(index, int(index.scores["num_docs"]))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        self._index.save(folder, show_progress=False)

    def scores(self, question_terms: Sequence[str]) -> Vector:
        """Score every text for the question's terms: (texts,), 0 where none occurs."""
        known = [term for term in dict.fromkeys(question_terms) if term in self._document_frequency]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term` in nats, the highest for an unknown term."""
        holding = self._document_frequency.get(term, 0)
        return float(np.log1p((self._size - holding + 0.5) / (holding + 0.5)))

    @classmethod
    def _counted(cls, index: bm25s.BM25, size: int) -> Self:
        # The index is a sparse matrix by term; the length of a term's row is its document frequency.
        lengths = np.diff(index.scores["indptr"])
        return cls(index, {term: int(lengths[at]) for term, at in index.vocab_dict.items() if term}, size)
