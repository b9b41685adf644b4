"""The numbers of folder corpora: recall by kind of question, answering or declining, and the quality of passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from index.evaluation.judgement import Judgement
from index.evaluation.metrics import auroc, confidences_of, decide, format_share, recall_within
from index.evaluation.passage_quality import PassageQuality
from index.evaluation.runner import SYSTEM, FolderMeasurement

ALL = "all folders"

_ANSWERABLE = ("same", "script", "cross")
_UNANSWERABLE = ("near", "far")
_DEPTHS = (1, 3, 10)
_KIND_LABELS = {"same": "same language", "script": "other script", "cross": "other language"}
_COUNTS = {  # label → the counts of `PassageQuality` that it compares
    "passages without prose": ("without_prose", "passages"),
    "passages that show raw syntax": ("raw_syntax", "passages"),
    "torn code blocks": ("torn_code", "code_blocks"),
    "torn list items": ("torn_items", "list_items"),
    "torn table rows": ("torn_rows", "table_rows"),
    "torn addresses": ("torn_addresses", "addresses"),
    "titles right": ("titles_right", "titles"),
}


@dataclass(frozen=True, slots=True)
class FolderScores:
    """The scores of one folder corpus; recall is by kind of question and depth, nan where nothing is counted."""

    folder: str
    documents: int
    questions: int
    recall: dict[str, dict[int, float]]
    declined: dict[str, float]
    accuracy: float
    auroc: float
    quality: PassageQuality


def score_folders(measurements: Sequence[FolderMeasurement]) -> list[FolderScores]:
    """Return the scores of each folder corpus and, if there are several, of all of them together."""
    together = FolderMeasurement(
        ALL,
        sum(each.documents for each in measurements),
        tuple(chain.from_iterable(each.judgements for each in measurements)),
        sum((each.quality for each in measurements), start=PassageQuality()),
    )
    return [_scores(each) for each in (*measurements, *([together] if len(measurements) > 1 else []))]


def folder_as_json(scores: FolderScores) -> dict[str, Any]:
    """Return the scores of a folder corpus as JSON values; what cannot be counted is null."""
    values = asdict(scores)
    recall = {
        kind: {f"recall_{depth}": _or_null(value) for depth, value in depths.items()}
        for kind, depths in scores.recall.items()
    }
    shares = {name: _or_null(values[name]) for name in ("accuracy", "auroc")}
    declined = {kind: _or_null(value) for kind, value in scores.declined.items()}
    named = {"set": values.pop("folder"), "system": SYSTEM}
    return named | values | {"recall": recall, "declined": declined} | shares


def folder_table(folders: Sequence[FolderScores]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table with a column for each folder corpus: the label, then the values."""
    yield "documents", *(str(each.documents) for each in folders)
    yield "questions", *(str(each.questions) for each in folders)
    for kind in _ANSWERABLE:
        for depth in _DEPTHS:
            label = f"recall@{depth}, {_KIND_LABELS[kind]}"
            yield label, *(format_share(each.recall[kind][depth]) for each in folders)
    for kind in _UNANSWERABLE:
        yield f"declined, {kind}", *(format_share(each.declined[kind]) for each in folders)
    yield "balanced accuracy", *(format_share(each.accuracy) for each in folders)
    yield "AUROC", *(format_share(each.auroc) for each in folders)
    yield "passages", *(str(each.quality.passages) for each in folders)
    for label, (part, whole) in _COUNTS.items():
        yield label, *(_count(getattr(each.quality, part), getattr(each.quality, whole)) for each in folders)


def _scores(measurement: FolderMeasurement) -> FolderScores:
    judgements = measurement.judgements
    confidences, answerable = confidences_of(judgements)
    return FolderScores(
        folder=measurement.folder,
        documents=measurement.documents,
        questions=len(judgements),
        recall={
            kind: {depth: recall_within(_of_kind(judgements, kind), depth) for depth in _DEPTHS}
            for kind in _ANSWERABLE
        },
        declined={kind: _decisions(_of_kind(judgements, kind)) for kind in _UNANSWERABLE},
        accuracy=decide([each.answered for each in judgements], answerable).accuracy,
        auroc=auroc(confidences, answerable),
        quality=measurement.quality,
    )


def _decisions(judgements: Sequence[Judgement]) -> float:
    answered = [each.answered for each in judgements]
    return decide(answered, [False] * len(answered)).declined


def _of_kind(judgements: Sequence[Judgement], kind: str) -> list[Judgement]:
    return [each for each in judgements if each.question.kind == kind]


def _count(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "0 of 0"


def _or_null(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124  nan
