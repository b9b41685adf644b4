"""Exit codes, and one clear line for whatever goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.store.store import Store
from index.types import BuildReport
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ask", "x", "--top", "0"],
        ["ask", "x", "--top", "51"],
        ["ask", "x", "--top", "three"],
        ["ask", "x", "--top", "٣"],
        ["ask", "x", "--top", "9" * 5000],
        ["ask", "x", "--tops", "3"],
        ["ask", "x", "--store", ""],
        ["ask", "x", "--store", "a\0b"],
        ["ask", ""],
        ["ask", " \u200b\t"],
        ["ask", "x" * 1001],
        ["ask", "", "--json"],
        ["ask", "--json"],
        ["ask", "--json", "--prompt", "x"],
        ["ask", "-"],
        ["ask"],
        ["info", "x"],
    ],
    ids=lambda arguments: " ".join(arguments)[:24] or "none",
)
def test_wrong_usage_is_2_and_one_line(
    arguments: list[str], run: Run, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, stdin=b"") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert is_one_line(captured.err)
    assert not store.exists()


def test_a_question_of_the_greatest_length_is_asked(run: Run) -> None:
    assert run("ask", "x" * 1000) == 0


def test_declining_is_no_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CHRONICLE_THRESHOLD", "CHRONICLE_UNSURE_THRESHOLD"):
        monkeypatch.setenv(name, "1")
    assert run("ask", "What do alpacas eat?") == 0
    assert "The documents don’t answer this." in capsys.readouterr().out


@pytest.mark.parametrize("command", ["info", "verify", "rollback"])
def test_without_a_store_the_remedy_is_named(command: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command) == 1
    assert is_one_line(capsys.readouterr().err)


def test_an_unknown_setting_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHRONICLE_STOER", "x")
    assert run("ask", "Who?") == 1
    captured = capsys.readouterr()
    assert is_one_line(captured.err)
    assert "CHRONICLE_STOER" in captured.err


@pytest.mark.parametrize("name", ["manifest.json", "corpus.json", "vectors.faiss"])
@pytest.mark.parametrize("command", [["ask", "Who?"], ["verify"]], ids=["ask", "verify"])
def test_a_damaged_store_is_1_and_names_the_file_and_the_remedy(
    *,
    name: str,
    command: list[str],
    run: Run,
    build: Callable[[], BuildReport],
    store: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (Store(store).path(build().version) / name).write_bytes(b"damage")
    assert run(*command) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert is_one_line(captured.err)
    assert name in captured.err
    assert "python -m index build" in captured.err


def test_a_store_of_another_model_is_refused(
    run: Run, build: Callable[[], BuildReport], encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    encoder.fingerprint = "fake-2"
    assert run("ask", "Who?") == 1
    assert is_one_line(capsys.readouterr().err)


def test_an_interrupt_is_quiet(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.encoding.encoder.load_encoder", interrupted)
    assert run("build") == 130
    assert capsys.readouterr().err == ""


def test_an_operating_system_error_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/some/file")

    monkeypatch.setattr("index.encoding.encoder.load_encoder", full)
    saved = os.dup(1)
    try:
        assert run("build") == 1
    finally:
        os.dup2(saved, 1)
        os.close(saved)
    assert capfd.readouterr().err == "llama-chronicle: /some/file: No space left on device\n"
