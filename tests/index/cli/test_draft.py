"""`draft`: what it prints, its exit codes, and one clear line for whatever goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.index.cli.conftest import Run
from tests.index.drafting.small_model import PARAGRAPHS, small_model
from tests.index.drafting.stand_in import Canned, StandIn, completion, fault
from tests.index.output import is_one_line, rows


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Yield a server with a small model, which the settings name."""
    with StandIn(small_model).running() as running:
        monkeypatch.setenv("CHRONICLE_DRAFT_ENDPOINT", running.url)
        monkeypatch.setenv("CHRONICLE_DRAFT_MODEL", "small-model")
        monkeypatch.setenv("CHRONICLE_DRAFT_KEY", "s3cret")
        yield running


def sidecars(documents: Path) -> list[str]:
    return sorted(
        path.name for path in documents.iterdir() if "annotations" in path.name or "unanswer" in path.name
    )


def test_a_run_prints_what_was_kept_dropped_and_spent(
    run: Run, server: StandIn, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("draft") == 0
    printed = capsys.readouterr().out
    assert "drafted 5 of 5 paragraphs: 5 translations, 5 restatements, 7 questions, 2 unanswerable" in printed
    assert "dropped: 1 answered by the documents" in printed
    assert "4 requests, 260 tokens read and 104 written; no person has checked the drafts" in printed
    assert len(sidecars(documents)) == 3


def test_a_built_index_answers_with_the_drafts(
    run: Run, server: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("draft") == run("build") == 0
    capsys.readouterr()
    assert run("ask", "How many of the fourteen llama authors stayed?", "--json") == 0
    (answer,) = rows(capsys.readouterr().out)
    assert len(answer["quotes"] + answer["nearest"]) > 0


def test_info_tells_what_no_person_has_checked(
    run: Run, server: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("draft") == run("build") == 0
    capsys.readouterr()
    assert run("info") == run("info", "--json") == 0
    *lines, row = capsys.readouterr().out.splitlines()
    assert "drafted    reading aids of 5 paragraphs, by small-model, not checked by a person" in lines
    assert rows(row + "\n")[0]["drafted"] == {"small-model": 5}


def test_a_run_is_one_object_as_json(run: Run, server: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("draft", "--json") == 0
    (row,) = rows(capsys.readouterr().out)
    assert (row["done"], row["tokens_read"]) == (PARAGRAPHS, 260)


def test_a_dry_run_tells_the_size_and_sends_nothing(
    run: Run, server: StandIn, documents: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHRONICLE_DRAFT_MODEL")
    assert run("draft", "--dry-run") == run("draft", "--dry-run", "--json") == 0
    line, row = capsys.readouterr().out.splitlines()
    assert line.startswith("5 paragraphs to draft in 2 requests")
    assert rows(row + "\n")[0]["requests"] == 2
    assert (server.requests, sidecars(documents)) == ([], [])


def test_when_nothing_is_left_it_says_so(run: Run, server: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("draft") == 0
    capsys.readouterr()
    assert run("draft") == 0
    assert capsys.readouterr().out == "nothing to draft: 5 paragraphs are annotated\n"


def test_options_go_before_settings(run: Run, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONICLE_DRAFT_ENDPOINT", "http://127.0.0.1:1")
    assert run("draft", "--endpoint", server.url, "--model", "other", "--only", "alpaca.txt") == 0
    assert {request["model"] for request in server.requests} == {"other"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--model", " "], "--model NAME"),
        (["--endpoint", "localhost"], "'localhost' is no address"),
        (["--only", "b.md"], "no document 'b.md'"),
        (["--documents", "nowhere"], "no such documents folder: nowhere"),
        (["--endpoint", "http://127.0.0.1:1"], "cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    *,
    arguments: list[str],
    expected: str,
    run: Run,
    server: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("CHRONICLE_DRAFT_MODEL")
    default = [] if "--model" in arguments else ["--model", "m"]
    assert run("draft", *default, *arguments) == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert expected in error


def test_a_fault_of_the_endpoint_says_what_is_kept(
    run: Run, server: StandIn, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer = lambda request: small_model(request) if len(server.requests) < 3 else fault(401, "no s3cret")
    assert run("draft") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "refuses the key (401: no …)" in error
    assert "2 of 5 paragraphs were drafted; what was drafted is kept: run the command again to go on" in error
    assert "alpaca.txt.annotations.toml" in sidecars(documents)


def test_an_interrupt_says_what_is_kept(
    run: Run, server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_request: object) -> Canned:
        monkeypatch.setattr(import_module("index.drafting.drafter"), "drafting_prompt", stop)
        return completion("{}")

    def stop(_paragraphs: object) -> None:
        raise KeyboardInterrupt

    server.answer = interrupted
    assert run("draft") == 130
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "interrupted: nothing was drafted yet" in error


def test_paragraphs_that_are_left_are_no_success(
    run: Run, server: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer = lambda request: (
        completion("Sorry!") if "團隊的經驗" in request["messages"][-1]["content"] else small_model(request)
    )
    assert run("draft") == 1
    captured = capsys.readouterr()
    assert "1 paragraphs are left: run the command again" in captured.out
    assert is_one_line(captured.err)


@pytest.mark.parametrize("package", ["httpx2", "tomli_w"])
def test_without_the_extra_the_remedy_is_named(
    package: str, run: Run, server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("index.drafting")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert run("draft") == 1
    error = capsys.readouterr().err
    assert is_one_line(error)
    assert "pip install 'llama-chronicle[draft]'" in error
