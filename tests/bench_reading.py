"""Speed of reading: `python -m tests.bench_reading DOCUMENTS`.

Process time on one core, of each file the best of several rounds: bytes to parsed blocks, those to documents, and
documents to passages. The garbage collector runs as seldom as in a build. The files are read one by one, and then all
Markdown files joined into one of at least two million bytes. Where all is Markdown, the last column has the whole as a
multiple of what the Markdown parser alone takes, its events thrown away: that ratio travels between machines.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.cli.maintenance import collect_seldom
from index.corpus.catalog import Entry
from index.corpus.chunking import cut_passages
from index.corpus.documents import make_document
from index.corpus.parsing import FORMATS, parse_file
from index.text.markup.events import raw_events

_JOINED = 2_000_000  # bytes, at least
_MARKDOWN = (".md", ".markdown", ".qmd")


@dataclass(frozen=True, slots=True)
class Seconds:
    """Process time."""

    parsing: float
    making: float
    cutting: float

    @property
    def total(self) -> float:
        """The whole."""
        return self.parsing + self.making + self.cutting


def read_once(name: str, content: bytes) -> Seconds:
    """Return what reading one file takes; no result is kept."""
    started = time.process_time()
    parsed_file = parse_file(name, content)
    parsed = time.process_time()
    document, _ = make_document(parsed_file, Entry(file=name), sha256="")
    made = time.process_time()
    cut_passages(document)
    return Seconds(parsed - started, made - parsed, time.process_time() - made)


def read_best(files: Mapping[str, bytes], rounds: int) -> Seconds:
    """Return what reading `files` takes: of each the fastest of `rounds`, which other programs have disturbed least."""
    best = [
        min((read_once(name, content) for _ in range(rounds)), key=attrgetter("total"))
        for name, content in files.items()
    ]
    return Seconds(*(sum(map(attrgetter(part), best)) for part in ("parsing", "making", "cutting")))


def parse_best(files: Mapping[str, bytes], rounds: int) -> float:
    """Return the process time that the Markdown parser alone takes: of each of `files` the fastest of `rounds`."""
    return sum(min(_parse_once(content.decode()) for _ in range(rounds)) for content in files.values())


def _parse_once(text: str) -> float:
    started = time.process_time()
    for _ in raw_events(text, merge_text=True)[0]:
        pass
    return time.process_time() - started


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
    table = Table("read", "MB", "parsing", "titles, language", "cutting", "MB/s", "× parser")
    _add_row(table, f"{len(files)} files", files, given.rounds)
    markdown = b"\n\n".join(content for name, content in files.items() if name.lower().endswith(_MARKDOWN))
    if markdown:
        copies = -(-_JOINED // len(markdown))
        _add_row(table, "joined", {"joined.md": b"\n\n".join([markdown] * copies)}, given.rounds)
    Console().print(table)


def _add_row(table: Table, what: str, files: Mapping[str, bytes], rounds: int) -> None:
    size = sum(map(len, files.values())) / 1e6
    best = read_best(files, rounds)
    shares = (f"{seconds / best.total:.0%}" for seconds in (best.parsing, best.making, best.cutting))
    is_markdown = all(name.lower().endswith(_MARKDOWN) for name in files)
    ratio = f"{best.total / parse_best(files, rounds):.1f}" if is_markdown else ""
    table.add_row(what, f"{size:.2f}", *shares, f"{size / best.total:.1f}", ratio)


if __name__ == "__main__":
    main()
