"""What ranking needs of an index, whatever stores it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.interaction.late_interaction import MaxSimScores
from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.ranking_config import RankingConfig
from index.types import Vector


class CandidateSearch(Protocol):
    """The first stage: dense search and BM25 over all representations, in this process or in a database."""

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that BM25 proposes, up to `count`, and dense search, up to half as many more."""

    def check(self, representations: int) -> None:
        """Raise StoreError if not just that many representations can be found."""


class RetrievalBackend(Protocol):
    """An index of representations, numbered from 0 in the order of the corpus."""

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that BM25 proposes, up to `count`, and dense search, up to half as many more."""

    def similarities(self, question: Vector, representations: Sequence[int]) -> Vector:
        """Return the cosine of the pooled vector `question` with each representation."""

    def bm25_scores(self, terms: Sequence[str], representations: Sequence[int]) -> Vector:
        """Return the BM25 score of each representation, 0 where no term occurs."""

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term` in nats."""

    def max_sim(self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig) -> MaxSimScores:
        """Return the late-interaction scores of each representation and of its segments."""

    def read_tokens(
        self, query: EncodedQuery, representations: Sequence[int], config: RankingConfig
    ) -> ReadTokens:
        """Return the token vectors of the question and of each representation."""
