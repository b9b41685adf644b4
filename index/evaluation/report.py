"""A study as a folder: `report.md` with tables, `results.json` with every number, and plots."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from index.evaluation.metrics import Estimate, Scores, estimate_decisions, score
from index.evaluation.results import Confidence, EvaluationResults, Group, groups_of, numbers_of
from index.evaluation.runner import ENGINE, Measurement

_NO_PLOTS = "; without plots: `pip install 'llama-chronicle[evaluate]'` brings matplotlib, which draws them"

_PLOTS: Final = {  # file → what it shows
    "recall.png": "Recall@1 of each system, with 95 % intervals",
    "ablations.png": "Recall@1 lost or won without each part, with 95 % intervals",
    "reliability.png": "Reliability: of the questions in each tenth of confidence, the share with an answer",
    "roc.png": "ROC curve of the confidence",
    "thresholds.png": "Precision and recall of answering, by threshold",
    "public.png": "Recall@1 on public sets",
}


def write_report(study: EvaluationResults, folder: Path) -> str | None:
    """Write the report into `folder`; where it is without plots, say so and how to get them."""
    folder.mkdir(parents=True, exist_ok=True)
    plots = []
    for name in _PLOTS:
        (folder / name).unlink(missing_ok=True)
    if find_spec("matplotlib"):
        from index.evaluation.plots import draw  # only here: matplotlib is optional

        plots = draw(study, folder)
    missing = None if find_spec("matplotlib") else _NO_PLOTS
    (folder / "results.json").write_text(_json(numbers_of(study)), "utf-8")
    (folder / "report.md").write_text("\n".join(_lines(study, plots, missing)) + "\n", "utf-8")
    return missing


def _json(numbers: dict[str, object]) -> str:
    """Write a line for each row of a table, so that a difference between two runs can be read."""
    parts = []
    for key, value in numbers.items():
        if isinstance(value, list):
            rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False, allow_nan=False)}" for row in value)
            parts.append(f" {json.dumps(key)}: [\n{rows}\n ]" if value else f" {json.dumps(key)}: []")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(study: EvaluationResults, plots: Sequence[str], missing: str | None) -> Iterator[str]:
    def plot(name: str) -> Iterator[str]:
        if name in plots:
            yield from ("", f"![{_PLOTS[name]}]({name})")

    yield from ("# Evaluation report", "")
    yield from _conditions(study)
    if missing:
        yield from ("", f"This report is{missing.removeprefix(';')}.")
    yield from ("", "## Own questions", "")
    yield from _table(_HEADINGS, map(_group_row, _by(study, "all", "language")))
    yield from ("", "Arms and baselines in the same run:", "")
    yield from _table(_HEADINGS, map(_system_row, (each for each in study.own if each.system != ENGINE)))
    yield from plot("recall.png")
    yield from ("", "## Kinds of question", "")
    yield from _table(
        ("questions", "kind", "n", "recall@1", "@3", "right sentence", "answered", "declined"),
        map(_kind_row, _by(study, "kind")),
    )
    yield from ("", "## Ablations", "", _ABLATIONS, "")
    yield from _table(
        ("questions", "system", "recall@1", "change, points", "@3", "right sentence", "accuracy", "AUROC"),
        (row for whole in study.engine for row in _ablation_rows(study, whole)),
    )
    yield from plot("ablations.png")
    yield from ("", "## Confidence", "")
    yield from _confidence(study)
    for name in ("reliability.png", "roc.png", "thresholds.png"):
        yield from plot(name)
    if study.public:
        yield from ("", "## Public sets", "", _PUBLIC, "")
        yield from _table(
            ("set", "system or variant", "n", "recall@1", "change, points", "@3", "@5", "MRR", "AUROC"),
            (_public_row(study, each) for each in study.public),
        )
        yield from plot("public.png")


_HEADINGS = (
    *("questions", "of them", "n", "answerable", "recall@1", "@3", "@5", "MRR", "right sentence", "precision"),
    *("recall", "declined", "accuracy", "AUROC"),
)
_ABLATIONS = (
    "Each part off by itself, all else as it is; `change` is of recall@1 against the whole engine, paired by "
    "question. The confidence is not fitted anew, so accuracy also falls where only its scale moved; AUROC does "
    "not depend on scale. Without unanswerable, or without any annotation, the fit made for that case is used."
)
_PUBLIC = (
    "The same engine without annotation or glossary; a row of a corpus is one document, and its rank is its best "
    "passage's. In the other script: converted character for character by OpenCC (`s2t`, `t2s`); `change` is "
    "against the set as it stands, paired by question."
)


def _conditions(study: EvaluationResults) -> Iterator[str]:
    about = study.conditions
    yield f"Commit `{about.commit or 'none'}`, {about.date}, {study.seconds / 60:.0f} minutes."
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
        "whose highlight meets the evidence. Precision: the answerable among the answered; recall: the answered "
        "among the answerable; declined: the declined among the unanswerable; accuracy: the mean of the last two."
    )


def _by(study: EvaluationResults, *by: str) -> Iterator[Group]:
    return (group for measured in study.engine for group in groups_of(measured) if group.by in by)


def _group_row(group: Group) -> tuple[str, ...]:
    return _row(group.questions, "**all**" if group.by == "all" else group.name, group.scores)


def _system_row(measured: Measurement) -> tuple[str, ...]:
    return _row(measured.questions, measured.system, score(measured.outcomes))


def _row(questions: str, name: str, scores: Scores) -> tuple[str, ...]:
    ranks = (scores.recall_3, scores.recall_5, scores.reciprocal_rank, scores.highlights)
    shares = (scores.precision, scores.recall, scores.declined, scores.accuracy, scores.auroc)
    counts = (str(scores.questions), str(scores.answerable))
    return (
        questions,
        name,
        *counts,
        _interval(scores.recall_1),
        *(_share(each.value) for each in ranks),
        *map(_share, shares),
    )


def _kind_row(group: Group) -> tuple[str, ...]:
    scores = group.scores
    values = (scores.recall_3.value, scores.highlights.value, scores.recall, scores.declined)
    count = str(scores.questions)
    return group.questions, group.name, count, _interval(scores.recall_1), *map(_share, values)


def _ablation_rows(study: EvaluationResults, whole: Measurement) -> Iterator[tuple[str, ...]]:
    for measured in (whole, *(each for each in study.ablations if each.questions == whole.questions)):
        scores = score(measured.outcomes)
        change = "" if measured is whole else _points(study.change(measured))
        values = (scores.recall_3.value, scores.highlights.value, scores.accuracy, scores.auroc)
        yield measured.questions, measured.system, _interval(scores.recall_1), change, *map(_share, values)


def _confidence(study: EvaluationResults) -> Iterator[str]:
    yield (
        f"It answers from a confidence of {study.conditions.threshold:.2f}. The calibration was fitted on the "
        "development questions, which it therefore knows too well; the others show what to expect."
    )
    yield ""
    names = ("precision", "recall", "declined", "accuracy", "auroc")
    headings = ("precision", "recall", "declined", "balanced accuracy", "AUROC")
    yield from _table(
        ("questions", *headings, "calibration error"),
        (
            (each.questions, *(_interval(found[name]) for name in names), _share(Confidence.of(each).error))
            for each in study.engine
            for found in [estimate_decisions(each.outcomes)]
        ),
    )
    yield from ("", "By tenths of confidence:", "")
    yield from _table(
        ("questions", "mean confidence", "share with an answer", "n"),
        (
            (each.questions, _share(tenth.confidence), _share(tenth.answerable), str(tenth.count))
            for each in map(Confidence.of, study.engine)
            for tenth in each.tenths
        ),
    )


def _public_row(study: EvaluationResults, measured: Measurement) -> tuple[str, ...]:
    scores = score(measured.outcomes)
    change = _points(study.change(measured)) if measured.variant else ""
    name = measured.variant or ("**" + measured.system + "**" if measured.system == ENGINE else measured.system)
    ranks = (scores.recall_3.value, scores.recall_5.value, scores.reciprocal_rank.value, scores.auroc)
    count = str(scores.questions)
    return measured.questions, name, count, _interval(scores.recall_1), change, *map(_share, ranks)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---' if at < 2 else '--:' for at in range(len(headings)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _interval(estimate: Estimate) -> str:
    return "" if math.isnan(estimate.value) else f"{estimate.value:.3f} ({estimate.low:.2f}–{estimate.high:.2f})"


def _points(change: Estimate) -> str:
    low, high = f"{100 * change.low:+.1f}", f"{100 * change.high:+.1f}"
    return f"{100 * change.value:+.1f} ({low} to {high})"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
