"""The reranker of the settings at the command line: what `info` says, and that a fault leaves the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cross_encoders import save_cross_encoder
from tests.index.cli.conftest import Run
from tests.index.conftest import Build
from tests.index.output import is_one_line


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "cross-encoder")


@pytest.mark.parametrize("name", ["none", "bundled"])
def test_info_names_no_reranker(
    build: Build, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    build()
    monkeypatch.setenv("CHRONICLE_RERANKER", name)
    assert run("info") == 0
    assert "\nreranker   none\n" in capsys.readouterr().out


def test_info_shows_the_reranker_with_its_weight_and_when_it_reads(
    build: Build, run: Run, saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    monkeypatch.setenv("CHRONICLE_RERANKER", str(saved))
    assert run("info", "--json") == 0
    status = json.loads(capsys.readouterr().out)["reranker"]
    assert (status["name"], status["fault"]) == (str(saved.resolve()), None)
    assert 0 <= status["confidence_from"] < status["confidence_below"] <= 1
    assert run("info") == 0
    assert f"reranker   {saved}: reads up to {status['passages']} passages" in capsys.readouterr().out


def test_info_shows_why_a_reranker_cannot_be_used(
    build: Build, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    monkeypatch.setenv("CHRONICLE_RERANKER", "/no/such/folder")
    assert run("info") == 0
    assert "reranker   not used: CHRONICLE_RERANKER: " in capsys.readouterr().out


@pytest.fixture(params=["missing", "cut"])
def unusable(saved: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a folder that is not there, or whose weights are cut off."""
    folder = tmp_path / "unusable"
    if request.param == "cut":
        folder.mkdir()
        for path in saved.iterdir():
            (folder / path.name).write_bytes(path.read_bytes()[: 100 if path.suffix == ".safetensors" else None])
    return folder


@pytest.fixture
def ask(build: Build, run: Run, capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, Any]]:
    """Return a function that asks the built index a question."""
    import torch  # takes 3 s, which not every process of the tests has to spend

    torch.set_num_threads(1)  # as loading a model does; with another number the last digit of a score may differ
    build()

    def ask() -> dict[str, Any]:
        assert run("ask", "--json", "What did it cost?") == 0
        row: dict[str, Any] = json.loads(capsys.readouterr().out)
        return row | {"elapsed_ms": 0}

    return ask


def test_a_reranker_that_cannot_be_used_is_one_warning_and_the_answer_comes(
    ask: Callable[[], dict[str, Any]],
    unusable: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain = ask()
    monkeypatch.setenv("CHRONICLE_RERANKER", str(unusable))
    assert ask() == plain
    [record] = [record for record in caplog.records if record.name.startswith("index.")]
    assert record.getMessage().endswith("answering without a reranker")
    assert "\n" not in record.getMessage()


def test_a_measurement_without_the_reranker_it_names_is_refused(
    documents: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = documents.parent / "questions.jsonl"
    questions.write_text("", "utf-8")
    monkeypatch.setenv("CHRONICLE_RERANKER", "/no/such/folder")
    assert run("evaluate", "--questions", str(questions)) == 1
    assert is_one_line(capsys.readouterr().err)
