"""Time and memory of an answer, a build and a start: `make bench`.

Times on a busy machine are noise, so systems are compared in alternation within one run, as a ratio.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.answering.engine import Index
from index.corpus.chunking import cut_passages
from index.corpus.loader import read_documents
from index.encoding.checkpoints import BUNDLED, load, locate
from index.encoding.encoder import load_encoder
from index.evaluation.baselines import DenseBaseline, passage_items
from index.evaluation.dataset import read_questions
from index.indexing.builder import build_store

DOCUMENTS = Path("documents")
QUESTIONS = Path("tests/evaluation/development.jsonl")
ROUNDS = 100


def main() -> None:
    """Measure and print the table; processes come first, because a child inherits its parent's memory."""
    table = Table("what", "measured", "bound")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        for row in (*_builds(store), *_starts(store), *_answers(store)):
            table.add_row(*row)
    console = Console()
    console.width = max(console.width, 110)
    console.print(table)


def _builds(store: Path) -> list[tuple[str, str, str]]:
    first = _process("build", store)
    nothing = _process("build", store)
    report = json.loads(nothing.output)
    return [
        ("build from nothing, whole process", f"{first.seconds:.1f} s, {first.megabytes:.0f} MB", "< 20 s"),
        ("build with nothing to do, whole process", f"{nothing.seconds:.2f} s", ""),
        ("build with nothing to do, after start-up", f"{report['seconds']:.3f} s", "< 1 s"),
    ]


def _answers(store: Path) -> list[tuple[str, str, str]]:
    encoder = load_encoder(BUNDLED)
    build_store(DOCUMENTS, store, encoder)
    index = Index.open(store, encoder)
    documents = read_documents(DOCUMENTS).documents
    passages = [passage for document in documents for passage in cut_passages(document)]
    plain = DenseBaseline.build(passage_items(documents, passages), encoder)
    model = load(locate(BUNDLED))
    questions = [question.text for question in read_questions(QUESTIONS)][:ROUNDS]

    def dense_baseline(question: str) -> None:
        pooled = model.encode(question, prompt_name="query", normalize_embeddings=True, show_progress_bar=False)
        plain.vectors.nearest(pooled, 3)

    for question in questions[:5]:
        index.ask(question)
        dense_baseline(question)
    ours, theirs = [], []
    for question in questions:
        theirs.append(_seconds(dense_baseline, question))
        ours.append(_seconds(index.ask, question))
    ratio = statistics.median(ours) / statistics.median(theirs)
    return [
        ("warm answer, median", f"{1000 * statistics.median(ours):.1f} ms", ""),
        ("dense baseline (encode, flat search)", f"{1000 * statistics.median(theirs):.1f} ms", ""),
        (f"ratio of the medians, {len(questions)} questions in turn", f"{ratio:.2f}", "≤ 1.25"),
    ]


def _starts(store: Path) -> list[tuple[str, str, str]]:
    ask = _process("ask", store, "Llama 團隊還剩下多少人？")
    return [
        ("python -m index --help", f"{_best('--help'):.2f} s", "< 0.5 s"),
        ("python -m index info", f"{_best('info', store):.2f} s", "< 0.5 s"),
        ("a single ask, whole process", f"{ask.seconds:.1f} s", ""),
        ("peak memory of a single ask", f"{ask.megabytes:.0f} MB", "< 700 MB"),
    ]


class _Process:
    """One run of the command line: its output, seconds, and peak resident memory."""

    def __init__(self, arguments: list[str]) -> None:
        started = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        self.output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - started
        self.megabytes = usage.ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
        if status:
            raise SystemExit(f"{' '.join(arguments)} failed")


def _process(command: str, store: Path, *arguments: str) -> _Process:
    folders = ["--documents", str(DOCUMENTS)] if command in {"build", "ask"} else []
    flags = ["--json"] if command != "--help" else []
    own = [] if command == "--help" else ["--store", str(store)]
    return _Process([sys.executable, "-m", "index", command, *arguments, *folders, *own, *flags])


def _best(command: str, store: Path = Path()) -> float:
    return min(_process(command, store).seconds for _ in range(5))


def _seconds(call: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    call(question)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
