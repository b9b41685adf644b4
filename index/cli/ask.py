"""The command `ask`: one question, questions from standard input, or a prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from index.cli.messages import system_language
from index.cli.session import OpenedIndex, Workspace, open_index
from index.cli.terminal import console, is_interactive, line_width, write_line
from index.cli.views.json_output import answer_row, error_row, to_json
from index.errors import ChronicleError, QuestionError
from index.locales import reader_language
from index.text.query import normalize_question
from index.types import Answer, Language, Library

STDIN = "-"


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How to answer: at most `top` quotes.

    previous: the question before the first one. At the terminal: full: every quote as a whole passage; raw: these as
    their exact text, markup included.
    """

    top: int
    raw: bool = False
    full: bool = False
    previous: str | None = None


def ask_one(question: str, workspace: Workspace, options: AskOptions, *, as_json: bool) -> None:
    """Answer one question. Raises QuestionError before anything is loaded."""
    normalize_question(question)
    opened = open_index(workspace)
    if as_json:
        write_line(to_json(_answer_row(question, opened, options)))
    else:
        _AnswerPrinter(opened, options).answer(question, with_question=True)


def ask_then_prompt(question: str | None, workspace: Workspace, options: AskOptions) -> None:
    """Answer `question`, or the first starter question, then prompt if a person is at the terminal."""
    if question is not None:
        normalize_question(question)
    printer = _AnswerPrinter(open_index(workspace), options)
    first = question or _starter(printer.library)
    if first:
        printer.answer(first, with_question=True)
    if is_interactive():
        _prompt(printer)


def ask_at_prompt(workspace: Workspace, options: AskOptions) -> None:
    """Answer what a person types. Raises QuestionError without a terminal."""
    if not is_interactive():
        raise QuestionError("no question: give one in quotation marks, or --json - to read one a line")
    _prompt(_AnswerPrinter(open_index(workspace), options))


def ask_lines(workspace: Workspace, options: AskOptions) -> None:
    """Answer each line of standard input with one line of JSON, flushed at once."""
    opened = open_index(workspace)
    for question in _lines():
        write_line(to_json(_row(question, opened, options)))


class _AnswerPrinter:
    """Answers questions on the terminal, and shows the source of the last answer."""

    def __init__(self, opened: OpenedIndex, options: AskOptions) -> None:
        self._index = opened.index
        self._options = options
        self._last: Answer | None = None

    @property
    def library(self) -> Library:
        return self._index.library

    def answer(self, question: str, *, with_question: bool = False) -> None:
        from index.cli.views.answer import question_text

        language, previous = _language_of(question), self._last.question if self._last else self._options.previous
        answer = self._index.ask(question, top=self._options.top, language=language, previous=previous)
        if answer.front_desk is None:  # small talk leaves the topic as it was
            self._last = answer
        if with_question:
            screen = console()
            screen.print(question_text(question, width=line_width(screen)), end="\n\n")
        self._print(answer, raw=self._options.raw, full=self._options.full)

    def show_full(self) -> None:
        """Print the last answer with its quotes as whole passages."""
        if self._last is not None:
            self._print(self._last, full=True)

    def show_source(self) -> None:
        """Print the last answer with the exact text of its quotes."""
        if self._last is not None:
            self._print(self._last, raw=True)

    def _print(self, answer: Answer, *, raw: bool = False, full: bool = False) -> None:
        from index.cli.views.answer import answer_text
        from index.cli.views.front_desk import front_desk_text

        screen = console()
        language = _language_of(answer.question)
        width = line_width(screen)
        if answer.front_desk is not None:
            screen.print(front_desk_text(answer.front_desk, self.library, width=width, language=language))
            return
        screen.print(answer_text(answer, width=width, language=language, raw=raw, full=full))


def _prompt(printer: _AnswerPrinter) -> None:
    from index.cli.prompt import Prompt

    shows = {":full": printer.show_full, ":f": printer.show_full}
    shows |= {":source": printer.show_source, ":s": printer.show_source}
    Prompt(printer.library, answer=printer.answer, shows=shows).run()


def _language_of(question: str) -> Language:
    return reader_language(question, preferred=system_language())


def _starter(library: Library) -> str | None:
    starters = library.starters.get(system_language()) or next(iter(library.starters.values()), ())
    return starters[0] if starters else None


def _answer_row(question: str, opened: OpenedIndex, options: AskOptions) -> dict[str, object]:
    language = _language_of(question)
    answer = opened.index.ask(question, top=options.top, language=language, previous=options.previous)
    return answer_row(answer, stale=opened.stale)


def _row(question: str, opened: OpenedIndex, options: AskOptions) -> dict[str, object]:
    try:
        return _answer_row(question, opened, options)
    except ChronicleError as error:
        return error_row(question, str(error), stale=opened.stale, version=opened.index.version)


def _lines() -> Iterator[str]:
    """Yield the lines of standard input; only a line feed ends one, undecodable bytes are replaced."""
    if sys.stdin is None:
        return
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").removesuffix("\n")
