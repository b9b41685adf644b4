"""Set up the standard streams, and write to them."""

from __future__ import annotations

import io
import logging
import os
import sys
from typing import TYPE_CHECKING, TextIO

from index.text.sanitize import harmless

if TYPE_CHECKING:
    from rich.console import Console

PROGRAM = "llama-chronicle"
_WIDEST = 100  # columns; longer lines are hard to read


def prepare() -> None:
    """Make every stream UTF-8 whatever the locale; unpaired surrogates are replaced. Raises OSError."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.stdout is None:  # closed by the parent process
        raise OSError("standard output is closed")


def write_error(message: str) -> None:
    """Write one line to standard error."""
    if sys.stderr is not None:
        sys.stderr.write(f"{PROGRAM}: {harmless(message)}\n")
        sys.stderr.flush()


def write_line(line: str) -> None:
    """Write a line, or several, to standard output and flush it; of a document's text the terminal obeys nothing."""
    sys.stdout.write("".join(f"{harmless(each)}\n" for each in line.split("\n")))
    sys.stdout.flush()


def console(stream: TextIO | None = None) -> Console:
    """Return a rich console for a stream; it decides on colour and width and leaves text as it is."""
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)


def line_width(screen: Console) -> int:
    """Return the columns to fill: those of the terminal, 80 in a pipe, at most 100."""
    return min(screen.width, _WIDEST)


class HarmlessFormatter(logging.Formatter):
    """Formats a record on one line, as an error is: what is logged may name a file or quote a document."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return harmless(super().format(record))


def is_interactive() -> bool:
    """Return whether standard input and output are both a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def discard_output() -> None:
    """Redirect standard output to the null device, so that flushing at exit raises no second error."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
