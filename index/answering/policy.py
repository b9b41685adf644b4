"""How an index ranks and when it answers: one frozen value, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from index.retrieval.ranking_config import DEFAULT_RANKING, RankingConfig
from index.settings import DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """How passages are ranked, and the confidence from which a question counts as answered."""

    threshold: float = DEFAULT_THRESHOLD
    ranking: RankingConfig = DEFAULT_RANKING


DEFAULT_POLICY = AnswerPolicy()
