"""All that one run of `evaluate --report` measured, and its numbers as JSON's values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.evaluation.curves import Tenth, at_threshold, calibration_error, over_thresholds, reliability, roc
from index.evaluation.metrics import Estimate, Outcome, Scores, difference, estimate_decisions, score
from index.evaluation.provenance import Provenance
from index.evaluation.runner import ENGINE, Measurement

_DIGITS = 5  # a difference that small is less than one question in all sets together


@dataclass(frozen=True, slots=True)
class EvaluationResults:
    """The engine and what stands beside it on one's own questions, ablations, and public sets."""

    conditions: Provenance
    own: tuple[Measurement, ...]
    ablations: tuple[Measurement, ...]
    public: tuple[Measurement, ...]
    seconds: float

    @property
    def engine(self) -> tuple[Measurement, ...]:
        """The engine on each file of one's own questions."""
        return tuple(each for each in self.own if each.system == ENGINE)

    def related_passages(self, of: Measurement) -> Measurement:
        """Give the whole engine on the same questions as they stand."""
        same = (each for each in (*self.own, *self.public) if each.questions == of.questions)
        return next(each for each in same if each.system == ENGINE and not each.variant)

    def change(self, of: Measurement) -> Estimate:
        """Give by how much recall@1 differs from the whole engine's on the same questions."""
        return difference(of.outcomes, self.related_passages(of).outcomes)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of one's own questions: all of a file, one language of them, or one kind."""

    questions: str
    by: str
    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def scores(self) -> Scores:
        """How the engine did on them."""
        return score(self.outcomes)


@dataclass(frozen=True, slots=True)
class Confidence:
    """The engine's confidence over one set of questions."""

    questions: str
    sure: tuple[float, ...]
    answerable: tuple[bool, ...]
    tenths: tuple[Tenth, ...]

    @classmethod
    def of(cls, measured: Measurement) -> Confidence:
        """Take the confidences of outcomes."""
        sure = tuple(each.confidence for each in measured.outcomes)
        answerable = tuple(each.question.is_answerable for each in measured.outcomes)
        return cls(measured.questions, sure, answerable, reliability(sure, answerable))

    @property
    def error(self) -> float:
        """The expected calibration error."""
        return calibration_error(self.tenths)


def groups_of(measured: Measurement) -> Iterator[Group]:
    """Group the questions of a file: all, then by language, then by kind."""
    yield Group(measured.questions, "all", "all", measured.outcomes)
    keys: dict[str, Callable[[Outcome], str]] = {
        "language": lambda outcome: outcome.question.language,
        "kind": lambda outcome: outcome.question.kind,
    }
    for by, key in keys.items():
        for name in dict.fromkeys(map(key, measured.outcomes)):
            yield Group(
                measured.questions, by, name, tuple(each for each in measured.outcomes if key(each) == name)
            )


def numbers_of(study: EvaluationResults) -> dict[str, Any]:
    """Give every number of a study as JSON's values; what could not be counted is null."""
    values = {
        "conditions": asdict(study.conditions),
        "seconds": study.seconds,
        "own": [_row(each) for each in study.own],
        "groups": [
            {"set": each.questions, "by": each.by, "name": each.name, **asdict(each.scores)}
            for measured in study.engine
            for each in groups_of(measured)
        ],
        "ablations": [_row(each) | {"change": asdict(study.change(each))} for each in study.ablations],
        "confidence": [_confidence(each, study.conditions.threshold) for each in study.engine],
        "public": [_row(each) | _changed(study, each) for each in study.public],
    }
    rounded: dict[str, Any] = _rounded(values)
    return rounded


def _row(measured: Measurement) -> dict[str, object]:
    named = {"set": measured.questions, "system": measured.system}
    variant = {"variant": measured.variant} if measured.variant else {}
    return named | variant | asdict(score(measured.outcomes))


def _changed(study: EvaluationResults, measured: Measurement) -> dict[str, object]:
    return {"change": asdict(study.change(measured))} if measured.variant else {}


def _confidence(measured: Measurement, threshold: float) -> dict[str, object]:
    found = Confidence.of(measured)
    return {
        "set": measured.questions,
        **{name: asdict(each) for name, each in estimate_decisions(measured.outcomes).items()},
        "chosen": asdict(at_threshold(found.sure, found.answerable, threshold)),
        "calibration_error": found.error,
        "reliability": [asdict(tenth) for tenth in found.tenths],
        "thresholds": [asdict(point) for point in over_thresholds(found.sure, found.answerable)],
        "roc": roc(found.sure, found.answerable),
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(each) for each in value]
    if isinstance(value, float):
        return None if value != value else round(value, _DIGITS)  # noqa: PLR0124
    return value
