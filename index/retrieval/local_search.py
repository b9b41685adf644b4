"""Candidates from the indexes in this process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.errors import REBUILD, StoreError
from index.retrieval.bm25 import BM25Index
from index.retrieval.dense import DenseIndex
from index.retrieval.encoded_query import EncodedQuery


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """The `CandidateSearch` by FAISS and bm25s."""

    dense: DenseIndex
    bm25: BM25Index

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that dense search and BM25 propose, up to `count` each."""
        scores = self.bm25.scores([*query.terms, *query.literals])
        count = min(count, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        return [*self.dense.nearest(query.encoding.pooled, count), *best[scores[best] > 0].tolist()]

    def check(self, representations: int) -> None:
        """Raise StoreError if not just that many representations can be found."""
        if len(self.dense) != representations:
            raise StoreError(
                f"the index has {len(self.dense)} vectors for {representations} representations; {REBUILD}"
            )
