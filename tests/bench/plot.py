"""Draw what `make bench` measured: each bounded figure as a share of its bound, and answers a second by askers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from tests.bench.__main__ import Row

_KEPT, _MISSED, _GREY = "#0072B2", "#D55E00", "#999999"  # Okabe and Ito's


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write the picture."""
    bounded = [row for row in rows if row.bound is not None][::-1]
    rates = {row.what.split(", ")[1].split()[0]: row.value for row in rows if row.unit == "/s"}
    figure = Figure(figsize=(9, 6), layout="constrained")
    shares, throughput = figure.subplots(2, height_ratios=[len(bounded), 4])
    shares.barh(
        [row.what for row in bounded],
        [row.value / (row.bound or 1) for row in bounded],
        color=[_KEPT if row.holds else _MISSED for row in bounded],
        height=0.6,
        alpha=0.5,  # the figures are written on them
    )
    for at, row in enumerate(bounded):
        sign = "at least" if row.at_least else "at most"
        shares.annotate(f" {row.value:.3g} {row.unit} ({sign} {row.bound:g})", (0.02, at), va="center", fontsize=8)
    shares.axvline(1, color=_GREY, linewidth=1)
    shares.set_xlabel("share of the bound")
    throughput.plot(list(rates), list(rates.values()), "o-", color=_KEPT)
    throughput.set_ylim(0, 1.15 * max(rates.values()))
    throughput.set_xlabel("people who ask at once")
    throughput.set_ylabel("answers a second")
    figure.savefig(path, dpi=110, metadata={"Software": None})
