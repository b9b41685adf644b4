"""The commands that measure: `evaluate` and `calibrate`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.answering.confidence import CALIBRATION
from index.cli.json_output import to_json
from index.cli.progress import Bar, progress
from index.cli.session import Workspace, load_model
from index.cli.terminal import console, write_error, write_line
from index.encoding.cache import CachingEncoder
from index.evaluation.ablations import measure_ablations
from index.evaluation.calibration import Fit, calibrate
from index.evaluation.dataset import read_datasets
from index.evaluation.metrics import format_share, score
from index.evaluation.provenance import record_provenance
from index.evaluation.report import write_report
from index.evaluation.results import EvaluationResults, ScoreRow, row_as_json, score_rows
from index.evaluation.runner import Measurement, Runner, measure_datasets, measure_documents
from index.settings import DEFAULT_THRESHOLD

DEFAULT_QUESTIONS = Path("tests/evaluation")  # of a checkout


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """What to measure: files of questions (default: the project's own), public datasets; where to report."""

    questions: Sequence[Path] | None
    bench: Path | None
    baseline: bool
    report: Path | None


def run_evaluate(workspace: Workspace, options: EvaluationOptions, *, as_json: bool) -> None:
    """Measure the index and the baselines and print a row for each set and language. Raises DocumentsError.

    With a report folder, also measure ablations and script variants, and write all of it there.
    """
    files = options.questions or sorted(DEFAULT_QUESTIONS.glob("*.jsonl"))
    if options.bench:
        read_datasets(options.bench)  # fail before minutes of measuring
    if options.report:
        results, missing = _report(workspace, files, options, options.report)
        own, public = results.own, tuple(each for each in results.public if not each.variant)
    else:
        with progress() as bar:
            runner = _runner(workspace, bar)
            own = tuple(measure_documents(workspace.documents, files, runner, baseline=options.baseline))
            public = _public(options, runner)
        missing = None
    rows = [row for each in own for row in score_rows(each, by_language=True)]
    rows += [row for each in public for row in score_rows(each, by_language=False)]
    if as_json:
        write_line("\n".join(to_json(row_as_json(row)) for row in rows))
    else:
        _print_rows(rows, workspace.settings.threshold)
    if options.report:
        write_error(f"the report is in {options.report}{missing or ''}")


def run_calibrate(workspace: Workspace, *, questions: Path | None, bench: Path | None) -> None:
    """Fit the confidence, write the calibration, and print its cross-validated quality."""
    with progress() as bar:
        path = questions or DEFAULT_QUESTIONS / "development.jsonl"
        fits = calibrate(workspace.documents, path, bench, _runner(workspace, bar))
    for name, fit in fits.items():
        _print_fit(name, fit)
    write_line(f"written to {CALIBRATION}")


def _report(
    workspace: Workspace, files: Sequence[Path], options: EvaluationOptions, folder: Path
) -> tuple[EvaluationResults, str | None]:
    """Measure everything and write the report; return the results and a note on missing plots."""
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)  # fail before minutes of measuring
    with progress() as bar:
        runner = _runner(workspace, bar)
        provenance = record_provenance(workspace.documents, files, runner.encoder, runner.threshold)
        documents = workspace.documents
        own = _announced(measure_documents(documents, files, runner, baseline=options.baseline))
        ablations = _announced(measure_ablations(documents, files, runner))
        public = _public(options, runner)
        results = EvaluationResults(provenance, own, ablations, public, time.monotonic() - started)
        bar.wait("writing the report")
        return results, write_report(results, folder)


def _public(options: EvaluationOptions, runner: Runner) -> tuple[Measurement, ...]:
    if not options.bench:
        return ()
    variants = options.report is not None
    found = measure_datasets(options.bench, runner, baseline=options.baseline, variants=variants)
    return _announced(found) if variants else tuple(found)


def _runner(workspace: Workspace, bar: Bar) -> Runner:
    encoder = CachingEncoder(load_model(workspace, bar))
    return Runner(encoder, threshold=workspace.settings.threshold, report=bar.step)


def _announced(measurements: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Collect the measurements, and print each to standard error when it is finished."""
    found = []
    for each in measurements:
        found.append(each)
        scores = score(each.judgements)
        what = f"{each.questions}, {each.variant or each.system}"
        write_error(f"{what}: recall@1 {scores.recall_1.value:.3f}, AUROC {format_share(scores.auroc) or 'none'}")
    return tuple(found)


def _print_rows(rows: Sequence[ScoreRow], threshold: float) -> None:
    from rich.table import Table

    table = Table(
        caption="95 % intervals by resampling facts; precision and recall of answering from a confidence of "
        f"{threshold:.2f}; accuracy is balanced over answering and declining"
    )
    for heading in ("questions", "", "system", "n", "recall@1", "@3", "@5", "MRR", "highlight", "of passage"):
        table.add_column(heading, no_wrap=heading in {"recall@1", "questions", "system"})
    for heading in ("precision", "recall", "accuracy", "AUROC"):
        table.add_column(heading)
    for row in rows:
        scores = row.scores
        table.add_row(
            row.questions,
            row.language,
            row.system,
            str(scores.questions),
            str(scores.recall_1),
            *(
                format_share(each.value)
                for each in (scores.recall_3, scores.recall_5, scores.reciprocal_rank, scores.highlights)
            ),
            *(
                format_share(each)
                for each in (scores.highlighted_share, scores.precision, scores.recall, scores.accuracy)
            ),
            format_share(scores.auroc),
        )
    wide = console()
    wide.width = max(wide.width, 150)
    wide.print(table)


def _print_fit(name: str, fit: Fit) -> None:
    decisions = fit.decisions
    write_line(f"{name}: {sum(fit.weights.fitted_on.values())} questions {dict(fit.weights.fitted_on)}")
    write_line(f"  on unseen facts: AUROC {fit.auroc:.3f}, balanced accuracy {decisions.accuracy:.3f}")
    write_line(
        f"  answers from {DEFAULT_THRESHOLD:.2f}: precision {decisions.precision:.3f}, recall {decisions.recall:.3f}"
    )
    for each in fit.reliability:
        write_line(f"  confidence {each.confidence:.2f}: {each.answerable:.2f} of {each.count:4d} have an answer")
