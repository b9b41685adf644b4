"""The command that measures: `evaluate`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.answering.confidence.calibration_choice import choose_calibration
from index.answering.policy import AnswerPolicy
from index.cli.progress import Bar, progress
from index.cli.session import Workspace, load_model
from index.cli.terminal import console, write_error, write_line
from index.cli.views.json_output import to_json
from index.errors import ModelError
from index.evaluation.ablations import measure_ablations
from index.evaluation.caching_encoder import CachingEncoder
from index.evaluation.datasets.dataset import Benchmark, read_benchmark
from index.evaluation.metrics import format_share, score
from index.evaluation.provenance import record_provenance
from index.evaluation.reporting.folder_results import FolderScores, folder_as_json, folder_table, score_folders
from index.evaluation.reporting.report import write_report
from index.evaluation.reporting.results import EvaluationResults, ScoreRow, row_as_json, score_rows
from index.evaluation.runner import (
    Measurement,
    Runner,
    measure_datasets,
    measure_documents,
    measure_folder,
    measure_talks,
)
from index.evaluation.talk_results import HEADINGS, TalkScores, score_talk, talk_as_json, talk_row
from index.settings import Settings
from index.store.opening import open_store
from index.types import Reranker

if TYPE_CHECKING:
    from rich.table import Table

DEFAULT_QUESTIONS = Path("tests/evaluation")  # of a checkout


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """What to measure: files of questions (default: the project's own), a benchmark folder; where to report."""

    questions: Sequence[Path] | None
    bench: Path | None
    baseline: bool
    report: Path | None


def run_evaluate(workspace: Workspace, options: EvaluationOptions, *, as_json: bool) -> None:
    """Measure the index and the baselines and print a row for each set and language. Raises DocumentsError.

    With a report folder, also measure ablations and script variants, and write all of it there.
    """
    files = options.questions or sorted(DEFAULT_QUESTIONS.glob("*.jsonl"))
    bench = read_benchmark(options.bench) if options.bench else Benchmark()  # fail before minutes of measuring
    if options.report:
        options.report.mkdir(parents=True, exist_ok=True)
    missing = None
    with progress() as bar:
        results = _measure(workspace, files, bench, options, bar)
        if options.report:
            bar.wait("writing the report")
            missing = write_report(results, options.report)
    _print_results(results, as_json=as_json)
    if options.report:
        write_error(f"the report is in {options.report}{missing or ''}")


def _measure(
    workspace: Workspace, files: Sequence[Path], bench: Benchmark, options: EvaluationOptions, bar: Bar
) -> EvaluationResults:
    """Measure the system; with a report also its ablations and the script variants of the datasets."""
    started = time.monotonic()
    runner = make_runner(workspace, bar)
    reranker = _reranker(workspace.settings)
    runner = replace(runner, reranker=reranker)
    is_full, baseline, documents = options.report is not None, options.baseline, workspace.documents
    results = EvaluationResults(
        provenance=record_provenance(documents, files, runner),
        own=_collect(measure_documents(documents, files, runner, baseline=baseline), verbose=is_full),
        ablations=_collect(measure_ablations(documents, files, runner), verbose=True) if is_full else (),
        public=_collect(
            measure_datasets(bench.datasets, runner, baseline=baseline, variants=is_full), verbose=is_full
        ),
        folders=tuple(measure_folder(folder, runner) for folder in bench.folders),
        talks=tuple(measure_talks(documents, bench.talks, runner)),
        seconds=time.monotonic() - started,
    )
    _refuse_failed(reranker)
    return results


def _reranker(settings: Settings) -> Reranker | None:
    """Return the reranker of the settings, which has scored once. Raises ModelError: nothing is measured without it."""
    from index.encoding.reranker import require_reranker

    reranker = require_reranker(settings.reranker, threads=settings.threads)
    if reranker is not None:
        reranker.scores("a question", ["a passage"])
    _refuse_failed(reranker)
    return reranker


def _refuse_failed(reranker: Reranker | None) -> None:
    if reranker is not None and reranker.fault is not None:
        raise ModelError(reranker.fault)


def make_runner(workspace: Workspace, bar: Bar) -> Runner:
    """Return a runner with the workspace's model, calibration and thresholds; a warning is printed."""
    encoder = CachingEncoder(load_model(workspace, bar))
    chosen = choose_calibration(open_store(workspace.store).folder, encoder.fingerprint)
    if chosen.warning:
        write_error(chosen.warning)
    return Runner(encoder, AnswerPolicy.of(workspace.settings), chosen.calibration, report=bar.step)


def _collect(measurements: Iterable[Measurement], *, verbose: bool) -> tuple[Measurement, ...]:
    """Collect the measurements; if `verbose`, print each to standard error when it is finished."""
    found = []
    for each in measurements:
        found.append(each)
        if verbose:
            scores = score(each.judgements)
            what = f"{each.questions}, {each.variant or each.system}"
            recall = f"{scores.recall_1.value:.3f}"
            write_error(f"{what}: recall@1 {recall}, AUROC {format_share(scores.auroc) or 'none'}")
    return tuple(found)


def _print_results(results: EvaluationResults, *, as_json: bool) -> None:
    rows = [row for each in results.own for row in score_rows(each, by_language=True)]
    rows += [row for each in results.public if not each.variant for row in score_rows(each, by_language=False)]
    folders = score_folders(results.folders) if results.folders else []
    talks = [scores for talk in results.talks for scores in score_talk(talk)]
    if as_json:
        for values in (*map(row_as_json, rows), *map(folder_as_json, folders), *map(talk_as_json, talks)):
            write_line(to_json(values))
        return
    _print_rows(rows, results.provenance.threshold)
    if folders:
        _print_folders(folders)
    if talks:
        _print_talks(talks)


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
    _print_wide(table)


def _print_folders(folders: Sequence[FolderScores]) -> None:
    from rich.table import Table

    table = Table("", *(each.folder for each in folders))
    for row in folder_table(folders):
        table.add_row(*row)
    _print_wide(table)


def _print_talks(talks: Sequence[TalkScores]) -> None:
    from rich.table import Table

    table = Table(*HEADINGS)
    for scores in talks:
        table.add_row(*talk_row(scores))
    _print_wide(table)


def _print_wide(table: Table) -> None:
    screen = console()
    screen.width = max(screen.width, 150)
    screen.print(table)
