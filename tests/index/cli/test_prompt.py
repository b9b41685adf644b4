"""An answer and the prompt at the terminal."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from index.types import BuildReport
from tests.fakes import FakeEncoder
from tests.index.cli.conftest import Run
from tests.index.output import is_one_line


def test_the_answer_fits_80_columns_and_is_plain_into_a_pipe(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "哪些作者留任？", "--top", "5")
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert max(map(cell_len, output.splitlines())) <= 80


def test_the_answer_quotes_verbatim(run: Run, documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "What was it trained on?", "--top", "1")
    bars = [line.partition(" ")[2] for line in capsys.readouterr().out.splitlines() if line[2:3] in set("│▌┊")]
    quoted = " ".join(line[2:] if line[0] in "│▌┊" else line for line in (bar.lstrip() for bar in bars))
    everything = " ".join(path.read_text("utf-8") for path in sorted(documents.iterdir()))
    assert "".join(quoted.split())
    assert "".join(quoted.split()) in "".join(everything.split())


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    lines: Iterator[str] = iter(typed)

    def read(_prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", read)
    monkeypatch.setattr("index.cli.ask.is_interactive", lambda: True)


@pytest.mark.parametrize("ending", [[""], [":q"], []], ids=["empty-line", "quit", "ctrl-d"])
def test_the_prompt_answers_until_it_is_left(
    ending: list[str],
    run: Run,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typing(monkeypatch, "What did it cost?", "誰留任？", *ending)
    assert run("ask") == 0
    output = capsys.readouterr().out
    assert "Confidence: " in output
    assert "把握：" in output


def test_the_prompt_survives_a_question_that_cannot_be_asked(
    run: Run, build: Callable[[], BuildReport], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    typing(monkeypatch, "x" * 1001, "Who?", "")
    assert run("ask") == 0
    captured = capsys.readouterr()
    assert is_one_line(captured.err)
    assert "Confidence: " in captured.out


def test_help_at_the_prompt_shows_a_starter_question(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, ":help", "")
    assert run("ask") == 0
    assert "  What did it cost?" in capsys.readouterr().out


def test_prompt_answers_the_first_starter_without_a_terminal(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "--prompt", stdin=b"") == 0
    assert capsys.readouterr().out.startswith("What did it cost?\n")


def test_prompt_answers_the_given_question_and_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "Who?", "")
    assert run("ask", "--prompt", "--", "誰留任？") == 0
    output = capsys.readouterr().out
    assert output.startswith("誰留任？\n")
    assert output.count("Confidence: ") == 1


@pytest.fixture
def marked_up(documents: Path) -> None:
    """Add a document with markup to the folder."""
    (documents / "wool.md").write_text(
        "# Wool\n\nWool of **vicuñas** is the [finest](https://example.org).\n", "utf-8"
    )


@pytest.mark.usefixtures("marked_up")
@pytest.mark.parametrize(("flag", "shown"), [((), "vicuñas is"), (("--source",), "**vicuñas** is")])
def test_a_quote_is_rendered_and_its_source_shown_on_demand(
    flag: tuple[str, ...], shown: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", *flag, "Wool of vicuñas is the finest", "--top", "1") == 0
    output = capsys.readouterr().out
    assert shown in output
    assert ("https://example.org" in output) == bool(flag)


@pytest.mark.usefixtures("marked_up")
def test_the_source_of_the_last_answer_is_shown_at_the_prompt(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, ":source", "Wool of vicuñas is the finest", ":source", "")
    assert run("ask", "--top", "1") == 0
    output = capsys.readouterr().out
    assert output.index("vicuñas is") < output.index("**vicuñas** is")
    assert output.count("Confidence: ") == 2
