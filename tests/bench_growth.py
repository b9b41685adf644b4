"""Candidates as an index grows: `python -m tests.bench_growth --bench DIR [--sizes 1000,10000,100000] [--plot FILE]`.

DIR holds public question sets (see `index.evaluation.datasets.dataset`). Their passages, repeated with a fifth of the terms
replaced by others of the corpus, are the texts. Encoding a million passages takes hours: a few hundred passages and
questions are encoded with the real model, and the vectors of the rest are mixtures of two of these with noise. Every
build and every search is a process of its own; recall is against comparing all vectors and scoring all texts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from index.retrieval.candidates.bm25 import BM25Index
from index.retrieval.candidates.dense import DenseIndex
from index.retrieval.ranking_config import DEFAULT_RANKING
from index.text.normalize import normalize
from index.text.terms import terms
from index.types import Vector

_SIZES = "1000,10000,100000"
_PASSAGES, _QUESTIONS = 384, 64  # that the real model encodes
_REPLACED = 0.2  # of the terms of a repeated passage
_LEAST_SHARE = 0.6  # of the first of the two vectors of a mixture
_NOISE = 0.012  # the deviation of each of 384 components; the nearest of 3,377 real passages have a cosine of 0.81
_COUNT = DEFAULT_RANKING.candidates
_T = TypeVar("_T")

_DENSE, _BM25, _SAMPLE = "vectors.faiss", "bm25", "sample.npz"


@dataclass(frozen=True, slots=True)
class Row:
    """What one size cost; times of one question are medians in milliseconds, the memory is the peak of the search."""

    passages: int
    build_seconds: float
    disk_megabytes: float
    open_seconds: float
    memory_megabytes: float
    dense_milliseconds: float
    bm25_milliseconds: float
    scores_milliseconds: float
    dense_recall: float
    bm25_recall: float


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of public question sets."""

    passages: list[str]
    questions: list[str]

    @classmethod
    def read(cls, bench: Path) -> Texts:
        """Return the passages and questions of every set in `bench`, mixed."""
        passages = [row["text"] for row in _lines(bench, "corpus.jsonl")]
        questions = [row["text"] for row in _lines(bench, "queries.jsonl")]
        if not passages or not questions:
            sys.exit(f"{bench} has no corpus.jsonl and queries.jsonl in its folders")
        order = np.random.default_rng(0)
        return cls(*([each[at] for at in order.permutation(len(each))] for each in (passages, questions)))


def _lines(bench: Path, name: str) -> Iterator[dict[str, str]]:
    for path in sorted(bench.glob(f"*/{name}")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def encode_sample(texts: Texts, path: Path) -> dict[str, float]:
    """Encode a few passages and questions with the real model into the file at `path`."""
    from index.encoding.encoder import load_encoder

    encoder = load_encoder("bundled")
    passages = [each.pooled for each in encoder.encode_passages(list(map(normalize, texts.passages[:_PASSAGES])))]
    questions = [
        each.pooled for each in encoder.encode_questions(list(map(normalize, texts.questions[:_QUESTIONS])))
    ]
    np.savez(path, passages=np.stack(passages), questions=np.stack(questions))
    return {}


def derived_vectors(real: Vector, count: int) -> Vector:
    """Return `count` unit vectors that lie among the `real` ones: (count, dimensions)."""
    draw = np.random.default_rng(1)
    found = np.empty((count, real.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):
        rows = min(50_000, count - start)
        one, other = (real[draw.integers(len(real), size=rows)] for _ in range(2))
        share = draw.uniform(_LEAST_SHARE, 1, size=(rows, 1)).astype(np.float32)
        mixed = share * one + (1 - share) * other
        mixed += _NOISE * draw.standard_normal(mixed.shape, dtype=np.float32)
        found[start : start + rows] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return found


def derived_terms(texts: Texts, count: int) -> Iterator[list[str]]:
    """Yield the terms of `count` passages: the real ones, then these again with some of their terms replaced."""
    real = [terms(normalize(text)) for text in texts.passages[:count]]
    pool = np.array([term for each in real for term in each], dtype=object)
    draw = np.random.default_rng(2)
    for number in range(count):
        own = np.array(real[number % len(real)], dtype=object)
        if number >= len(real):
            replaced = draw.random(len(own)) < _REPLACED
            own[replaced] = pool[draw.integers(len(pool), size=int(replaced.sum()))]
        yield own.tolist()


def build(texts: Texts, folder: Path, count: int) -> dict[str, float]:
    """Build both indexes of `count` passages in `folder`; return what it cost."""
    vectors, cut = derived_vectors(np.load(folder / _SAMPLE)["passages"], count), list(derived_terms(texts, count))
    started = time.perf_counter()
    DenseIndex.build(vectors).save(folder / _DENSE)
    BM25Index.build(cut).save(folder / _BM25)
    seconds = time.perf_counter() - started
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != _SAMPLE)
    return {"build_seconds": seconds, "disk_megabytes": size / 1e6}


def search(texts: Texts, folder: Path) -> dict[str, float]:
    """Open the indexes in `folder` and search them for the sampled questions; return times, memory and recall."""
    questions = np.load(folder / _SAMPLE)["questions"]
    asked = [terms(normalize(text)) for text in texts.questions[: len(questions)]]
    started = time.perf_counter()
    dense, bm25 = DenseIndex.load(folder / _DENSE), BM25Index.load(folder / _BM25)
    opened = time.perf_counter() - started
    nearest, dense_time = _timed([partial(dense.nearest, question, _COUNT) for question in questions])
    best, bm25_time = _timed([partial(bm25.best, each, _COUNT) for each in asked])
    chosen = [sorted({*one, *other}) for one, other in zip(nearest, best, strict=True)]

    def score(question: Vector, words: list[str], numbers: list[int]) -> None:
        """Score as an answer does: BM25 once for the question's language, once for its literals."""
        dense.similarities(question, numbers)
        bm25.scores_of(words, numbers)
        bm25.scores_of(words, numbers)

    _, scores_time = _timed([partial(score, *each) for each in zip(questions, asked, chosen, strict=True)])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {
        "open_seconds": opened,
        "memory_megabytes": memory,
        "dense_milliseconds": dense_time,
        "bm25_milliseconds": bm25_time,
        "scores_milliseconds": scores_time,
        "dense_recall": float(
            np.mean([_recall(dense.all() @ q, n) for q, n in zip(questions, nearest, strict=True)])
        ),
        "bm25_recall": float(np.mean([_recall(bm25.scores(t), n) for t, n in zip(asked, best, strict=True) if n])),
    }


def _timed(calls: Sequence[Callable[[], _T]]) -> tuple[list[_T], float]:
    """Return the results of `calls`, which were made once before, and the median of their times in milliseconds."""
    results: list[_T] = []
    times: list[float] = []
    for call in [*calls[:3], *calls]:
        started = time.perf_counter()
        results.append(call())
        times.append(time.perf_counter() - started)
    return results[3:], float(np.median(times[3:])) * 1e3


def _recall(scores: Vector, found: Sequence[int]) -> float:
    """Return the share of the best that was found; of texts that score the same any will do."""
    count = min(_COUNT, int(np.count_nonzero(scores)))
    least = -np.partition(-scores, count - 1)[count - 1]
    return float(np.count_nonzero(scores[list(found)] >= least - 1e-5)) / count


def measure(bench: Path, folder: Path, count: int) -> Row:
    """Return what an index of `count` passages costs, each step in a process of its own."""
    return Row(passages=count, **_run("build", bench, folder, count), **_run("search", bench, folder, count))


def _run(step: str, bench: Path, folder: Path, count: int) -> dict[str, float]:
    """Return what one step measured in a process of its own; the peak memory of this one would count as its."""
    command = [sys.executable, "-m", "tests.bench_growth", "--bench", str(bench), "--step", step]
    command += ["--folder", str(folder), "--sizes", str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw the rows as curves into the picture at `path`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    panels = {
        "one question (ms)": ("dense_milliseconds", "bm25_milliseconds", "scores_milliseconds"),
        "build and opening (s)": ("build_seconds", "open_seconds"),
        "disk and memory (MB)": ("disk_megabytes", "memory_megabytes"),
        "candidate recall": ("dense_recall", "bm25_recall"),
    }
    for axes, (title, names) in zip(figure.subplots(2, 2).flat, panels.items(), strict=True):
        for name, shape in zip(names, "os^", strict=False):
            label = name.rsplit("_", 1)[0]
            axes.plot(
                [row.passages for row in rows], [getattr(row, name) for row in rows], f"{shape}-", label=label
            )
        axes.set(xscale="log", yscale="linear" if "recall" in title else "log", title=title, xlabel="passages")
        axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def table(rows: Sequence[Row]) -> Table:
    """Return the rows as a table."""
    names = [name for name in asdict(rows[0]) if name != "passages"]
    shown = Table("passages", *(name.replace("_", " ") for name in names))
    for row in rows:
        shown.add_row(f"{row.passages:,}", *(f"{getattr(row, name):.4g}" for name in names))
    return shown


def main() -> None:
    """Measure each size and print a table, or one step of one size as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True, help="the folder with public question sets")
    parser.add_argument("--sizes", default=_SIZES, help="numbers of passages")
    parser.add_argument("--plot", type=Path, help="the picture to draw")
    parser.add_argument("--step", choices=("sample", "build", "search"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    texts, sizes = Texts.read(options.bench), [int(size) for size in options.sizes.split(",")]
    if options.step:
        steps: dict[str, Callable[[], dict[str, float]]] = {
            "sample": lambda: encode_sample(texts, options.folder / _SAMPLE),
            "build": lambda: build(texts, options.folder, sizes[0]),
            "search": lambda: search(texts, options.folder),
        }
        print(json.dumps(steps[options.step]()))  # noqa: T201
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        _run("sample", options.bench, Path(scratch), 0)
        for size in sizes:
            folder = Path(scratch) / str(size)
            folder.mkdir()
            (folder / _SAMPLE).write_bytes((Path(scratch) / _SAMPLE).read_bytes())
            rows.append(measure(options.bench, folder, size))
            Console(width=160).print(table(rows))
    if options.plot:
        draw(rows, options.plot)


if __name__ == "__main__":
    main()
