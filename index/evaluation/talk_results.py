"""The numbers of real-talk questions: by kind, by language and of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from index.evaluation.datasets.talk import Expectation, TalkJudgement
from index.evaluation.metrics import format_share
from index.types import Outcome

HEADINGS = (
    *("questions", "of them", "n", "right", "as expected", "front desk", "answered", "unsure", "declined"),
    *("found", "highlighted", "complete", "precision"),
)


@dataclass(frozen=True, slots=True)
class TalkMeasurement:
    """The system on one file of real-talk questions."""

    name: str
    judgements: tuple[TalkJudgement, ...]


@dataclass(frozen=True, slots=True)
class TalkScores:
    """Means over some questions of a file, as `TalkJudgement` defines each; nan where nothing is counted.

    is_expected: the share with the expected outcome; at_front_desk: the share that the front desk replied to, which is
    its recall of small talk and its false alarms on other questions; answered, unsure, declined: the share of each
    outcome.
    """

    questions: str
    group: str
    count: int
    right: float
    is_expected: float
    at_front_desk: float
    answered: float
    unsure: float
    declined: float
    found: float
    highlighted: float
    completeness: float
    precision: float


def score_talk(measurement: TalkMeasurement) -> Iterator[TalkScores]:
    """Yield the scores of all, of all but small talk, of each kind with each expectation, and of each language."""
    judgements = measurement.judgements
    yield _scores(measurement.name, "all", judgements)
    others = [each for each in judgements if each.question.expected is not Expectation.FRONTDESK]
    if 0 < len(others) < len(judgements):
        yield _scores(measurement.name, "no small talk", others)
    for names in (
        [f"{each.question.kind}: {each.question.expected}" for each in judgements],
        [each.question.language for each in judgements],
    ):
        for group in dict.fromkeys(names):
            members = [each for each, name in zip(judgements, names, strict=True) if name == group]
            yield _scores(measurement.name, group, members)


def talk_row(scores: TalkScores) -> tuple[str, ...]:
    """Return the cells below `HEADINGS`."""
    name, group, count, *shares = asdict(scores).values()
    return name, group, str(count), *map(format_share, shares)


def talk_as_json(scores: TalkScores) -> dict[str, Any]:
    """Return the scores as JSON values; what cannot be counted is null."""
    return {name: None if value != value else value for name, value in asdict(scores).items()}  # noqa: PLR0124  nan


def _scores(name: str, group: str, judgements: Sequence[TalkJudgement]) -> TalkScores:
    def share(outcome: Outcome) -> float:
        return _mean(each.outcome is outcome for each in judgements)

    return TalkScores(
        questions=name,
        group=group,
        count=len(judgements),
        right=_mean(each.right for each in judgements),
        is_expected=_mean(each.is_expected for each in judgements),
        at_front_desk=_mean(each.at_front_desk for each in judgements),
        answered=share(Outcome.ANSWERED),
        unsure=share(Outcome.UNSURE),
        declined=share(Outcome.DECLINED),
        found=_mean(each.found for each in judgements),
        highlighted=_mean(each.highlighted for each in judgements),
        completeness=_mean(each.completeness for each in judgements),
        precision=_mean(each.precision for each in judgements),
    )


def _mean(values: Iterable[float | None]) -> float:
    known = [float(value) for value in values if value is not None]
    return float(np.mean(known)) if known else np.nan
