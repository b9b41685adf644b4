"""Rebuilds by the dozen in a process of their own: `python -m tests.index.stream DOCUMENTS STORE COUNT`."""

from __future__ import annotations

import sys
from pathlib import Path

from index.answering.confidence.background import Background
from index.indexing.builder import build_store
from tests.fakes import FakeEncoder
from tests.index.backgrounds import measure_by_few

NAMES = ("one.txt", "two.md", "three.txt")


def write_generation(documents: Path, number: int) -> None:
    """Write the generation into every passage of every document."""
    for name in NAMES:
        sentence = f"The llama of generation {number} lives in {name.split('.')[0]}. "
        (documents / name).write_text("\n\n".join(sentence * 4 for _ in range(12)), "utf-8")


def main(documents: Path, store: Path, count: int) -> None:
    """Write a generation and build it, over and over; print the version of each."""
    for number in range(1, count + 1):
        write_generation(documents, number)
        report = build_store(documents, store, FakeEncoder(), keep=2)
        sys.stdout.write(f"{report.version} {number}\n")


if __name__ == "__main__":
    setattr(Background, "measure", measure_by_few)  # noqa: B010
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
