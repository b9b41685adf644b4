"""Speed of reading: `python -m tests.bench_reading DOCUMENTS`.

Process time on one core, the best of several rounds: bytes to parsed blocks and documents, and documents to passages.
The garbage collector runs as seldom as in a build. Every file is read once a round, and then all Markdown files joined into one of at least two million bytes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.cli.maintenance import collect_seldom
from index.corpus.catalog import Entry
from index.corpus.chunking import cut_passages
from index.corpus.documents import make_document
from index.corpus.parsing import FORMATS, parse_file

_JOINED = 2_000_000  # bytes, at least
_MARKDOWN = (".md", ".markdown", ".qmd")


@dataclass(frozen=True, slots=True)
class Seconds:
    """Process time of one round."""

    parsing: float
    cutting: float


def read_once(files: Mapping[str, bytes]) -> Seconds:
    """Return what parsing and cutting `files` takes; no result is kept."""
    parsing = cutting = 0.0
    for name, content in files.items():
        started = time.process_time()
        document, _ = make_document(parse_file(name, content), Entry(file=name), sha256="")
        parsed = time.process_time()
        cut_passages(document)
        parsing += parsed - started
        cutting += time.process_time() - parsed
    return Seconds(parsing, cutting)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    collect_seldom()
    paths = sorted(
        path for path in given.documents.rglob("*") if path.is_file() and path.suffix.lower() in FORMATS
    )
    files = {str(path.relative_to(given.documents)): path.read_bytes() for path in paths}
    if not files:
        raise SystemExit(f"no document in {given.documents}")
    table = Table("read", "MB", "parse, MB/s", "cut, MB/s", "both, MB/s")
    _add_row(table, f"{len(files)} files", files, given.rounds)
    markdown = b"\n\n".join(content for name, content in files.items() if name.lower().endswith(_MARKDOWN))
    if markdown:
        copies = -(-_JOINED // len(markdown))
        _add_row(table, "joined", {"joined.md": b"\n\n".join([markdown] * copies)}, given.rounds)
    Console().print(table)


def _add_row(table: Table, what: str, files: Mapping[str, bytes], rounds: int) -> None:
    size = sum(map(len, files.values())) / 1e6
    taken = [read_once(files) for _ in range(rounds)]
    parsing, cutting = min(each.parsing for each in taken), min(each.cutting for each in taken)
    both = min(each.parsing + each.cutting for each in taken)
    table.add_row(what, f"{size:.2f}", *(f"{size / seconds:.1f}" for seconds in (parsing, cutting, both)))


if __name__ == "__main__":
    main()
