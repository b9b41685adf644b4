"""Candidates from the indexes in this process."""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import REBUILD, StoreError
from index.retrieval.candidates.bm25 import BM25Index
from index.retrieval.candidates.dense import DenseIndex
from index.retrieval.encoded_query import EncodedQuery


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """The `CandidateSearch` by FAISS and bm25s."""

    dense: DenseIndex
    bm25: BM25Index

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that BM25 proposes, up to `count`, and dense search, up to half as many more."""
        by_words = self.bm25.best([*query.terms, *query.literals], count)
        return [*self.dense.nearest(query.encoding.pooled, count + count // 2), *by_words]

    def check(self, representations: int) -> None:
        """Raise StoreError if not just that many representations can be found."""
        if len(self.dense) != representations:
            raise StoreError(
                f"the index has {len(self.dense)} vectors for {representations} representations; {REBUILD}"
            )
