"""The command `ask`: one question, questions from standard input, or a prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from index.cli.json_output import answer_row, error_row, to_json
from index.cli.messages import system_language
from index.cli.session import OpenedIndex, Workspace, open_index
from index.cli.terminal import console, is_interactive, line_width, write_line
from index.errors import ChronicleError, QuestionError
from index.locales import reader_language
from index.text.query import normalize_question
from index.types import Library

STDIN = "-"


def ask_one(question: str, workspace: Workspace, *, top: int, as_json: bool) -> None:
    """Answer one question. Raises QuestionError, before anything is loaded."""
    normalize_question(question)
    opened = open_index(workspace)
    if as_json:
        write_line(to_json(_answer_row(question, opened, top=top)))
    else:
        _show(question, opened, top=top, is_titled=True)


def ask_then_prompt(question: str | None, workspace: Workspace, *, top: int) -> None:
    """Answer `question`, or the first starter question, then prompt if a person is at the terminal."""
    if question is not None:
        normalize_question(question)
    opened = open_index(workspace)
    first = question or _starter(opened.index.library)
    if first:
        _show(first, opened, top=top, is_titled=True)
    if is_interactive():
        _prompt(opened, top=top)


def ask_at_prompt(workspace: Workspace, *, top: int) -> None:
    """Answer what a person types. Raises QuestionError without a terminal."""
    if not is_interactive():
        raise QuestionError("no question: give one in quotation marks, or --json - to read one a line")
    _prompt(open_index(workspace), top=top)


def ask_lines(workspace: Workspace, *, top: int) -> None:
    """Answer each line of standard input with one line of JSON, flushed at once."""
    opened = open_index(workspace)
    for question in _lines():
        write_line(to_json(_row(question, opened, top=top)))


def _show(question: str, opened: OpenedIndex, *, top: int, is_titled: bool = False) -> None:
    from index.cli.answer_view import card, headline

    language = reader_language(question, preferred=system_language())
    answer = opened.index.ask(question, top=top, language=language)
    screen = console()
    if is_titled:
        screen.print(headline(question, width=line_width(screen)), end="\n\n")
    screen.print(card(answer, width=line_width(screen), language=language))


def _prompt(opened: OpenedIndex, *, top: int) -> None:
    from index.cli.prompt import Prompt

    Prompt(opened.index.library, lambda question: _show(question, opened, top=top)).run()


def _starter(library: Library) -> str | None:
    starters = library.starters.get(system_language()) or next(iter(library.starters.values()), ())
    return starters[0] if starters else None


def _answer_row(question: str, opened: OpenedIndex, *, top: int) -> dict[str, object]:
    answer = opened.index.ask(question, top=top, language=reader_language(question, preferred=system_language()))
    return answer_row(answer, stale=opened.stale)


def _row(question: str, opened: OpenedIndex, *, top: int) -> dict[str, object]:
    try:
        return _answer_row(question, opened, top=top)
    except ChronicleError as error:
        return error_row(question, str(error), stale=opened.stale, version=opened.index.version)


def _lines() -> Iterator[str]:
    """Yield the lines of standard input; only a line feed ends one, undecodable bytes are replaced."""
    if sys.stdin is None:
        return
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").removesuffix("\n")
