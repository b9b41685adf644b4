"""Time and memory of starts, answers, builds and the bot, as ratios to the plain pipeline: `make bench`.

Times on a busy machine are noise, so systems take turns within one run. The plain pipeline is sentence-transformers in
float32 with its default threads, and a flat FAISS index. The results are kept with their commit, and drawn.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.evaluation.provenance import commit_of
from tests.bench.answerer import DOCUMENTS, ENGINE, PLAIN
from tests.bench.processes import Run, environment, run
from tests.bench.service import QUESTIONS

RESULTS = Path("tests/evaluation/results")

_ROUNDS = 60  # questions in turn
_STARTS = 2
_MANY = 10_000  # passages, of 230 tokens each as in Chinese; English ones have 50


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its bound; bound: None if it only informs, else the most, or the least if `at_least`."""

    what: str
    value: float
    unit: str
    bound: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its bound."""
        if self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def main() -> None:
    """Measure, print the table, and keep and draw it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(DOCUMENTS, folder / "documents")
        rows = [*_builds(folder), *_starts(folder), *_answers(folder), *_beside(folder), *_service(folder)]
    console = Console()
    console.width = max(console.width, 110)
    console.print(_table(rows))
    _keep(rows)


def _builds(folder: Path) -> Iterator[Row]:
    first, nothing = (_index("build", folder) for _ in range(2))
    yield Row("build from nothing, whole process", first.seconds, "s")
    yield Row("its peak", first.megabytes, "MB")
    yield Row("build with nothing to do, after start-up", json.loads(nothing.output)["seconds"], "s", 1.0)


def _starts(folder: Path) -> Iterator[Row]:
    """Yield the figures of processes, which take turns."""
    imports, asks = [], []
    for _ in range(_STARTS):
        imports.append(run(["-c", "import torch, sentence_transformers"]))
        asks.append(_index("ask", folder, "Llama 團隊還剩下多少人？"))
    seconds = [min(each.seconds for each in runs) for runs in (asks, imports)]
    yield Row("import torch, sentence_transformers", seconds[1], "s")
    yield Row("one ask from the shell", seconds[0], "s")
    yield Row("one ask, to the import", seconds[0] / seconds[1], "×", 0.5)
    yield Row("peak of the import", max(each.megabytes for each in imports), "MB")
    yield Row("peak of one ask", max(each.megabytes for each in asks), "MB", 350)
    for command in ("--help", "info"):
        quickest = min(_index(command, folder).seconds for _ in range(_STARTS))
        yield Row(f"python -m index {command}", quickest, "s")


def _answers(folder: Path) -> Iterator[Row]:
    lines = QUESTIONS.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:_ROUNDS]
    taken: dict[str, list[float]] = {PLAIN: [], ENGINE: []}
    with _answerer(PLAIN, folder) as plain, _answerer(ENGINE, folder) as engine:
        for question in [*questions[:5], *questions]:
            for which, process in ((PLAIN, plain), (ENGINE, engine)):
                taken[which].append(_answer(process, question))
    plain_median, median = (statistics.median(taken[which][5:]) for which in (PLAIN, ENGINE))
    yield Row("warm answer of the plain pipeline, median", 1000 * plain_median, "ms")
    yield Row("warm answer, median", 1000 * median, "ms")
    yield Row("warm answer, to the plain pipeline's", median / plain_median, "×", 0.6)


def _beside(folder: Path) -> Iterator[Row]:
    """Yield what an answer costs beside the encoder, in process time, with the one thread that the worker has."""
    given, generated = (
        float(run(["-m", "tests.bench.beside", str(folder), *passages], OMP_NUM_THREADS="1").output)
        for passages in ([], [str(_MANY)])
    )
    yield Row("an answer beside the encoder, process time, median", given, "ms")
    yield Row(f"the same of {_MANY:,} generated passages", generated, "ms", 3)


def _service(folder: Path) -> Iterator[Row]:
    found = json.loads(run(["-m", "tests.bench.service", str(folder)]).output)
    alone = found["answers"]["1"]
    for askers, rate in found["answers"].items():
        yield Row(f"answers a second, {askers} at once", rate, "/s")
    yield Row("16 at once, to one by one", found["answers"]["16"] / alone, "×", 2.5, at_least=True)
    yield Row("idle bot and worker", found["idle"], "MB", 450)
    yield Row("bot and worker answering, peak", found["answering"], "MB", 512)
    yield Row("with a rebuild beside them, peak", found["rebuilding"], "MB", 900)


def _index(command: str, folder: Path, *arguments: str) -> Run:
    store = ["--store", str(folder / "store")]
    options = {
        "--help": [],
        "info": store,
        "ask": [*store, "--json"],
        "build": [*store, "--documents", str(folder / "documents"), "--json"],
    }
    return run(["-m", "index", command, *arguments, *options[command]])


@contextmanager
def _answerer(which: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.answerer", which, str(folder / "store")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    ) as process:
        yield process
        process.kill()


def _answer(process: subprocess.Popen[str], question: str) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def _table(rows: list[Row]) -> Table:
    table = Table("what", "measured", "bound", "")
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        bound = "" if row.bound is None else f"{sign} {row.bound:g} {row.unit}"
        table.add_row(row.what, f"{row.value:.3g} {row.unit}", bound, {True: "✓", False: "✗", None: ""}[row.holds])
    return table


def _keep(rows: list[Row]) -> None:
    """Add the figures to those of earlier commits, and draw those that have a bound."""
    path = RESULTS / "bench.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else []
    run_of = {
        "commit": commit_of(Path("index")),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps([*kept, run_of], ensure_ascii=False, indent=1) + "\n", "utf-8")
    try:
        from tests.bench.plot import draw
    except ImportError:  # of the extra `evaluate`
        return
    draw(rows, RESULTS / "bench.png")


if __name__ == "__main__":
    main()
