"""Questions as members of a server really type them: how they are read and how an answer to one is judged.

A file is named `talk*.jsonl`; each line has `id, lang, kind, question, expect, evidence` and, for a follow-up,
`previous`. `evidence` has one inner list for each item of a complete answer, of alternative substrings of the
documents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from index.errors import DocumentsError
from index.types import Answer, Outcome, Query, Quote

Items: TypeAlias = tuple[tuple[str, ...], ...]

_LIST = "list"  # the kind of question that asks for several things


class Expectation(StrEnum):
    """What should become of a question; small talk belongs to the front desk."""

    ANSWER = "answer"
    UNSURE = "unsure"
    DECLINE = "decline"
    FRONTDESK = "frontdesk"


_OUTCOMES = {
    Expectation.ANSWER: Outcome.ANSWERED,
    Expectation.UNSURE: Outcome.UNSURE,
    Expectation.DECLINE: Outcome.DECLINED,
}


@dataclass(frozen=True, slots=True)
class TalkQuestion:
    """One question; items: what a complete answer highlights; previous: what was asked just before."""

    text: str
    language: str
    kind: str
    expected: Expectation
    items: Items = ()
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class TalkSet:
    """A file of questions."""

    name: str
    questions: tuple[TalkQuestion, ...]


@dataclass(frozen=True, slots=True)
class TalkJudgement:
    """How one question went; without evidence all but the outcome and `at_front_desk` is None.

    at_front_desk: whether the front desk replied.
    found: whether the first passage, shown as a quote or as the nearest, holds an item. highlighted: whether one of
    its highlights overlaps an item. completeness: the share of the items that overlap a highlight of some passage
    shown. precision: the share of the passages shown that hold an item.
    """

    question: TalkQuestion
    outcome: Outcome
    at_front_desk: bool = False
    found: bool | None = None
    highlighted: bool | None = None
    completeness: float | None = None
    precision: float | None = None

    @property
    def is_expected(self) -> bool:
        """Whether the outcome is the expected one; of small talk, and of nothing else, that the front desk replied."""
        expected = _OUTCOMES.get(self.question.expected)
        return self.at_front_desk if expected is None else self.outcome is expected and not self.at_front_desk

    @property
    def right(self) -> float:
        """0 for an unexpected outcome; else the completeness of a list, and otherwise 1 if an item was found.

        1 where nothing had to be found.
        """
        if not self.is_expected:
            return 0.0
        if self.question.kind == _LIST:
            return self.completeness or 0.0
        return float(self.found is not False)


AskTalk: TypeAlias = Callable[[Query], Answer]


def read_talk(path: Path) -> TalkSet:
    """Read a file of real-talk questions. Raises DocumentsError."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return TalkSet(path.stem, tuple(map(_question, rows)))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{path} is no file of real-talk questions: {error}") from error


def judge_talk(question: TalkQuestion, answer: Answer) -> TalkJudgement:
    """Compare one answer with what was expected; quotes that say the same count as one passage with theirs."""
    if not question.items:
        return TalkJudgement(question, answer.outcome, answer.front_desk is not None)
    shown = [(quote, *quote.also) for quote in answer.quotes or answer.nearest]
    holding = [_holds(group, question.items) for group in shown]
    highlighted = [{at for at, item in enumerate(question.items) if _highlights(group, item)} for group in shown]
    return TalkJudgement(
        question,
        answer.outcome,
        answer.front_desk is not None,
        found=bool(holding) and holding[0],
        highlighted=bool(highlighted) and bool(highlighted[0]),
        completeness=len(set(chain.from_iterable(highlighted))) / len(question.items),
        precision=sum(holding) / len(holding) if holding else None,
    )


def _question(row: dict[str, Any]) -> TalkQuestion:
    return TalkQuestion(
        text=row["question"],
        language=row["lang"],
        kind=row["kind"],
        expected=Expectation(row["expect"]),
        items=tuple(map(tuple, row["evidence"])),
        previous=row.get("previous"),
    )


def _holds(group: Sequence[Quote], items: Items) -> bool:
    return any(evidence in quote.text for quote in group for item in items for evidence in item)


def _highlights(group: Sequence[Quote], item: Sequence[str]) -> bool:
    return any(_overlaps(quote, evidence) for quote in group for evidence in item)


def _overlaps(quote: Quote, evidence: str) -> bool:
    found = quote.text.find(evidence)
    start = quote.start + found
    return found >= 0 and any(span.start < start + len(evidence) and start < span.end for span in quote.highlights)
