"""Candidate generation, scoring and ranking of passages for one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from index.corpus.corpus import Corpus
from index.retrieval.backend import RetrievalBackend
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.fusion import CandidateScores, fuse, score_candidates, score_sentences
from index.retrieval.late_interaction import MaxSimScores
from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig
from index.retrieval.reranker import Reranker
from index.types import Hit, Vector

_NONE_RELATED: Mapping[int, Collection[int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates, best first, and the hits: the first of them with their sentences scored."""

    hits: tuple[Hit, ...]
    candidates: tuple[CandidateScores, ...]


class Searcher:
    """Ranks the passages of one corpus; `representations_of` has the numbers of each passage's representations."""

    def __init__(
        self,
        corpus: Corpus,
        backend: RetrievalBackend,
        *,
        config: RankingConfig = DEFAULT_RANKING,
        reranker: Reranker | None = None,
    ) -> None:
        self._corpus = corpus
        self._backend = backend
        self._config = config
        self._reranker = reranker
        self.representations_of: dict[int, list[int]] = {}
        for number, representation in enumerate(corpus.representations):
            self.representations_of.setdefault(representation.passage, []).append(number)

    def search(
        self,
        query: EncodedQuery,
        *,
        top: int,
        document: str | None = None,
        related: Mapping[int, Collection[int]] = _NONE_RELATED,
    ) -> Ranking:
        """Rank the passages, of one document only if it is named.

        The hits are the first `top`, and of the candidates after them those that `related` names for the first.
        """
        numbers = self._candidates(query, document)
        if not numbers:
            return Ranking((), ())
        max_sim = self._backend.max_sim(query, numbers, self._config)
        candidates = score_candidates(
            [self._corpus.representations[number] for number in numbers],
            max_sim,
            self._backend.bm25_scores(query.terms, numbers),
            chinese=query.is_chinese,
            segment_weight=self._config.segment_weight,
        )
        scores = fuse(candidates, self._config)
        order = np.argsort(-scores, kind="stable")
        ranked = self._reranked(query, [candidates[at] for at in order])
        included = related.get(ranked[0].passage, ())
        hits = tuple(
            Hit(each.passage, score, self._sentences(each, numbers, max_sim))
            for rank, (score, each) in enumerate(zip(scores[order].tolist(), ranked, strict=True))
            if rank < top or each.passage in included
        )
        return Ranking(hits, tuple(ranked))

    def _reranked(self, query: EncodedQuery, ranked: list[CandidateScores]) -> list[CandidateScores]:
        """Return the candidates with the first few in the reranker's order.

        A rank keeps its score: those of the few stay comparable with the others' and go on falling.
        """
        if self._reranker is None:
            return ranked
        first = ranked[: self._config.reranked]
        scores: Vector = self._reranker.scores(query.text, [self._text(each.passage) for each in first])
        order = np.argsort(-scores, kind="stable")
        return [*(first[at] for at in order), *ranked[len(first) :]]

    def _text(self, passage: int) -> str:
        """Return the passage's own normalized words, below its title and headings."""
        return self._corpus.representations[self.representations_of[passage][0]].text

    def _candidates(self, query: EncodedQuery, document: str | None) -> list[int]:
        """Return the representations to score: every one of each passage that is chosen, in the corpus' order."""
        representations, passages = self._corpus.representations, self._corpus.passages
        if document is not None:
            chosen = {number for number in self.representations_of if passages[number].document == document}
        elif len(representations) <= self._config.exhaustive:
            chosen = set(self.representations_of)
        else:
            proposed = self._backend.candidates(query, self._config.candidates)
            chosen = {representations[number].passage for number in proposed}
        return [number for passage in sorted(chosen) for number in self.representations_of[passage]]

    def _sentences(
        self, candidate: CandidateScores, numbers: list[int], max_sim: MaxSimScores
    ) -> tuple[float, ...]:
        representations = [self._corpus.representations[numbers[at]] for at in candidate.positions]
        return score_sentences(representations, [max_sim.segments(at) for at in candidate.positions])
