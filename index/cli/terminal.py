"""The three standard streams: made ready, one line of complaint, quiet when nobody reads on."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from index.text.sanitize import harmless

if TYPE_CHECKING:
    from rich.console import Console

PROGRAM = "llama-chronicle"
_WIDEST = 100  # columns; longer lines are hard to read


def prepare() -> None:
    """Let every stream speak UTF-8, whatever the locale, and stumble over no half character."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.stdout is None:  # closed by whoever started us
        raise OSError("standard output is closed")


def say(message: str) -> None:
    """Write one line to standard error."""
    if sys.stderr is not None:
        sys.stderr.write(f"{PROGRAM}: {harmless(message)}\n")
        sys.stderr.flush()


def put(line: str) -> None:
    """Write one line to standard output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def console(stream: TextIO | None = None) -> Console:
    """Give rich's representation of a stream, which alone decides on colour and width; text stays as it is."""
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)


def measure(of: Console) -> int:
    """Give the columns to fill: the terminal's, or 80 into a pipe, but no more than can be read."""
    return min(of.width, _WIDEST)


def is_interactive() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def discard_output() -> None:
    """Let what is still buffered go nowhere, so that leaving raises no second complaint."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
