"""The features of a ranking's first passage, from which its confidence is computed."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache

from index.answering.confidence.calibration import Features
from index.answering.confidence.signals import read_signals
from index.answering.stored_index import StoredIndex
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.searcher import Ranking
from index.text.terms import terms
from index.types import Vector

_NOTHING_FOUND = Features(0, 0, 0, 0, 0, 0, 0, 0)


def extract_features(
    query: EncodedQuery, ranking: Ranking, stored: StoredIndex, *, representations: list[int]
) -> Features:
    """Return the features of the first of `ranking`, whose representations have these numbers.

    representations: empty if nothing was found.
    """
    if not ranking.hits:
        return _NOTHING_FOUND
    signals = read_signals(query, ranking, stored.hybrid, representations=representations)
    normalized = stored.background.normalize(signals, chinese=query.is_chinese)
    question, model = query.encoding.pooled, stored.answerability
    answerability = _answerability(question, ranking.candidates[0].passage, stored)
    crosses = stored.corpus.representations[representations[0]].is_chinese != query.is_chinese
    return Features(
        **asdict(normalized),
        coverage=0.0 if crosses else _coverage(query, stored, representations),
        cross_language=float(crosses),
        unanswerable=model.nearest_unanswerable(question) if model else None,
        answerability=answerability,
    )


def _coverage(query: EncodedQuery, stored: StoredIndex, representations: list[int]) -> float:
    """Return the share of the question's terms, weighted by rarity, that the best of `representations` holds.

    One is added to each rarity: where all documents say the same, the only rare terms are those that none of them has.
    """
    rarity = {term: 1 + stored.hybrid.rarity(term) for term in query.terms}
    held = [_terms_of(stored.corpus.representations[number].text) for number in representations]
    # Sum in the question's order: a set's differs between processes, and with it the last digit.
    covered = max(sum(value for term, value in rarity.items() if term in each) for each in held)
    return covered / (sum(rarity.values()) or 1.0)


def _answerability(question: Vector, passage: int, stored: StoredIndex) -> float | None:
    """Return None if the passage's document has no annotated questions: those of others do not tell."""
    has_questions = stored.corpus.passages[passage].document in stored.corpus.answered
    return stored.answerability.answerability(question) if stored.answerability and has_questions else None


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
