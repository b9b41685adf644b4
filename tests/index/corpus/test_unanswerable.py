"""Gaps: questions near the documents that they do not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.engine import Index
from index.corpus.annotations.sidecars import UNANSWERABLE
from index.corpus.annotations.unanswerable import read_unanswerable
from index.indexing.builder import build_store
from tests.fakes import FakeEncoder


def test_no_file_is_no_gap_and_no_note() -> None:
    assert read_unanswerable(None) == ((), [])


def test_gaps_are_folded_and_each_is_kept_once() -> None:
    content = 'questions = ["Ｗho?", "who?", "軟體？", " "]'.encode()
    assert read_unanswerable(content) == (("who?", "软件?"), [])


def test_drafted_questions_count_as_well() -> None:
    content = (
        b'questions = ["Who?"]\n[[drafted]]\ndocument = "a.txt"\nmodel = "small"\nquestions = ["who?", "When?"]\n'
    )
    assert read_unanswerable(content) == (("who?", "when?"), [])


@pytest.mark.parametrize("content", [b"\xff", b"= no", b"questions = 3", b"questions = [1]", b"gap = []"])
def test_a_broken_file_is_reported_in_one_line_and_ignored(content: bytes) -> None:
    questions, (note,) = read_unanswerable(content)
    assert (questions, note.name, "\n" in note.reason) == ((), UNANSWERABLE, False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a documents folder with one unanswerable question."""
    documents = tmp_path / "gapped"
    documents.mkdir()
    (documents / "a.txt").write_text("The llama lives in Peru.\n\nThe alpaca lives in Chile.\n", "utf-8")
    (documents / UNANSWERABLE).write_text('questions = ["How much does a llama cost?"]', "utf-8")
    return documents


def gap_of(store: Path, question: str) -> float | None:
    return Index.open(store, FakeEncoder()).search(question).features.unanswerable


def test_a_question_that_is_a_gap_is_told_from_one_that_is_not(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    near, far = gap_of(store, "how much does a llama cost?"), gap_of(store, "Where is Peru?")
    assert near == pytest.approx(1.0)
    assert far is not None
    assert far < 0.9


def test_without_the_file_there_is_no_such_signal(folder: Path, store: Path) -> None:
    (folder / UNANSWERABLE).unlink()
    build_store(folder, store, FakeEncoder())
    assert gap_of(store, "How much does a llama cost?") is None


def test_a_gap_that_was_encoded_before_is_not_encoded_again(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    (folder / UNANSWERABLE).write_text('questions = ["Who owns it?", "How much does a llama cost?"]', "utf-8")
    assert build_store(folder, store, FakeEncoder()).encoded == 1
    assert gap_of(store, "how much does a llama cost?") == pytest.approx(1.0)


def test_a_removed_file_of_gaps_is_a_reason_to_build(folder: Path, store: Path) -> None:
    build_store(folder, store, FakeEncoder())
    (folder / UNANSWERABLE).unlink()
    report = build_store(folder, store, FakeEncoder())
    assert (report.built, report.encoded) == (True, 0)
    assert gap_of(store, "How much does a llama cost?") is None
