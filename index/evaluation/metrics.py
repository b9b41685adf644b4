"""Metrics over anything that can be asked: recall, highlights, and the judgement to decline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import DocumentsError
from index.types import Answer

_RESAMPLES = 2000
_DECISION_RESAMPLES = 500  # each sorts and counts anew: 2,000 of them take seconds, and move an end by 0.003
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose right answer is known.

    A ranked item is a hit when its document is in `relevant`, or its text holds one of `evidence`; a question
    with neither has no answer. Questions on one `fact` are resampled together.
    """

    text: str
    language: str
    kind: str
    fact: str
    evidence: tuple[str, ...] = ()
    relevant: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return bool(self.evidence or self.relevant)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One item of a ranked list: its document, its text, and the parts of it that are highlighted."""

    document: str
    text: str
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: the ranked list, quotes or nearest, and whether and how surely it is an answer."""

    ranked: tuple[Ranked, ...]
    answered: bool = True
    confidence: float = 1.0


Ask = Callable[[str], Reply]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; `rank` counts from 1, None without a hit.

    highlighted: whether the first item, where it is a hit, has a highlight that meets the evidence; share:
    how much of that item's text is highlighted.
    """

    question: Question
    rank: int | None
    answered: bool
    confidence: float
    highlighted: bool | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval, by resampling facts."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Decisions:
    """How well answering was told from declining; nan where nothing could be counted.

    precision: the answerable among the answered; recall: the answered among the answerable; declined: the
    declined among the unanswerable; accuracy: balanced, the mean of the last two.
    """

    precision: float
    recall: float
    declined: float
    accuracy: float
    auroc: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The metrics of one system over one set of questions; nan where nothing could be counted.

    The last five are those of `Decisions`.
    """

    questions: int
    answerable: int
    recall_1: Estimate
    recall_3: Estimate
    recall_5: Estimate
    reciprocal_rank: Estimate
    highlights: Estimate
    highlighted_share: float
    precision: float
    recall: float
    declined: float
    accuracy: float
    auroc: float


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read questions, a JSON object a line (tests/evaluation/README.md). Raises DocumentsError."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return tuple(
            Question(row["question"], row["language"], row["kind"], row["fact"], tuple(row["evidence"]))
            for row in rows
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{path} is no file of questions: {error}") from error


def reply_of(answer: Answer) -> Reply:
    """See an answer as an evaluation does; what else says the same is left out."""
    return Reply(
        tuple(
            Ranked(
                quote.document,
                quote.text,
                tuple(span.shift(-quote.start).of(quote.text) for span in quote.highlights),
            )
            for quote in answer.quotes or answer.nearest
        ),
        answer.answered,
        answer.confidence,
    )


def ask_all(questions: Iterable[Question], ask: Ask) -> list[Outcome]:
    """Ask every question and judge its reply."""
    return [judge(question, ask(question.text)) for question in questions]


def judge(question: Question, reply: Reply) -> Outcome:
    """Compare one reply with what is known."""
    items = reply.ranked
    if question.relevant:  # a document's rank is its best passage's
        items = tuple(
            {item.document: item for item in reversed(items)}[name]
            for name in dict.fromkeys(i.document for i in items)
        )
    rank = next((at for at, item in enumerate(items, start=1) if _is_hit(question, item)), None)
    highlighted = share = None
    if rank == 1 and question.evidence and items[0].highlights:
        first = items[0]
        highlighted = any(
            _meets(first.text, part, words) for part in first.highlights for words in question.evidence
        )
        share = sum(map(len, first.highlights)) / len(first.text)
    return Outcome(question, rank, reply.answered, reply.confidence, highlighted, share)


def score(outcomes: Sequence[Outcome]) -> Scores:
    """Sum up outcomes."""
    known = [outcome for outcome in outcomes if outcome.question.is_answerable]
    judged = [outcome for outcome in known if outcome.highlighted is not None]
    decisions = decide(outcomes)
    return Scores(
        questions=len(outcomes),
        answerable=len(known),
        recall_1=_estimate(known, [_within(each, 1) for each in known]),
        recall_3=_estimate(known, [_within(each, 3) for each in known]),
        recall_5=_estimate(known, [_within(each, 5) for each in known]),
        reciprocal_rank=_estimate(known, [1 / each.rank if each.rank else 0.0 for each in known]),
        highlights=_estimate(judged, [float(bool(each.highlighted)) for each in judged]),
        highlighted_share=float(np.mean([each.share for each in judged])) if judged else np.nan,
        precision=decisions.precision,
        recall=decisions.recall,
        declined=decisions.declined,
        accuracy=decisions.accuracy,
        auroc=decisions.auroc,
    )


def decide(outcomes: Iterable[Outcome]) -> Decisions:
    """Sum up what was answered and what was declined."""
    outcomes = list(outcomes)
    known = [outcome for outcome in outcomes if outcome.question.is_answerable]
    unknown = [outcome for outcome in outcomes if not outcome.question.is_answerable]
    right, wrong = sum(each.answered for each in known), sum(each.answered for each in unknown)
    recall = right / len(known) if known else np.nan
    declined = 1 - wrong / len(unknown) if unknown else np.nan
    return Decisions(
        precision=right / (right + wrong) if right + wrong else np.nan,
        recall=recall,
        declined=declined,
        accuracy=(recall + declined) / 2,
        auroc=area_under_roc([each.confidence for each in known], [each.confidence for each in unknown]),
    )


def estimate_decisions(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Give each of the `Decisions` with its interval; samples in which it cannot be counted are left out."""
    by_fact: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_fact.setdefault(outcome.question.fact, []).append(outcome)
    groups = list(by_fact.values())
    drawn = np.random.default_rng(_SEED).integers(len(groups), size=(_DECISION_RESAMPLES, len(groups)))
    samples = [asdict(decide(each for at in row for each in groups[at])) for row in drawn.tolist()]
    estimates = {}
    for name, value in asdict(decide(outcomes)).items():
        found = [sample[name] for sample in samples if not np.isnan(sample[name])]
        low, high = np.percentile(found, [2.5, 97.5]) if found else (np.nan, np.nan)
        estimates[name] = Estimate(value, float(low), float(high))
    return estimates


def difference(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> Estimate:
    """Give by how much recall@1 of `ours` exceeds that of `theirs`: the same questions, in the same order."""
    pairs = [pair for pair in zip(ours, theirs, strict=True) if pair[0].question.is_answerable]
    return _estimate([our for our, _ in pairs], [_within(our, 1) - _within(their, 1) for our, their in pairs])


def area_under_roc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Give the chance that a positive scores above a negative, ties counting half; nan without both."""
    if not positive or not negative:
        return np.nan
    ours, theirs = np.array(positive)[:, np.newaxis], np.array(negative)[np.newaxis, :]
    return float(np.mean((ours > theirs) + 0.5 * (ours == theirs)))


def _is_hit(question: Question, item: Ranked) -> bool:
    if question.relevant:
        return item.document in question.relevant
    return any(words in item.text for words in question.evidence)


def _meets(text: str, part: str, words: str) -> bool:
    start, found = text.find(part), text.find(words)
    return found >= 0 and start < found + len(words) and found < start + len(part)


def _within(outcome: Outcome, rank: int) -> float:
    return float(outcome.rank is not None and outcome.rank <= rank)


def _estimate(outcomes: Sequence[Outcome], values: Sequence[float]) -> Estimate:
    if not values:
        return Estimate(np.nan, np.nan, np.nan)
    facts = {fact: number for number, fact in enumerate(dict.fromkeys(each.question.fact for each in outcomes))}
    of = np.array([facts[each.question.fact] for each in outcomes])
    totals = np.bincount(of, weights=np.array(values))
    counts: NDArray[np.int64] = np.bincount(of)
    drawn = np.random.default_rng(_SEED).integers(len(facts), size=(_RESAMPLES, len(facts)))
    means = totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(np.mean(values)), float(low), float(high))
