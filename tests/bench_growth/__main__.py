"""Measure each size, print a table, and keep and draw the figures."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

import tests.bench_growth
from index.evaluation.provenance import commit_of

_SIZES = "1000,10000,100000"
_OWN_TOKENS = 10_000

Row = dict[str, float]


def main() -> None:
    """Measure each size and print a table, or one step of one size as JSON."""
    options = _options()
    if options.step:
        print(json.dumps(_step(options)))
        return
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folder = Path(scratch)
        base = _run("base", options, folder, 0)
        rows: list[Row] = []
        for size in map(int, options.sizes.split(",")):
            steps = {**_run("build", options, folder, size), **_run("answer", options, folder, size)}
            rows.append({"passages": size, **steps})
            Console(width=200).print(_table(rows))
            if options.json:
                _keep(options.json, base, rows)
    Console().print(
        f"cut {base['cut_per_second']:.0f} and encoded {base['encoded_per_second']:.1f} passages a second of processor "
        f"time; load {os.getloadavg()[0]:.1f} at the end"
    )
    if options.plot:
        from tests.bench_growth.plot import draw

        draw(rows, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench_growth",
        description=tests.bench_growth.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--bench", type=Path, required=True, help="the folder with public question sets")
    parser.add_argument("--sizes", default=_SIZES, help="numbers of passages")
    parser.add_argument(
        "--own-tokens", type=int, default=_OWN_TOKENS, help="passages up to which each has its own"
    )
    parser.add_argument("--scratch", type=Path, help="the folder to build in")
    parser.add_argument("--json", type=Path, help="the file for the figures")
    parser.add_argument("--plot", type=Path, help="the picture to draw")
    parser.add_argument("--step", choices=("base", "build", "answer"), help=argparse.SUPPRESS)
    return parser.parse_args()


def _step(options: argparse.Namespace) -> Row:
    from tests.bench_growth.base import write_base
    from tests.bench_growth.steps import BASE, answer, build

    size = int(options.sizes)
    own = size <= options.own_tokens
    steps: dict[str, Callable[[], Row]] = {
        "base": lambda: write_base(options.bench, options.scratch / BASE),
        "build": lambda: build(options.scratch, size, own_tokens=own),
        "answer": lambda: answer(options.scratch, size, own_tokens=own),
    }
    return steps[options.step]()


def _run(step: str, options: argparse.Namespace, folder: Path, size: int) -> Row:
    """Return what one step measured in a process of its own; the peak memory of this one would count as its."""
    command = [sys.executable, "-m", "tests.bench_growth", "--step", step, "--bench", str(options.bench)]
    command += ["--scratch", str(folder), "--sizes", str(size), "--own-tokens", str(options.own_tokens)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Row = json.loads(done.stdout)
    return found


def _table(rows: Sequence[Row]) -> Table:
    names = [name for name in rows[0] if name != "passages"]
    shown = Table("passages", *(name.replace("_", " ") for name in names))
    for row in rows:
        shown.add_row(f"{row['passages']:,}", *(f"{row[name]:.4g}" for name in names))
    return shown


def _keep(path: Path, base: Row, rows: Sequence[Row]) -> None:
    found = {
        "commit": commit_of(Path("index")),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "base": base,
        "rows": rows,
    }
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
