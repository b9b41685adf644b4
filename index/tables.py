"""The commands that measure, `evaluate` and `calibrate`, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from index import measuring
from index.calibrate import Fit
from index.confidence import CALIBRATION
from index.evaluate import Estimate
from index.measuring import Row
from index.opening import Place, find_model
from index.payload import to_json
from index.progress import progress
from index.terminal import console, put

EVALUATION = Path("tests/evaluation")


def run_evaluate(
    place: Place, *, questions: Sequence[Path] | None, bench: Path | None, baseline: bool, as_json: bool
) -> None:
    """Score the engine and the plain baseline, and print a row for each language. Raises DocumentsError."""
    files = questions or sorted(EVALUATION.glob("*.jsonl"))
    with progress() as bar:
        encoder = find_model(place, bar)
        bar.wait("measuring")
        rows = list(measuring.measure_documents(place.documents, files, encoder, baseline=baseline))
        if bench:
            rows += measuring.measure_public(bench, encoder, baseline=baseline)
    if as_json:
        put("\n".join(to_json(measuring.as_json(row)) for row in rows))
    else:
        _print_rows(rows)


def run_calibrate(place: Place, *, questions: Path | None, bench: Path | None) -> None:
    """Fit the confidence, write it, and print how reliable it is on facts it was not fitted on."""
    with progress() as bar:
        encoder = find_model(place, bar)
        bar.wait("fitting")
        path = questions or EVALUATION / "development.jsonl"
        fits = measuring.calibrate(place.documents, path, bench, encoder)
    for name, fit in fits.items():
        _print_fit(name, fit)
    put(f"written to {CALIBRATION}")


def _print_rows(rows: Sequence[Row]) -> None:
    from rich.table import Table

    table = Table(caption="95 % intervals by resampling facts; accuracy is balanced over answering and declining")
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
    put(f"{name}: {sum(fit.weights.fitted_on.values())} questions {dict(fit.weights.fitted_on)}")
    put(f"  on facts it was not fitted on: AUROC {fit.auroc:.3f}, balanced accuracy {fit.accuracy:.3f}")
    for confidence, answerable, number in fit.reliability:
        put(f"  says {confidence:.2f}: {answerable:.2f} of {number:4d} have an answer")


def _interval(estimate: Estimate) -> str:
    return "" if math.isnan(estimate.value) else f"{estimate.value:.3f} ({estimate.low:.2f}–{estimate.high:.2f})"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
