"""Write evaluation results into a folder: `report.md` with tables, `results.json` with every number, and plots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from index.evaluation.metrics import Estimate, Scores, estimate_decisions, format_share, score
from index.evaluation.reporting.folder_results import folder_table, score_folders
from index.evaluation.reporting.results import (
    ConfidenceResults,
    EvaluationResults,
    QuestionGroup,
    question_groups,
    results_as_json,
)
from index.evaluation.runner import SYSTEM, Measurement
from index.evaluation.talk_results import HEADINGS, score_talk, talk_row

_NO_PLOTS = "; without plots: `pip install 'llama-chronicle[evaluate]'` brings matplotlib, which draws them"

_PLOTS: Final = {  # file → what it shows
    "recall.png": "Recall@1 of each system, with 95 % intervals",
    "ablations.png": "Recall@1 lost or won without each part, with 95 % intervals",
    "reliability.png": "Reliability: of the questions in each tenth of confidence, the share with an answer",
    "roc.png": "ROC curve of the confidence",
    "thresholds.png": "Precision and recall of answering, by threshold",
    "public.png": "Recall@1 on public sets",
}


def write_report(results: EvaluationResults, folder: Path) -> str | None:
    """Write the report into `folder`; return a note on the plots if matplotlib is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    plots = []
    for name in _PLOTS:
        (folder / name).unlink(missing_ok=True)
    if find_spec("matplotlib"):
        from index.evaluation.reporting.plots import draw  # only here: matplotlib is optional

        plots = draw(results, folder)
    missing = None if find_spec("matplotlib") else _NO_PLOTS
    (folder / "results.json").write_text(_json(results_as_json(results)), "utf-8")
    (folder / "report.md").write_text("\n".join(_lines(results, plots, missing)) + "\n", "utf-8")
    return missing


def _json(numbers: dict[str, object]) -> str:
    """Write one line for each row of a table, so that two runs can be compared line by line."""
    parts = []
    for key, value in numbers.items():
        if isinstance(value, list):
            rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False, allow_nan=False)}" for row in value)
            parts.append(f" {json.dumps(key)}: [\n{rows}\n ]" if value else f" {json.dumps(key)}: []")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(results: EvaluationResults, plots: Sequence[str], missing: str | None) -> Iterator[str]:
    def plot(name: str) -> Iterator[str]:
        if name in plots:
            yield from ("", f"![{_PLOTS[name]}]({name})")

    yield from ("# Evaluation report", "")
    yield from _provenance(results)
    if missing:
        yield from ("", f"This report is{missing.removeprefix(';')}.")
    yield from ("", "## Own questions", "")
    yield from _table(_HEADINGS, map(_group_row, _by(results, "all", "language")))
    yield from ("", "Arms and baselines in the same run:", "")
    yield from _table(_HEADINGS, map(_system_row, (each for each in results.own if each.system != SYSTEM)))
    yield from plot("recall.png")
    yield from ("", "## Kinds of question", "")
    yield from _table(
        ("questions", "kind", "n", "recall@1", "@3", "right sentence", "answered", "declined"),
        map(_kind_row, _by(results, "kind")),
    )
    yield from ("", "## Ablations", "", _ABLATIONS, "")
    yield from _table(
        ("questions", "system", "recall@1", "change, points", "@3", "right sentence", "accuracy", "AUROC"),
        (row for whole in results.system for row in _ablation_rows(results, whole)),
    )
    yield from plot("ablations.png")
    yield from ("", "## Confidence", "")
    yield from _confidence(results)
    for name in ("reliability.png", "roc.png", "thresholds.png"):
        yield from plot(name)
    if results.public:
        yield from ("", "## Public sets", "", _PUBLIC, "")
        yield from _table(
            ("set", "system or variant", "n", "recall@1", "change, points", "@3", "@5", "MRR", "AUROC"),
            (_public_row(results, each) for each in results.public),
        )
        yield from plot("public.png")
    if results.folders:
        folders = score_folders(results.folders)
        yield from ("", "## Folders", "", _FOLDERS, "")
        yield from _table(("", *(each.folder for each in folders)), folder_table(folders))
    if results.talks:
        yield from ("", "## Real talk", "", _TALK, "")
        yield from _table(HEADINGS, (talk_row(each) for talk in results.talks for each in score_talk(talk)))


_HEADINGS = (
    *("questions", "of them", "n", "answerable", "recall@1", "@3", "@5", "MRR", "right sentence", "precision"),
    *("recall", "declined", "accuracy", "AUROC"),
)
_ABLATIONS = (
    "One part is left out at a time. `change` is of recall@1 against the whole system, paired by question. The "
    "confidence is not fitted again, so accuracy also falls where only its scale moved; AUROC does not depend on "
    "scale. Without known-unanswerable questions or annotations the fit for that case is used."
)
_PUBLIC = (
    "The same system without annotations or glossary. A row of a corpus is one document, and its rank is that of its "
    "best passage. In the other script: converted character for character by OpenCC (`s2t`, `t2s`); `change` is "
    "against the unchanged set, paired by question."
)


_FOLDERS = (
    "Folders of documents as they are, without annotations. A passage without prose has fewer than three words besides "
    "markup, code, images and addresses. A block is torn if a passage starts or ends inside it."
)
_TALK = (
    "Questions as members of a server type them, about the given documents. Right: the expected outcome and, where an "
    "answer is expected, evidence in the first passage; of a list, the share of its items that are highlighted. Front "
    "desk: its share of the replies, right for small talk alone. Found "
    "and highlighted: evidence in the first passage and in its highlights. Complete: the items highlighted in any "
    "passage shown. Precision: the passages shown that hold an item."
)


def _provenance(results: EvaluationResults) -> Iterator[str]:
    about = results.provenance
    yield f"Commit `{about.commit or 'none'}`, {about.date}, {results.seconds / 60:.0f} minutes."
    yield f"Model `{about.model}`."
    yield f"Python {about.python}; {', '.join(f'{name} {number}' for name, number in about.packages.items())}."
    yield ""
    yield from _table(
        ("file of questions", "n", "answerable", "SHA-256"),
        ((name, str(f.questions), str(f.answerable), f"`{f.sha256}`") for name, f in about.questions.items()),
    )
    yield ""
    yield (
        "In brackets 95 % intervals by resampling facts. Right sentence: of the first quotes that are hits, those "
        "whose highlight overlaps the evidence. Precision: the answerable among the answered; recall: the answered "
        "among the answerable; declined: the declined among the unanswerable; accuracy: the mean of the last two."
    )


def _by(results: EvaluationResults, *by: str) -> Iterator[QuestionGroup]:
    return (group for measurement in results.system for group in question_groups(measurement) if group.by in by)


def _group_row(group: QuestionGroup) -> tuple[str, ...]:
    return _row(group.questions, "**all**" if group.by == "all" else group.name, group.scores)


def _system_row(measurement: Measurement) -> tuple[str, ...]:
    return _row(measurement.questions, measurement.system, score(measurement.judgements))


def _row(questions: str, name: str, scores: Scores) -> tuple[str, ...]:
    ranks = (scores.recall_3, scores.recall_5, scores.reciprocal_rank, scores.highlights)
    shares = (scores.precision, scores.recall, scores.declined, scores.accuracy, scores.auroc)
    counts = (str(scores.questions), str(scores.answerable))
    return (
        questions,
        name,
        *counts,
        str(scores.recall_1),
        *(format_share(each.value) for each in ranks),
        *map(format_share, shares),
    )


def _kind_row(group: QuestionGroup) -> tuple[str, ...]:
    scores = group.scores
    values = (scores.recall_3.value, scores.highlights.value, scores.recall, scores.declined)
    count = str(scores.questions)
    return group.questions, group.name, count, str(scores.recall_1), *map(format_share, values)


def _ablation_rows(results: EvaluationResults, whole: Measurement) -> Iterator[tuple[str, ...]]:
    for measurement in (whole, *(each for each in results.ablations if each.questions == whole.questions)):
        scores = score(measurement.judgements)
        change = "" if measurement is whole else _points(results.change(measurement))
        values = (scores.recall_3.value, scores.highlights.value, scores.accuracy, scores.auroc)
        yield measurement.questions, measurement.system, str(scores.recall_1), change, *map(format_share, values)


def _confidence(results: EvaluationResults) -> Iterator[str]:
    yield (
        f"It answers from a confidence of {results.provenance.threshold:.2f}. The calibration was fitted on the "
        "development questions, which it therefore knows too well; the others show what to expect."
    )
    yield ""
    names = ("precision", "recall", "declined", "accuracy", "auroc")
    headings = ("precision", "recall", "declined", "balanced accuracy", "AUROC")
    yield from _table(
        ("questions", *headings, "calibration error"),
        (
            (
                each.questions,
                *(str(found[name]) for name in names),
                format_share(ConfidenceResults.of(each).calibration_error),
            )
            for each in results.system
            for found in [estimate_decisions(each.judgements)]
        ),
    )
    yield from ("", "By tenths of confidence:", "")
    yield from _table(
        ("questions", "mean confidence", "share with an answer", "n"),
        (
            (each.questions, format_share(tenth.confidence), format_share(tenth.answerable), str(tenth.count))
            for each in map(ConfidenceResults.of, results.system)
            for tenth in each.bins
        ),
    )


def _public_row(results: EvaluationResults, measurement: Measurement) -> tuple[str, ...]:
    scores = score(measurement.judgements)
    change = _points(results.change(measurement)) if measurement.variant else ""
    name = measurement.variant or (
        "**" + measurement.system + "**" if measurement.system == SYSTEM else measurement.system
    )
    ranks = (scores.recall_3.value, scores.recall_5.value, scores.reciprocal_rank.value, scores.auroc)
    count = str(scores.questions)
    return measurement.questions, name, count, str(scores.recall_1), change, *map(format_share, ranks)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---' if at < 2 else '--:' for at in range(len(headings)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _points(change: Estimate) -> str:
    low, high = f"{100 * change.low:+.1f}", f"{100 * change.high:+.1f}"
    return f"{100 * change.value:+.1f} ({low} to {high})"
