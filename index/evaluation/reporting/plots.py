"""Draw evaluation results; the only module that imports matplotlib, which is optional."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from index.evaluation.metrics import Estimate, ReliabilityBin, auroc, decide_at_thresholds, roc, score
from index.evaluation.reporting.results import ConfidenceResults, EvaluationResults
from index.evaluation.runner import SYSTEM, Measurement

# Okabe and Ito's palette for colour-blind readers; each colour has a shape of its own.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_SHAPES = ("o", "s", "^", "D", "v", "P", "X")
_GREY = "#999999"
_DPI = 110
_WIDTH = 8.0  # inches


def draw(results: EvaluationResults, folder: Path) -> list[str]:
    """Draw the plots that there are numbers for into `folder`; return the names of the files."""
    plots: dict[str, Callable[[EvaluationResults], Figure | None]] = {
        "recall.png": _recall,
        "ablations.png": _ablations,
        "reliability.png": _reliability,
        "roc.png": _roc,
        "thresholds.png": _thresholds,
        "public.png": _public,
    }
    drawn = []
    for name, plot in plots.items():
        figure = plot(results)
        if figure is not None:
            figure.savefig(folder / name, dpi=_DPI, metadata={"Software": None})
            drawn.append(name)
    return drawn


def _recall(results: EvaluationResults) -> Figure:
    systems = list(dict.fromkeys(each.system for each in results.own))
    rows = [(system, [each for each in results.own if each.system == system]) for system in systems]
    figure, axes = _wide(len(rows), "Recall@1 (share of answerable questions)")
    _dots(axes, rows, lambda each: score(each.judgements).recall_1)
    _legend(figure, axes)
    return figure


def _ablations(results: EvaluationResults) -> Figure | None:
    names = list(dict.fromkeys(each.system for each in results.ablations))
    if not names:
        return None
    rows = [(name, [each for each in results.ablations if each.system == name]) for name in names]
    figure, axes = _wide(len(rows), "Change of recall@1 (percentage points)")
    axes.axvline(0, color=_GREY, linewidth=1, zorder=0)

    def points(each: Measurement) -> Estimate:
        change = results.change(each)
        return Estimate(100 * change.value, 100 * change.low, 100 * change.high)

    _dots(axes, rows, points)
    _legend(figure, axes)
    return figure


def draw_reliability(parts: Mapping[str, Sequence[ReliabilityBin]], path: Path) -> None:
    """Draw the tenths of confidence of each part of the questions beside one another into the PNG file `path`."""
    _reliability_of(parts).savefig(path, format="png", dpi=_DPI, metadata={"Software": None})


def _reliability(results: EvaluationResults) -> Figure:
    return _reliability_of({each.questions: each.bins for each in map(ConfidenceResults.of, results.system)})


def _reliability_of(parts: Mapping[str, Sequence[ReliabilityBin]]) -> Figure:
    figure = _figure(4.2 * max(1, len(parts)), 4.4)
    for at, (name, bins) in enumerate(parts.items(), start=1):
        axes = _square(figure, at, len(parts), name)
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--", label="as good as it says")
        axes.plot(
            [tenth.confidence for tenth in bins],
            [tenth.answerable for tenth in bins],
            color=_colour(at - 1),
            marker=_shape(at - 1),
            label="tenths of confidence, with n",
        )
        for tenth in bins:
            below = tenth.answerable > 0.5  # keeps the number inside, and off the line
            axes.annotate(
                str(tenth.count),
                (tenth.confidence, tenth.answerable),
                textcoords="offset points",
                xytext=(7, -11) if below else (-7, 6),
                ha="left" if below else "right",
                fontsize=8,
            )
        axes.set_xlabel("Mean confidence (probability)")
        axes.set_ylabel("Share of questions with an answer")
        axes.legend(loc="lower right", frameon=False, fontsize=8)
    return figure


def _roc(results: EvaluationResults) -> Figure:
    figure = _figure(4.8, 4.8)
    axes = _square(figure, 1, 1, "")
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
    for at, each in enumerate(map(ConfidenceResults.of, results.system)):
        points = roc(each.confidences, each.answerable)
        label = f"{each.questions}, AUROC {auroc(each.confidences, each.answerable):.3f}"
        axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=_colour(at),
            linestyle=("-", "--", "-.", ":")[at % 4],
            drawstyle="steps-post",
            label=label,
        )
    axes.set_xlabel("Answered among the unanswerable (share)")
    axes.set_ylabel("Answered among the answerable (share)")
    if results.system:
        axes.legend(loc="lower right", frameon=False)
    return figure


def _thresholds(results: EvaluationResults) -> Figure:
    found = [ConfidenceResults.of(each) for each in results.system]
    figure = _figure(4.2 * max(1, len(found)), 4.4)
    chosen = results.provenance.threshold
    for at, each in enumerate(found, start=1):
        axes = _square(figure, at, len(found), each.questions)
        points = decide_at_thresholds(each.confidences, each.answerable)
        curves = {
            "precision": ([point.precision for point in points.values()], "-"),
            "recall": ([point.recall for point in points.values()], "--"),
            "balanced accuracy": ([point.accuracy for point in points.values()], "-."),
        }
        for number, (name, (values, line)) in enumerate(curves.items()):
            axes.plot(list(points), values, color=_colour(number), linestyle=line, label=name)
        axes.axvline(chosen, color=_GREY, linewidth=1, linestyle=":", label=f"threshold {chosen:.2f}")
        axes.set_xlabel("Threshold (answers from this confidence)")
        axes.set_ylabel("Share")
        axes.legend(loc="lower left", frameon=False, fontsize=8)
    return figure


def _public(results: EvaluationResults) -> Figure | None:
    if not results.public:
        return None
    sets = list(dict.fromkeys(each.questions for each in results.public))
    # Variants follow the system that they are variants of.
    systems = list(dict.fromkeys(map(_label, sorted(results.public, key=lambda each: each.system != SYSTEM))))
    figure, axes = _wide(2 * len(sets), "Recall@1 (share of answerable questions)")
    for row, name in enumerate(sets):
        for measurement in (each for each in results.public if each.questions == name):
            at = systems.index(_label(measurement))
            offset = _offset(at, len(systems), 0.7)
            _dot(
                axes,
                row + offset,
                score(measurement.judgements).recall_1,
                at,
                _label(measurement) if not row else None,
            )
    _rows(axes, sets)
    _legend(figure, axes)
    return figure


def _label(measurement: Measurement) -> str:
    return f"{SYSTEM}, {measurement.variant}" if measurement.variant else measurement.system


def _dots(
    axes: Axes, rows: Sequence[tuple[str, Sequence[Measurement]]], value: Callable[[Measurement], Estimate]
) -> None:
    """Draw a dot and its interval for every file of questions in every row."""
    files = list(dict.fromkeys(each.questions for _, row in rows for each in row))
    for number, (_, row) in enumerate(rows):
        for measurement in row:
            at = files.index(measurement.questions)
            offset = _offset(at, len(files), 0.36)
            _dot(axes, number + offset, value(measurement), at, measurement.questions if not number else None)
    _rows(axes, [name for name, _ in rows])


def _dot(axes: Axes, row: float, estimate: Estimate, at: int, label: str | None) -> None:
    if math.isnan(estimate.value):
        return
    axes.plot([estimate.low, estimate.high], [row, row], color=_colour(at), linewidth=1.5)
    axes.plot([estimate.value], [row], color=_colour(at), marker=_shape(at), linestyle="none", label=label)


def _offset(at: int, of: int, height: float) -> float:
    """Return the distance of item `at` from the middle of its row."""
    return height * (at / (of - 1) - 0.5) if of > 1 else 0.0


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _wide(rows: int, across: str) -> tuple[Figure, Axes]:
    figure = _figure(_WIDTH, 1.3 + 0.42 * rows)
    axes = figure.add_subplot()
    _bare(axes)
    axes.set_xlabel(f"{across}, with 95 % intervals")
    return figure, axes


def _square(figure: Figure, at: int, of: int, title: str) -> Axes:
    axes = figure.add_subplot(1, of, at)
    _bare(axes)
    axes.set_title(title, fontsize=10)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), layout="constrained")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(
            handles, labels, loc="outside upper center", ncols=min(3, len(labels)), frameon=False, fontsize=8
        )


def _colour(at: int) -> str:
    return _COLOURS[at % len(_COLOURS)]


def _shape(at: int) -> str:
    return _SHAPES[at % len(_SHAPES)]
