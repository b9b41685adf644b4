"""Candidate generation, scoring and ranking of passages for one query."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from types import MappingProxyType

import numpy as np

from index.corpus.corpus import Corpus
from index.retrieval.backend import RetrievalBackend
from index.retrieval.copies import CopyFinder
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.fusion import CandidateScores, fuse, score_candidates
from index.retrieval.interaction.late_interaction import MaxSimScores
from index.retrieval.lazy import Lazy
from index.retrieval.passage_sentences import read_sentences
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.retrieval.reading.passage_reader import NO_READER, ReaderChoice
from index.retrieval.reading.passage_reading import OwnWords, PassageReading, Reading
from index.retrieval.reranking import mix, reranked_order
from index.text.terms import literals
from index.types import Hit, Reranker, Vector

# What a sentence without the question's option, version or other literal loses against one with it, in units of
# MaxSim: more than HIGHLIGHT_MARGIN, so that it is not highlighted beside it.
_LITERAL_MARGIN = 0.25

# What a sentence that is itself a question loses, in units of MaxSim: as much as HIGHLIGHT_MARGIN, so that a sentence
# beside it that scores as well is highlighted in its place.
_QUESTION_MARGIN = 0.05

_KNOWN_PASSAGES = 4096  # whose sentences are kept: some 10 MB

_NONE_RELATED: Mapping[int, Collection[int]] = MappingProxyType({})


def _none() -> Vector:
    return np.empty(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The distinct candidates, best first, and the hits: the first of them with their sentences scored.

    copies: by the passage of a hit, the hits that say the same in nearly the same words. weights: (question tokens,)
    that sum to 1. matches: (question tokens,) the cosine of each with the nearest token of the first candidate. The
    sentences of hits and copies are scored when these are asked for. readings: of the first candidates, in their order;
    empty without a reader.
    """

    hits: Sequence[Hit]
    candidates: tuple[CandidateScores, ...]
    copies: Mapping[int, Sequence[Hit]] = field(default_factory=dict)
    weights: Vector = field(default_factory=_none, compare=False)
    matches: Vector = field(default_factory=_none, compare=False)
    readings: tuple[Reading, ...] = field(default=(), compare=False)


def _always(_ranking: Ranking) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Found:
    """The candidates of a query, best first, each with its copies behind it, and what hits are made of.

    scores: by passage. readings: by passage, of those that were read. numbers: the representations that were scored, as
    `max_sim` has them. in_context: the scores of all their segments.
    """

    groups: Sequence[Sequence[CandidateScores]]
    scores: Mapping[int, float]
    numbers: list[int]
    max_sim: MaxSimScores
    in_context: Vector
    readings: Mapping[int, Reading] = field(default_factory=dict)


class Searcher:
    """Ranks the passages of one corpus."""

    def __init__(
        self,
        corpus: Corpus,
        backend: RetrievalBackend,
        *,
        config: RankingConfig = DEFAULT_RANKING,
        reader: ReaderChoice = NO_READER,
        reranker: Reranker | None = None,
    ) -> None:
        self._corpus = corpus
        self._backend = backend
        self._config = config
        self._reader = reader
        self._reranker = reranker
        self._columns = corpus.tables.columns
        self._copies = CopyFinder(corpus)
        # Of the corpus, not a method: an index that holds itself would keep its files open until garbage is collected.
        self._known_sentences = lru_cache(maxsize=_KNOWN_PASSAGES)(partial(read_sentences, corpus))

    def search(
        self,
        query: EncodedQuery,
        *,
        top: int,
        document: str | None = None,
        related: Mapping[int, Collection[int]] = _NONE_RELATED,
        is_open: Callable[[Ranking], bool] = _always,
    ) -> Ranking:
        """Rank the passages, of one document only if it is named.

        The hits are the first `top` distinct ones, and of the candidates after them those that `related` names for
        the first. The reader, where there is one, reads the first few; the reranker as well if their ranking `is_open`.
        """
        found = self._find(query, document, top=top)
        if found is None:
            return Ranking((), ())
        found = self._read(query, found)
        ranking = self._select(query, found, top=top, related=related)
        if self._reranker is None or len(ranking.candidates) < 2 or not is_open(ranking):
            return ranking
        return self._select(query, self._reranked(query, found, self._reranker), top=top, related=related)

    def _find(self, query: EncodedQuery, document: str | None, *, top: int) -> _Found | None:
        numbers = self._candidates(query, document)
        if not numbers:
            return None
        max_sim = self._backend.max_sim(query, numbers, self._config)
        candidates = score_candidates(
            self._columns.passages[numbers],
            self._columns.is_annotation[numbers],
            max_sim,
            self._bm25(query, numbers),
        )
        scores = fuse(candidates, self._config)
        ranked = [candidates[at] for at in np.argsort(-scores, kind="stable")]
        score_of = dict(zip((each.passage for each in candidates), scores.tolist(), strict=True))
        groups = self._copies.group(ranked, distinct=top)
        return _Found(groups, score_of, numbers, max_sim, max_sim.in_context())

    def _select(
        self, query: EncodedQuery, found: _Found, *, top: int, related: Mapping[int, Collection[int]]
    ) -> Ranking:
        included = related.get(found.groups[0][0].passage, ())

        def hits(candidates: Sequence[CandidateScores]) -> Sequence[Hit]:
            return Lazy(len(candidates), lambda at: self._hit(query, candidates[at], found))

        shown = [g for rank, g in enumerate(found.groups) if rank < top or g[0].passage in included]
        return Ranking(
            hits=hits([group[0] for group in shown]),
            candidates=tuple(group[0] for group in found.groups),
            copies={group[0].passage: hits(group[1:]) for group in shown if len(group) > 1},
            weights=found.max_sim.weights,
            matches=found.max_sim.whole_matches[:, found.groups[0][0].positions].max(axis=1),
            readings=tuple(
                found.readings[group[0].passage]
                for group in found.groups[: self._config.reranked]
                if group[0].passage in found.readings
            ),
        )

    def strongest_match(self, query: EncodedQuery) -> float:
        """Return the cosine of the best match that any token of the question has in the candidates; 0 without any."""
        numbers = self._candidates(query, None)
        return self._backend.max_sim(query, numbers, self._config).strongest if numbers else 0.0

    def _bm25(self, query: EncodedQuery, numbers: list[int]) -> Vector:
        """Return BM25 scores: all terms count in the question's language, literals in any."""
        scores = self._backend.bm25_scores([*query.terms, *query.literals], numbers)
        across = self._backend.bm25_scores(query.literals, numbers) if query.literals else np.zeros_like(scores)
        return np.where(self._columns.is_chinese[numbers] == query.is_chinese, scores, across)

    @cached_property
    def _reading(self) -> PassageReading | None:
        reader = self._reader.load()
        return None if reader is None else PassageReading(reader, self._backend, self._config)

    def _read(self, query: EncodedQuery, found: _Found) -> _Found:
        """Return the candidates in the reader's and the engine's order, with what it says of the first few.

        One arm alone keeps its order, and so do passages with annotations, which the reader does not read: recall@1 of
        the development questions is 0.918 as the engine ranks them and would be 0.874; without annotations 0.689 and
        0.705.
        """
        first = [group[0] for group in found.groups[: self._config.reranked]]
        is_annotated = any(len(each.positions) > 1 for each in first)
        reading = self._reading if self._reader.reads_annotated or not is_annotated else None
        if reading is None:
            return found
        words = self._own_words(query, found, [each.positions[0] for each in first])
        readings = reading.read(query, words, found.max_sim, found.in_context)
        order = list(range(len(first)))
        if self._config.arm is Arm.FUSED and not is_annotated:
            engine = np.array([found.scores[each.passage] for each in first], dtype=np.float32)
            logits = np.array([each.logit for each in readings], dtype=np.float32)
            order = np.argsort(-mix(engine, logits, weight=self._config.reader_weight), kind="stable").tolist()
        by_passage = dict(zip((each.passage for each in first), readings, strict=True))
        return replace(self._reordered(found, order), readings=by_passage)

    def _own_words(self, query: EncodedQuery, found: _Found, positions: list[int]) -> list[OwnWords]:
        numbers = [found.numbers[at] for at in positions]
        texts = (self._corpus.representations[number].text for number in numbers)
        bm25 = self._bm25(query, numbers).tolist()
        crosses = (self._columns.is_chinese[numbers] != query.is_chinese).tolist()
        return [OwnWords(*each) for each in zip(numbers, positions, texts, bm25, crosses, strict=True)]

    def _reranked(self, query: EncodedQuery, found: _Found, reranker: Reranker) -> _Found:
        """Return the candidates in the reranker's and the engine's order, or as they are if the reranker has failed."""
        first = found.groups[: self._config.reranked]
        scores = [found.scores[group[0].passage] for group in first]
        order = reranked_order(
            query.text,
            [self._text(group[0].passage) for group in first],
            np.array(scores, dtype=np.float32),
            reranker=reranker,
            weight=self._config.reranker_weight,
        )
        return found if order is None else self._reordered(found, order)

    def _reordered(self, found: _Found, order: list[int]) -> _Found:
        """Return the candidates with the first few in this order.

        A rank keeps its score: those of the few stay comparable with the others' and go on falling.
        """
        scores = [found.scores[group[0].passage] for group in found.groups[: len(order)]]
        moved = [found.groups[at] for at in order]
        score_of = dict(zip((group[0].passage for group in moved), scores, strict=True))
        return replace(found, groups=[*moved, *found.groups[len(order) :]], scores={**found.scores, **score_of})

    def _text(self, passage: int) -> str:
        """Return the passage's own normalized words, below its title and headings."""
        return self._corpus.representations[int(self._columns.starts[passage])].text

    def _candidates(self, query: EncodedQuery, document: str | None) -> list[int]:
        """Return the representations to score: every one of each passage that is chosen, in the corpus' order."""
        columns = self._columns
        if document is not None:
            number = self._corpus.library.number(document)
            chosen = np.flatnonzero(columns.documents == (-1 if number is None else number))
        elif len(columns.passages) <= self._config.exhaustive:
            return list(range(len(columns.passages)))
        else:
            proposed = self._backend.candidates(query, self._config.candidates)
            chosen = np.unique(columns.passages[np.asarray(proposed, dtype=np.int64)])
        return columns.representations_of_all(chosen)

    def _hit(self, query: EncodedQuery, candidate: CandidateScores, found: _Found) -> Hit:
        sentences = self._sentences(query, candidate, found)
        return Hit(candidate.passage, found.scores[candidate.passage], sentences)

    def _sentences(self, query: EncodedQuery, candidate: CandidateScores, found: _Found) -> tuple[float, ...]:
        """Return a score for each sentence; those without the question's literals lose to those with them.

        So do questions to sentences that may answer them.
        """
        known = self._known_sentences(candidate.passage)
        first, last = candidate.positions[0], candidate.positions[-1]  # a passage's representations are neighbours
        scores = known.cover.score(found.in_context[found.max_sim.ends[first] : found.max_sim.ends[last + 1]])
        asked = set(query.literals)
        held = [len(asked.intersection(literals(text))) if asked else 0 for text in known.texts]
        most = max(held)
        return tuple(
            score - _QUESTION_MARGIN * asks - _LITERAL_MARGIN * (most - count) / max(1, most)
            for score, asks, count in zip(scores, known.are_questions, held, strict=True)
        )
