"""The command that fits the confidence: `calibrate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from index.answering.confidence.calibration import Thresholds, write_calibration
from index.answering.confidence.calibration_choice import calibration_path
from index.cli.progress import progress
from index.cli.quality.evaluate import DEFAULT_QUESTIONS, make_runner
from index.cli.session import Workspace
from index.cli.terminal import write_line
from index.errors import ChronicleError
from index.evaluation.calibration import PLAIN, UNREAD, Fitted, OwnQuestions, calibrate
from index.evaluation.datasets.dataset import Benchmark, read_benchmark
from index.evaluation.fit_quality import FitQuality, PartQuality
from index.store.opening import open_store

_PROJECT_QUESTIONS = DEFAULT_QUESTIONS / "development.jsonl"  # about the documents of a checkout


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """What to fit to: a file of questions about the documents, folders of question sets; where to write and draw.

    questions: None: the project's own in a checkout, unless other documents are named.
    """

    questions: Path | None
    bench: Sequence[Path]
    output: Path | None
    plot: Path | None


def run_calibrate(workspace: Workspace, options: CalibrationOptions) -> None:
    """Fit the confidence, write the calibration, by default into the store, and print its held-out quality.

    With `plot`, draw how reliable it is for each pair of languages. Raises ChronicleError, OSError.
    """
    if options.plot and not find_spec("matplotlib"):
        raise ChronicleError("--plot needs matplotlib: install it with `pip install 'llama-chronicle[evaluate]'`")
    sets = [read_benchmark(folder) for folder in options.bench]
    bench = Benchmark(
        tuple(chain.from_iterable(each.datasets for each in sets)),
        tuple(chain.from_iterable(each.folders for each in sets)),
    )
    questions = options.questions or _PROJECT_QUESTIONS
    is_own = options.questions is not None or (questions.exists() and not workspace.is_named)
    own = OwnQuestions(workspace.documents, questions) if is_own else None
    path = options.output or calibration_path(open_store(workspace.store).folder)
    with progress() as bar:
        fitted = calibrate(own, bench, make_runner(workspace, bar))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_calibration(fitted.calibration, path)
    for line in _lines(fitted):
        write_line(line)
    write_line(f"written to {path}; what is running reads it when it opens the index again")
    if options.plot:
        from index.evaluation.reporting.plots import draw_reliability  # only here: matplotlib is optional

        plain = fitted.quality.get(PLAIN) or fitted.quality[UNREAD]
        parts = {"all questions": plain.whole, **{f"{name} documents": part for name, part in plain.pairs.items()}}
        draw_reliability({name: part.reliability for name, part in parts.items()}, options.plot)
        write_line(f"drawn to {options.plot}")


def _lines(fitted: Fitted) -> Iterator[str]:
    thresholds = fitted.calibration.thresholds
    yield f"for the model {fitted.calibration.model}"
    for name, quality in fitted.quality.items():
        counts = ", ".join(
            f"{source} {count}" for source, count in fitted.calibration.fits[name].fitted_on.items()
        )
        yield f"{name}: {quality.whole.questions} questions ({counts})"
        yield from _quality_lines(quality, thresholds)


def _quality_lines(quality: FitQuality, thresholds: Thresholds) -> Iterator[str]:
    whole = quality.whole
    for verb, threshold, decisions in (
        ("answers", thresholds.answer, whole.answering),
        ("answers or is unsure", thresholds.unsure, whole.unsure),
    ):
        yield f"  {verb} from {threshold:.2f}: precision {decisions.precision:.3f}, recall {decisions.recall:.3f}"
    yield "  on questions not fitted to: " + _part(whole)
    yield from _part_lines("on {}, fitted on the others", quality.sources)
    yield from _part_lines("{} documents", quality.pairs)
    for each in whole.reliability:
        yield f"  confidence {each.confidence:.2f}: {each.answerable:.2f} of {each.count:4d} have an answer"


def _part_lines(label: str, parts: Mapping[str, PartQuality]) -> Iterator[str]:
    for name, part in parts.items():
        yield f"  {label.format(name)}: {_part(part)}"


def _part(part: PartQuality) -> str:
    return (
        f"{part.questions} questions, AUROC {part.auroc:.3f}, balanced accuracy {part.answering.accuracy:.3f}, "
        f"calibration error {part.error:.3f}"
    )
