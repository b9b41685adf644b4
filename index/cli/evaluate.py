"""The commands that measure, `evaluate` and `calibrate`, as tables."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.answering.confidence import CALIBRATION
from index.cli.json_output import to_json
from index.cli.progress import Bar, progress
from index.cli.session import Place, find_model
from index.cli.terminal import console, put, say
from index.encoding.cache import CachingEncoder
from index.evaluation import runner as measuring
from index.evaluation.ablations import measure_ablations
from index.evaluation.calibration import Fit
from index.evaluation.metrics import Estimate, score
from index.evaluation.provenance import record_provenance
from index.evaluation.public_sets import read_public_sets
from index.evaluation.report import write_report
from index.evaluation.results import EvaluationResults
from index.evaluation.runner import Engine, Measurement, Row

EVALUATION = Path("tests/evaluation")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure on: files of questions (all of the project's own), public sets; where to report it."""

    questions: Sequence[Path] | None
    bench: Path | None
    baseline: bool
    report: Path | None


def run_evaluate(place: Place, wanted: Wanted, *, as_json: bool) -> None:
    """Score the engine and the plain baseline, and print a row for each language. Raises DocumentsError.

    With a folder to report into also the ablations and the script variants, and all of it written there.
    """
    files = wanted.questions or sorted(EVALUATION.glob("*.jsonl"))
    if wanted.bench:
        read_public_sets(wanted.bench)  # what is wrong with them is better known before minutes of measuring
    if wanted.report:
        study, missing = _report(place, files, wanted, wanted.report)
        own, public = study.own, tuple(each for each in study.public if not each.variant)
    else:
        with progress() as bar:
            engine = _engine(place, bar)
            own = tuple(measuring.measure_documents(place.documents, files, engine, baseline=wanted.baseline))
            public = _public(wanted, engine)
        missing = None
    rows = [row for each in own for row in measuring.rows_of(each, by_language=True)]
    rows += [row for each in public for row in measuring.rows_of(each, by_language=False)]
    if as_json:
        put("\n".join(to_json(measuring.as_json(row)) for row in rows))
    else:
        _print_rows(rows, place.settings.threshold)
    if wanted.report:
        say(f"the report is in {wanted.report}{missing or ''}")


def run_calibrate(place: Place, *, questions: Path | None, bench: Path | None) -> None:
    """Fit the confidence, write it, and print how reliable it is on facts it was not fitted on."""
    with progress() as bar:
        path = questions or EVALUATION / "development.jsonl"
        fits = measuring.calibrate(place.documents, path, bench, _engine(place, bar))
    for name, fit in fits.items():
        _print_fit(name, fit)
    put(f"written to {CALIBRATION}")


def _report(
    place: Place, files: Sequence[Path], wanted: Wanted, folder: Path
) -> tuple[EvaluationResults, str | None]:
    """Measure everything and write the report; also say what it is missing."""
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)  # what cannot be written to is better known before than after
    with progress() as bar:
        engine = _engine(place, bar)
        conditions = record_provenance(place.documents, files, engine.encoder, engine.threshold)
        documents = place.documents
        own = _told(measuring.measure_documents(documents, files, engine, baseline=wanted.baseline))
        ablations = _told(measure_ablations(documents, files, engine))
        public = _public(wanted, engine)
        study = EvaluationResults(conditions, own, ablations, public, time.monotonic() - started)
        bar.wait("writing the report")
        return study, write_report(study, folder)


def _public(wanted: Wanted, engine: Engine) -> tuple[Measurement, ...]:
    if not wanted.bench:
        return ()
    variants = wanted.report is not None
    found = measuring.measure_public(wanted.bench, engine, baseline=wanted.baseline, variants=variants)
    return _told(found) if variants else tuple(found)


def _engine(place: Place, bar: Bar) -> Engine:
    encoder = CachingEncoder(find_model(place, bar))
    return Engine(encoder, threshold=place.settings.threshold, report=bar.step)


def _told(measured: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Gather what is measured, and say of each on standard error that it is finished."""
    found = []
    for each in measured:
        found.append(each)
        scores = score(each.outcomes)
        what = f"{each.questions}, {each.variant or each.system}"
        say(f"{what}: recall@1 {scores.recall_1.value:.3f}, AUROC {_share(scores.auroc) or 'none'}")
    return tuple(found)


def _print_rows(rows: Sequence[Row], threshold: float) -> None:
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
            _interval(scores.recall_1),
            *(
                _share(each.value)
                for each in (scores.recall_3, scores.recall_5, scores.reciprocal_rank, scores.highlights)
            ),
            *(
                _share(each)
                for each in (scores.highlighted_share, scores.precision, scores.recall, scores.accuracy)
            ),
            _share(scores.auroc),
        )
    wide = console()
    wide.width = max(wide.width, 150)
    wide.print(table)


def _print_fit(name: str, fit: Fit) -> None:
    chosen = fit.chosen
    put(f"{name}: {sum(fit.weights.fitted_on.values())} questions {dict(fit.weights.fitted_on)}")
    put(f"  on facts it was not fitted on: AUROC {fit.auroc:.3f}, balanced accuracy {chosen.accuracy:.3f}")
    put(f"  answers from {chosen.threshold:.2f}: precision {chosen.precision:.3f}, recall {chosen.recall:.3f}")
    for tenth in fit.reliability:
        put(f"  says {tenth.confidence:.2f}: {tenth.answerable:.2f} of {tenth.count:4d} have an answer")


def _interval(estimate: Estimate) -> str:
    return "" if math.isnan(estimate.value) else f"{estimate.value:.3f} ({estimate.low:.2f}–{estimate.high:.2f})"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
