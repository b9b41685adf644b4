"""The front desk's reply at the terminal and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.cells import cell_len

from index.answering.front_desk import classifier
from index.answering.front_desk.examples import Example
from index.cli.views.front_desk import front_desk_text
from index.corpus.loader import read_documents
from index.types import LANGUAGES, FrontDeskIntent, Language, Library
from tests.conftest import DOCUMENTS
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.cli.test_prompt import typing


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the documents of the project."""
    return read_documents(DOCUMENTS)


@pytest.fixture
def greeted(encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train the front desk on `hello`, a greeting, and nothing else."""
    encoder.fingerprint = "fake-front-desk"
    examples = (Example("hello", FrontDeskIntent.GREETING), Example("what did it cost?", None))
    monkeypatch.setattr(classifier, "front_desk_examples", lambda: examples)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", FrontDeskIntent)
@pytest.mark.parametrize("width", [20, 80])
def test_no_line_is_wider_than_the_terminal(
    library: Library, intent: FrontDeskIntent, language: Language, width: int
) -> None:
    lines = front_desk_text(intent, library, width=width, language=language).plain.split("\n")
    assert max(map(cell_len, lines)) <= width


def test_a_title_cannot_act_on_the_terminal(library: Library) -> None:
    first = replace(library.documents[0], short_title="\x1b[31mred\x07\u202e")
    shown = front_desk_text(FrontDeskIntent.ABOUT, Library(documents=(first,)), width=80, language="en").plain
    assert not set("\x1b\x07\u202e") & set(shown)


def test_it_is_printed_in_place_of_an_answer(greeted: None, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "hello") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "hello"
    assert "Hello!" in lines[2]
    assert not any("Confidence" in line for line in lines)


def test_a_row_names_what_was_wanted(greeted: None, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for question, intent in (("hello", "greeting"), ("What did it cost?", None)):
        assert run("ask", question, "--json") == 0
        row = json.loads(capsys.readouterr().out)
        assert row["front_desk"] == intent
        assert bool(row["quotes"] or row["nearest"]) == (intent is None)
        assert (row["answered"], row["error"]) == (intent is None and bool(row["quotes"]), None)


def test_small_talk_leaves_the_last_answer_to_be_shown_in_full(
    greeted: None, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "What did it cost?", "hello", ":full", "")
    assert run("ask") == 0
    output = capsys.readouterr().out
    assert output.index("Hello!") < output.rindex("Confidence: ")
    assert output.count("Hello!") == 1
