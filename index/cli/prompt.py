"""An interactive prompt that keeps the model loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from index.cli.messages import TERMINAL_MESSAGES, system_language
from index.cli.terminal import write_error, write_line
from index.errors import QuestionError
from index.types import Library

_MARK = "? "
_HELP = (":help", ":h", ":?", "?", "？")
_LEAVE = (":quit", ":q", ":exit")


class Prompt:
    """Reads questions until an empty line or Ctrl-D; the arrow keys recall earlier ones.

    shows: what shows the last answer otherwise, by the word that asks for it.
    """

    def __init__(
        self,
        library: Library,
        *,
        answer: Callable[[str], None],
        shows: Mapping[str, Callable[[], None]],
    ) -> None:
        self._library = library
        self._answer = answer
        self._shows = shows
        self._messages = TERMINAL_MESSAGES[system_language()]

    def run(self) -> None:
        """Answer each question that is typed."""
        _edit_lines()
        write_line(self._messages.greeting)
        while typed := self._read():
            if typed in _LEAVE:
                return
            if typed in _HELP:
                self._help()
            elif typed in self._shows:
                write_line("")
                self._shows[typed]()
            else:
                self._reply(typed)

    def _read(self) -> str:
        try:
            return input("\n" + _MARK).strip()
        except EOFError:
            write_line("")
            return ""
        except KeyboardInterrupt:
            write_line("")  # the shell's prompt starts on a new line
            raise

    def _reply(self, question: str) -> None:
        write_line("")
        try:
            self._answer(question)
        except QuestionError as error:
            write_error(str(error))

    def _help(self) -> None:
        write_line("\n" + self._messages.help)
        for starters in self._library.starters.values():
            write_line("\n".join(f"  {starter}" for starter in starters[:1]))


def _edit_lines() -> None:
    """Enable line editing and history where the system has readline; nothing is kept on disk."""
    with suppress(ImportError):  # Windows, whose console edits lines itself
        import readline  # noqa: F401
