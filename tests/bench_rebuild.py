"""Time and memory of a rebuild: `python -m tests.bench_rebuild [PASSAGES] [--model PASSAGES]`.

Generated documents are built from nothing, again unchanged, and again after one paragraph was edited. PASSAGES of them
use vectors of the real size that cost almost nothing, which leaves the time and memory of the index itself. Fewer use
the real model. A full build of PASSAGES with the model is the sum of the two. Every build is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index.types import Encoder, Encoding, Vector
from tests.index.generated import edit_paragraph, write_documents

_STEP, _OPENED = "--step", "opened"
PARAGRAPHS = 3.03  # of the generated documents, to a passage


class CheapEncoder:
    """An encoder with a vector for each character, of the bundled model's length."""

    fingerprint = "cheap-1"

    @cached_property
    def _table(self) -> Vector:
        table = np.random.default_rng(0).standard_normal((4096, 384)).astype(np.float32)
        return np.asarray(table / np.linalg.norm(table, axis=1, keepdims=True), dtype=np.float32)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts character by character."""
        return [self._encode(text) for text in texts]

    encode_passages = encode_questions

    def _encode(self, text: str) -> Encoding:
        ids = np.array([ord(character) % 4096 for character in text], dtype=np.int32)
        tokens = self._table[ids]
        pooled = tokens.sum(axis=0)
        at = np.arange(len(text), dtype=np.int32)
        return Encoding(pooled / np.linalg.norm(pooled), tokens, ids, np.stack([at, at + 1], axis=1))


class TimedEncoder:
    """An encoder that adds up the seconds, by `clock`, spent in it, including the loading of the model."""

    def __init__(self, encoder: Encoder, clock: Callable[[], float] = time.perf_counter) -> None:
        self._encoder = encoder
        self._clock = clock
        self.fingerprint = encoder.fingerprint
        self.seconds = 0.0

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions."""
        return self._timed(self._encoder.encode_questions, texts)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages."""
        return self._timed(self._encoder.encode_passages, texts)

    def _timed(self, encode: Callable[[Sequence[str]], list[Encoding]], texts: Sequence[str]) -> list[Encoding]:
        started = self._clock()
        try:
            return encode(texts)
        finally:
            self.seconds += self._clock() - started


@dataclass(frozen=True, slots=True)
class Step:
    """One build in its own process: its seconds after imports, those in the encoder, its peak resident memory."""

    what: str
    passages: int
    encoded: int
    seconds: float
    encoding: float
    megabytes: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="?", type=int, default=10_000)
    parser.add_argument("--model", type=int, default=600, help="passages built with the real model; 0 for none")
    given = parser.parse_args()
    table = Table("encoder", "step", "passages", "encoded", "seconds", "encoding", "peak memory")
    cheap, real = (_measure(name, count) for name, count in (("cheap", given.passages), ("bundled", given.model)))
    for name, steps in (("cheap", cheap), ("bundled", real)):
        for step in steps:
            table.add_row(
                name,
                step.what,
                str(step.passages),
                str(step.encoded),
                f"{step.seconds:.2f}",
                f"{step.encoding:.2f}",
                f"{step.megabytes:.0f} MB",
            )
    console = Console()
    console.width = max(console.width, 110)
    console.print(table)
    if real:
        console.print(*_ratios(cheap, real), sep="\n")


def _ratios(cheap: Sequence[Step], real: Sequence[Step]) -> list[str]:
    """Compare a build after one edit with a full one: measured, and extrapolated to the passages of the cheap one."""
    share = real[2].seconds / real[0].seconds
    # Loading the model, the centering texts and the warm-up cost the same in both.
    each = (real[0].encoding - real[2].encoding) / (real[0].encoded - real[2].encoded)
    edited = cheap[2].seconds - cheap[2].encoding + real[2].encoding
    full = cheap[0].seconds - cheap[0].encoding + real[2].encoding + each * cheap[0].encoded
    return [
        f"{real[0].passages} passages, measured: one paragraph costs {100 * share:.1f} % of a full build",
        f"{cheap[0].passages} passages: {edited:.0f} s of {full:.0f} s, {100 * edited / full:.1f} % (bound: 5 %)",
    ]


def _measure(encoder: str, passages: int) -> list[Step]:
    if not passages:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_documents(folder / "documents", round(passages * PARAGRAPHS))
        steps = [_run("from nothing", encoder, folder), _run("nothing to do", encoder, folder)]
        files = sorted((folder / "documents").iterdir())
        edit_paragraph(files[len(files) // 2])
        return [*steps, _run("one paragraph edited", encoder, folder), _run(_OPENED, encoder, folder)]


def _run(what: str, encoder: str, folder: Path) -> Step:
    command = [sys.executable, "-m", "tests.bench_rebuild", _STEP, what, encoder, str(folder)]
    # `load_encoder` sets it for the real model.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Step(
        what, **json.loads(output), megabytes=usage.ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    )


def _child(what: str, name: str, folder: Path) -> None:
    """Run one step and print its time."""
    from index.answering.engine import Index  # imports are not measured
    from index.encoding.encoder import load_encoder
    from index.indexing.builder import build_store
    from index.store.store import Store

    encoder = TimedEncoder(CheapEncoder() if name == "cheap" else load_encoder(name))
    store = folder / "store"
    encoded = 0
    started = time.perf_counter()
    if what == _OPENED:
        Index.open(store, encoder)
    else:
        encoded = build_store(folder / "documents", store, encoder).encoded
    took = {"seconds": time.perf_counter() - started, "encoding": encoder.seconds}
    sys.stdout.write(json.dumps({"passages": Store(store).manifest().passages, "encoded": encoded, **took}))


if __name__ == "__main__":
    if sys.argv[1:2] == [_STEP]:
        _child(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
    else:
        main()
