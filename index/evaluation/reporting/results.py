"""The numbers of one evaluation, as rows of a table and as the values of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.evaluation.judgement import Judgement
from index.evaluation.metrics import (
    Estimate,
    ReliabilityBin,
    Scores,
    confidences_of,
    decide_at,
    decide_at_thresholds,
    estimate_decisions,
    expected_calibration_error,
    recall_difference,
    reliability,
    roc,
    score,
)
from index.evaluation.provenance import Provenance
from index.evaluation.reporting.folder_results import folder_as_json, score_folders
from index.evaluation.runner import SYSTEM, FolderMeasurement, Measurement
from index.evaluation.talk_results import TalkMeasurement, score_talk, talk_as_json

_DIGITS = 5  # a smaller difference is less than one question in all sets together


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of one system on one set of questions, or on one language of it."""

    questions: str
    language: str
    system: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class EvaluationResults:
    """Everything that one run of `evaluate --report` measured.

    own: on the given files of questions. ablations: on the same, without one part each. public: on public datasets.
    folders: on folder corpora. talks: on files of real-talk questions.
    """

    provenance: Provenance
    own: tuple[Measurement, ...]
    ablations: tuple[Measurement, ...]
    public: tuple[Measurement, ...]
    seconds: float
    folders: tuple[FolderMeasurement, ...] = ()
    talks: tuple[TalkMeasurement, ...] = ()

    @property
    def system(self) -> tuple[Measurement, ...]:
        """The whole system on each given file of questions."""
        return tuple(each for each in self.own if each.system == SYSTEM)

    def reference(self, measurement: Measurement) -> Measurement:
        """Return the whole system's measurement on the same questions, unchanged."""
        same = (each for each in (*self.own, *self.public) if each.questions == measurement.questions)
        return next(each for each in same if each.system == SYSTEM and not each.variant)

    def change(self, measurement: Measurement) -> Estimate:
        """Return recall@1 less that of the whole system on the same questions."""
        return recall_difference(measurement.judgements, self.reference(measurement).judgements)


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Some questions of a file: all, those in one language, or those of one kind."""

    questions: str
    by: str
    name: str
    judgements: tuple[Judgement, ...]

    @property
    def scores(self) -> Scores:
        """The system's scores on them."""
        return score(self.judgements)


@dataclass(frozen=True, slots=True)
class ConfidenceResults:
    """The system's confidence over one set of questions."""

    questions: str
    confidences: tuple[float, ...]
    answerable: tuple[bool, ...]
    bins: tuple[ReliabilityBin, ...]

    @classmethod
    def of(cls, measurement: Measurement) -> ConfidenceResults:
        """Return the confidences of a measurement."""
        confidences, answerable = confidences_of(measurement.judgements)
        return cls(
            measurement.questions, tuple(confidences), tuple(answerable), reliability(confidences, answerable)
        )

    @property
    def calibration_error(self) -> float:
        """The expected calibration error."""
        return expected_calibration_error(self.bins)


def score_rows(measurement: Measurement, *, by_language: bool) -> Iterator[ScoreRow]:
    """Yield the scores of a measurement and, on demand, of each language in it."""
    yield ScoreRow(measurement.questions, "all", measurement.system, score(measurement.judgements))
    if by_language:
        for language, judgements in _grouped(measurement.judgements, lambda each: each.question.language):
            yield ScoreRow(measurement.questions, language, measurement.system, score(judgements))


def row_as_json(row: ScoreRow) -> dict[str, Any]:
    """Return a row as JSON values; what cannot be counted is null."""
    named = {"set": row.questions, "language": row.language, "system": row.system}
    values: dict[str, Any] = _json_value(named | asdict(row.scores))
    return values


def question_groups(measurement: Measurement) -> Iterator[QuestionGroup]:
    """Group the questions of a file: all, then by language, then by kind."""
    yield QuestionGroup(measurement.questions, "all", "all", measurement.judgements)
    keys: Mapping[str, Callable[[Judgement], str]] = {
        "language": lambda each: each.question.language,
        "kind": lambda each: each.question.kind,
    }
    for by, key in keys.items():
        for name, judgements in _grouped(measurement.judgements, key):
            yield QuestionGroup(measurement.questions, by, name, judgements)


def results_as_json(results: EvaluationResults) -> dict[str, Any]:
    """Return every number as JSON values, rounded; what cannot be counted is null."""
    values = {
        "provenance": asdict(results.provenance),
        "seconds": results.seconds,
        "own": [_measured(each) for each in results.own],
        "groups": [
            {"set": each.questions, "by": each.by, "name": each.name, **asdict(each.scores)}
            for measurement in results.system
            for each in question_groups(measurement)
        ],
        "ablations": [_measured(each) | {"change": asdict(results.change(each))} for each in results.ablations],
        "confidence": [_confidence(each, results.provenance.threshold) for each in results.system],
        "public": [_measured(each) | _changed(results, each) for each in results.public],
        "folders": [folder_as_json(each) for each in score_folders(results.folders)] if results.folders else [],
        "talks": [talk_as_json(each) for talk in results.talks for each in score_talk(talk)],
    }
    rounded: dict[str, Any] = _json_value(values, digits=_DIGITS)
    return rounded


def _grouped(
    judgements: Sequence[Judgement], key: Callable[[Judgement], str]
) -> Iterator[tuple[str, tuple[Judgement, ...]]]:
    for name in dict.fromkeys(map(key, judgements)):
        yield name, tuple(each for each in judgements if key(each) == name)


def _measured(measurement: Measurement) -> dict[str, object]:
    named = {"set": measurement.questions, "system": measurement.system}
    variant = {"variant": measurement.variant} if measurement.variant else {}
    return named | variant | asdict(score(measurement.judgements))


def _changed(results: EvaluationResults, measurement: Measurement) -> dict[str, object]:
    return {"change": asdict(results.change(measurement))} if measurement.variant else {}


def _confidence(measurement: Measurement, threshold: float) -> dict[str, object]:
    found = ConfidenceResults.of(measurement)
    points = decide_at_thresholds(found.confidences, found.answerable)
    return {
        "set": measurement.questions,
        **{name: asdict(each) for name, each in estimate_decisions(measurement.judgements).items()},
        "chosen": {"threshold": threshold, **asdict(decide_at(threshold, found.confidences, found.answerable))},
        "calibration_error": found.calibration_error,
        "reliability": [asdict(each) for each in found.bins],
        "thresholds": [{"threshold": at, **asdict(each)} for at, each in points.items()],
        "roc": roc(found.confidences, found.answerable),
    }


def _json_value(value: Any, *, digits: int | None = None) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, dict):
        return {key: _json_value(each, digits=digits) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_json_value(each, digits=digits) for each in value]
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  nan
            return None
        return value if digits is None else round(value, digits)
    return value
