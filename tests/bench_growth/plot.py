"""Draw what the growth of an index costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

_PANELS = {
    "one question, processor time (ms)": ("candidates_milliseconds", "answer_milliseconds"),
    "build and opening (s)": ("build_seconds", "open_seconds"),
    "disk and memory (MB)": ("disk_megabytes", "tokens_megabytes", "build_memory_megabytes", "memory_megabytes"),
    "recall": ("dense_recall", "bm25_recall", "recall_at_1"),
}


def draw(rows: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw the rows as curves into the picture at `path`."""
    figure = Figure(figsize=(10, 7), layout="constrained")
    for axes, (title, names) in zip(figure.subplots(2, 2).flat, _PANELS.items(), strict=True):
        for name, shape in zip(names, "os^v", strict=False):
            label = name.rsplit("_", 1)[0] if "recall" not in name else name
            sizes = [row["passages"] for row in rows]
            axes.plot(sizes, [row[name] for row in rows], f"{shape}-", label=label.replace("_", " "))
        axes.set(xscale="log", yscale="linear" if "recall" in title else "log", title=title, xlabel="passages")
        axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})
