"""`train`: what it cannot do is one line before anything is computed, and a reader is trained, resumed and opened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.cli.quality import train
from index.retrieval.reading.passage_reader import BundledReader
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line


@pytest.mark.parametrize(
    "arguments",
    [
        ["train"],
        ["train", "writer", "--data", "a", "--output", "b"],
        ["train", "reader", "--data", "a"],
        ["train", "reader", "--data", "a", "--output", "b", "--steps", "-3"],
        ["train", "reader", "--data", "a", "--output", "b", "--threads", "two"],
        ["train", "reader", "--data", "a", "--output", "b", "--layers", "3"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_one_line(arguments: list[str], run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert is_one_line(capsys.readouterr().err)


def test_without_the_extra_one_line_says_what_to_install_for_the_encoder(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "find_spec", lambda _name: None)
    assert run("train", "--data", "data", "--output", "adapter") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "llama-chronicle[train]" in error


def test_an_encoder_without_a_checkpoint_is_not_resumed(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "find_spec", lambda _name: object())  # this fault comes before it is imported
    assert run("train", "--data", "data", "--output", "adapter", "--resume") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "checkpoints holds no checkpoint: run without --resume" in error


def write_corpus(folder: Path, letters: str = "abcdefghij") -> None:
    """Write a folder of short documents with a question on each."""
    (folder / "documents").mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    for letter in letters:
        text = f"{letter * 3} is a word of {letter}."
        (folder / "documents" / f"{letter}.md").write_text(f"{text}\n", "utf-8")
        rows.append({"question": f"what is {letter * 3}", "file": f"{letter}.md", "evidence": [text]})
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")


def without_questions(data: Path) -> None:
    write_corpus(data / "letters")
    (data / "letters" / "questions.jsonl").write_text("", "utf-8")


def with_one_passage(data: Path) -> None:
    write_corpus(data / "letters", "a")


@pytest.mark.parametrize(
    ("output", "prepare", "expected"),
    [
        ("reader.onnx --resume", None, "there is no reader.onnx.checkpoint-1: run without --resume"),
        ("gone/reader.onnx", None, "gone/reader.onnx cannot be written: name another --output"),
        ("data", None, "data cannot be written: name another --output"),
        ("reader.onnx", None, "no training corpus in data"),
        ("reader.onnx", without_questions, "no question in data finds a passage that does not answer it"),
        ("reader.onnx", with_one_passage, "no question in data finds a passage that does not answer it"),
    ],
)
def test_a_reader_that_cannot_be_trained_is_one_line(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    output: str,
    prepare: Callable[[Path], None] | None,
    expected: str,
) -> None:
    Path("data").mkdir()
    if prepare:
        prepare(Path("data"))
    assert run("train", "reader", "--data", "data", "--output", *output.split()) == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert expected in error


def test_a_reader_is_trained_resumed_and_opened(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "find_spec", lambda _name: None)  # it needs no extra
    write_corpus(Path("data/letters"))
    write_corpus(Path("data/more"), "vwxyz")
    output = Path("reader.onnx")
    command = ["train", "reader", "--data", "data", "--output", str(output)]
    assert run(*command, "--steps", "2") == 0
    assert "reader.onnx: a reader, trained on 15 questions of 2 corpora\n" in capsys.readouterr().out
    first = output.read_bytes()
    assert BundledReader(first).encoder == FakeEncoder().fingerprint
    assert run(*command, "--steps", "3", "--resume") == 0
    assert BundledReader(output.read_bytes()).encoder == FakeEncoder().fingerprint
    assert output.read_bytes() != first
    Path("reader.onnx.checkpoint-2").write_bytes(b"nonsense")
    capsys.readouterr()
    assert run(*command, "--steps", "3", "--resume") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "reader.onnx.checkpoint-2 is no checkpoint of a reader" in error
