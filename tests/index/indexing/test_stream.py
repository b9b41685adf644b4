"""Questions while another process rebuilds: every answer is one version's, and none fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.indexing.builder import build_store
from index.store.store import Store
from index.types import Answer
from tests.fakes import FakeEncoder
from tests.index.stream import NAMES, write_generation

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a documents folder of generation 0, built into the store beside it."""
    documents = tmp_path / "generations"
    documents.mkdir()
    write_generation(documents, 0)
    build_store(documents, tmp_path / "store", FakeEncoder(), keep=2)
    return documents


@contextmanager
def rebuilding(documents: Path, store: Path, count: int) -> Iterator[subprocess.Popen[str]]:
    """Rebuild in a process of its own, which is killed when the caller is done with it."""
    command = [sys.executable, "-m", "tests.index.stream", str(documents), str(store), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def answers_meanwhile(process: subprocess.Popen[str], store: Path) -> Iterator[Answer]:
    """Ask as the bot does: on the version that is open, until another is current."""
    index = Index.open(store, FakeEncoder())
    while process.poll() is None:
        for name in NAMES:
            yield index.ask(f"Which llama lives in {name.split('.')[0]}?")
        if Store(store).current() != index.version:
            index = Index.open(store, FakeEncoder())


def generations_of(answer: Answer) -> set[int]:
    texts = [quote.text for quote in (*answer.quotes, *answer.nearest)]
    return {int(text.split("generation ")[1].split()[0]) for text in texts}


@pytest.mark.parametrize("count", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_no_answer_fails_or_mixes_versions_while_the_store_is_rebuilt(
    folder: Path, store: Path, count: int
) -> None:
    first = Store(store).current()
    with rebuilding(folder, store, count) as process:
        asked = list(answers_meanwhile(process, store))
        output = process.stdout.read()
    built = {version: int(number) for version, number in map(str.split, output.splitlines())} | {first: 0}
    assert (process.returncode, len(built)) == (0, count + 1)
    assert len({answer.version for answer in asked}) > 1
    mixed = [answer for answer in asked if generations_of(answer) != {built[answer.version]}]
    assert mixed == []
