"""A study as plots; the only module that imports matplotlib, which is optional."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from index.evaluation.curves import over_thresholds, roc
from index.evaluation.metrics import Estimate, area_under_roc, score
from index.evaluation.results import Confidence, EvaluationResults
from index.evaluation.runner import ENGINE, Measurement

# Okabe and Ito's colours, which people with any colour vision tell apart; a shape goes with each.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_SHAPES = ("o", "s", "^", "D", "v", "P", "X")
_GREY = "#999999"
_DPI = 110
_WIDTH = 8.0  # inches


def draw(study: EvaluationResults, folder: Path) -> list[str]:
    """Draw what there is to draw into `folder` and name the files."""
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
        figure = plot(study)
        if figure is not None:
            figure.savefig(folder / name, dpi=_DPI, metadata={"Software": None})
            drawn.append(name)
    return drawn


def _recall(study: EvaluationResults) -> Figure:
    systems = list(dict.fromkeys(each.system for each in study.own))
    rows = [(system, [each for each in study.own if each.system == system]) for system in systems]
    figure, axes = _wide(len(rows), "Recall@1 (share of answerable questions)")
    _dots(axes, rows, lambda each: score(each.outcomes).recall_1)
    _legend(figure, axes)
    return figure


def _ablations(study: EvaluationResults) -> Figure | None:
    names = list(dict.fromkeys(each.system for each in study.ablations))
    if not names:
        return None
    rows = [(name, [each for each in study.ablations if each.system == name]) for name in names]
    figure, axes = _wide(len(rows), "Change of recall@1 (percentage points)")
    axes.axvline(0, color=_GREY, linewidth=1, zorder=0)

    def points(each: Measurement) -> Estimate:
        change = study.change(each)
        return Estimate(100 * change.value, 100 * change.low, 100 * change.high)

    _dots(axes, rows, points)
    _legend(figure, axes)
    return figure


def _reliability(study: EvaluationResults) -> Figure:
    found = [Confidence.of(each) for each in study.engine]
    figure = _figure(4.2 * max(1, len(found)), 4.4)
    for at, each in enumerate(found, start=1):
        axes = _square(figure, at, len(found), each.questions)
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--", label="as good as it says")
        axes.plot(
            [tenth.confidence for tenth in each.tenths],
            [tenth.answerable for tenth in each.tenths],
            color=_colour(at - 1),
            marker=_shape(at - 1),
            label="tenths of confidence, with n",
        )
        for tenth in each.tenths:
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


def _roc(study: EvaluationResults) -> Figure:
    figure = _figure(4.8, 4.8)
    axes = _square(figure, 1, 1, "")
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
    for at, each in enumerate(map(Confidence.of, study.engine)):
        points = roc(each.sure, each.answerable)
        known = [sure for sure, is_so in zip(each.sure, each.answerable, strict=True) if is_so]
        unknown = [sure for sure, is_so in zip(each.sure, each.answerable, strict=True) if not is_so]
        label = f"{each.questions}, AUROC {area_under_roc(known, unknown):.3f}"
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
    if study.engine:
        axes.legend(loc="lower right", frameon=False)
    return figure


def _thresholds(study: EvaluationResults) -> Figure:
    found = [Confidence.of(each) for each in study.engine]
    figure = _figure(4.2 * max(1, len(found)), 4.4)
    chosen = study.conditions.threshold
    for at, each in enumerate(found, start=1):
        axes = _square(figure, at, len(found), each.questions)
        points = over_thresholds(each.sure, each.answerable)
        across = [point.threshold for point in points]
        axes.plot(across, [point.precision for point in points], color=_colour(0), label="precision")
        axes.plot(across, [point.recall for point in points], color=_colour(1), linestyle="--", label="recall")
        axes.plot(
            across,
            [point.accuracy for point in points],
            color=_colour(2),
            linestyle="-.",
            label="balanced accuracy",
        )
        axes.axvline(chosen, color=_GREY, linewidth=1, linestyle=":", label=f"threshold {chosen:.2f}")
        axes.set_xlabel("Threshold (answers from this confidence)")
        axes.set_ylabel("Share")
        axes.legend(loc="lower left", frameon=False, fontsize=8)
    return figure


def _public(study: EvaluationResults) -> Figure | None:
    if not study.public:
        return None
    sets = list(dict.fromkeys(each.questions for each in study.public))
    # The variants stand next to what they vary.
    systems = list(dict.fromkeys(map(_label, sorted(study.public, key=lambda each: each.system != ENGINE))))
    figure, axes = _wide(2 * len(sets), "Recall@1 (share of answerable questions)")
    for row, name in enumerate(sets):
        for measured in (each for each in study.public if each.questions == name):
            at = systems.index(_label(measured))
            offset = _offset(at, len(systems), 0.7)
            _dot(axes, row + offset, score(measured.outcomes).recall_1, at, _label(measured) if not row else None)
    _rows(axes, sets)
    _legend(figure, axes)
    return figure


def _label(measured: Measurement) -> str:
    return f"{ENGINE}, {measured.variant}" if measured.variant else measured.system


def _dots(
    axes: Axes, rows: Sequence[tuple[str, Sequence[Measurement]]], value: Callable[[Measurement], Estimate]
) -> None:
    """Draw a dot and its interval for every file of questions in every row."""
    files = list(dict.fromkeys(each.questions for _, row in rows for each in row))
    for number, (_, row) in enumerate(rows):
        for measured in row:
            at = files.index(measured.questions)
            offset = _offset(at, len(files), 0.36)
            _dot(axes, number + offset, value(measured), at, measured.questions if not number else None)
    _rows(axes, [name for name, _ in rows])


def _dot(axes: Axes, row: float, estimate: Estimate, at: int, label: str | None) -> None:
    if math.isnan(estimate.value):
        return
    axes.plot([estimate.low, estimate.high], [row, row], color=_colour(at), linewidth=1.5)
    axes.plot([estimate.value], [row], color=_colour(at), marker=_shape(at), linestyle="none", label=label)


def _offset(at: int, of: int, height: float) -> float:
    """Say how far from the middle of its row number `at` is drawn."""
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
