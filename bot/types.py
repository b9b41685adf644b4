"""Shared value types of the bot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from index import BuildStage, Language, Outcome


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


class Rating(Enum):
    """What a person said of an answer: that it helped, or that it did not, and why if they said so."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    WRONG_PASSAGE = "wrong_passage"
    NO_ANSWER = "no_answer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question that was not answered or rated as unhelpful, and how often for which reason.

    text: None where questions are not kept. asked_at: ISO 8601, in UTC. unhelpful: ratings, those with a reason among
    them.
    """

    text: str | None
    language: Language
    asked_at: str
    outcome: Outcome
    unhelpful: int = 0
    wrong_passage: int = 0
    no_answer: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """One wording of a question: how often it was asked in vain, how that ended, and how it was rated.

    first, last: ISO 8601, in UTC. unhelpful: ratings, those with a reason among them.
    """

    text: str
    language: Language
    first: str
    last: str
    times: int
    declined: int
    unsure: int
    unhelpful: int
    wrong_passage: int
    no_answer: int
    other: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Wordings of one question, the most frequent first."""

    wordings: tuple[QuestionTally, ...]

    @property
    def times(self) -> int:
        """How often it was asked in any wording."""
        return sum(wording.times for wording in self.wordings)


@dataclass(frozen=True, slots=True)
class GapReport:
    """What the documents lack, the most frequent first.

    days: the period. without_text: how many more there were whose question is not kept. by_meaning: False where only
    the wording could be compared.
    """

    gaps: tuple[Gap, ...]
    days: int
    without_text: int
    by_meaning: bool
