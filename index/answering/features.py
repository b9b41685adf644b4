"""The features of a ranking's first passage, from which its confidence is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from index.answering.confidence.calibration import BY_READER, Features
from index.answering.confidence.signals import read_signals
from index.answering.stored_index import StoredIndex
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.retrieval.reading.coverage import coverages
from index.retrieval.reading.passage_reading import Reading
from index.retrieval.reading.scores import column
from index.retrieval.searcher import Ranking
from index.types import Vector

_FEWEST = DEFAULT_RANKING.reranked  # readings to compare; the reader was trained with that many passages
_NOTHING_FOUND = Features(*[0.0] * 8)


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
    texts = [stored.corpus.representations[number].text for number in representations]
    return Features(
        **asdict(normalized),
        coverage=0.0 if crosses else max(coverages(query, texts, stored.hybrid)),
        cross_language=float(crosses),
        **_of_readings(ranking.readings),
        unanswerable=model.nearest_unanswerable(question) if model else None,
        answerability=answerability,
    )


def _of_readings(readings: Sequence[Reading]) -> dict[str, float]:
    """Return the features by the reader; none without one, or where there are too few passages to compare."""
    if len(readings) < _FEWEST:
        return {}
    logits = np.array([each.logit for each in readings])
    first, scores = logits[0], readings[0].scores
    values = (
        first,
        logits.max(),
        np.logaddexp.reduce(logits),
        first - logits[1:].max(),
        *(scores[column(name)] for name in ("dense", "sentence lead", "dense lead", "spread")),
    )
    return dict(zip(BY_READER, map(float, values), strict=True))


def _answerability(question: Vector, passage: int, stored: StoredIndex) -> float | None:
    """Return None if the passage's document has no annotated questions: those of others do not tell."""
    has_questions = stored.corpus.passages[passage].document in stored.corpus.answered
    return stored.answerability.answerability(question) if stored.answerability and has_questions else None
