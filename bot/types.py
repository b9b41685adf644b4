"""Shared value types of the bot."""

from __future__ import annotations

from dataclasses import dataclass

from index import BuildStage


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is: `done` of `total` steps of `stage`."""

    stage: BuildStage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class QueryStatistics:
    """Answers of the last seven days: how many, how fast, and how they were rated.

    today: answers of the last 24 hours. average: answers a day. declined: answers without a quote.
    median_ms, high_ms: median and 95th percentile of the time to answer.
    """

    today: int
    average: float
    declined: int
    median_ms: float
    high_ms: float
    helpful: int
    unhelpful: int
