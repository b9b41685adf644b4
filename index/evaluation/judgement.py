"""Judge the ranked list of a system against the known answer of a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from index.evaluation.datasets.dataset import EvaluationQuestion
from index.types import Answer


@dataclass(frozen=True, slots=True)
class RankedItem:
    """One item of a ranked list: its document, its text, and the highlighted parts of it."""

    document: str
    text: str
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """The reply of a system: a ranked list (quotes or nearest), whether it answers, and how confident it is."""

    ranked: tuple[RankedItem, ...]
    answered: bool = True
    confidence: float = 1.0


Ask: TypeAlias = Callable[[str], Response]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one question went.

    rank: of the first hit, from 1; None without one. highlighted: whether the first item, if it is a hit, has a
    highlight that overlaps the evidence. highlighted_share: how much of that item's text is highlighted.
    """

    question: EvaluationQuestion
    rank: int | None
    answered: bool
    confidence: float
    highlighted: bool | None
    highlighted_share: float | None


def response_of(answer: Answer) -> Response:
    """Return what is judged of an answer; corroborating quotes are left out."""
    return Response(
        tuple(
            RankedItem(
                quote.document,
                quote.text,
                tuple(span.shift(-quote.start).of(quote.text) for span in quote.highlights),
            )
            for quote in answer.quotes or answer.nearest
        ),
        answer.answered,
        answer.confidence,
    )


def judge(question: EvaluationQuestion, response: Response) -> Judgement:
    """Compare one response with the known answer."""
    items = response.ranked
    if question.relevant:  # a document's rank is that of its best passage
        items = _first_of_each_document(items)
    rank = next((at for at, item in enumerate(items, start=1) if _is_hit(question, item)), None)
    highlighted = share = None
    if rank == 1 and question.evidence and items[0].highlights:
        first = items[0]
        highlighted = any(
            _overlaps(first.text, part, evidence) for part in first.highlights for evidence in question.evidence
        )
        share = sum(map(len, first.highlights)) / len(first.text)
    return Judgement(question, rank, response.answered, response.confidence, highlighted, share)


def _first_of_each_document(items: tuple[RankedItem, ...]) -> tuple[RankedItem, ...]:
    first: dict[str, RankedItem] = {}
    for item in items:
        first.setdefault(item.document, item)
    return tuple(first.values())


def _is_hit(question: EvaluationQuestion, item: RankedItem) -> bool:
    if question.relevant:
        return item.document in question.relevant
    return any(evidence in item.text for evidence in question.evidence)


def _overlaps(text: str, part: str, evidence: str) -> bool:
    start, found = text.find(part), text.find(evidence)
    return found >= 0 and start < found + len(evidence) and found < start + len(part)
