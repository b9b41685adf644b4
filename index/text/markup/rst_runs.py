"""reStructuredText as a reader sees it, within a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.markup.runs import Run, RunKind
from index.types import Span

# The inline marks of docutils; each group is what is shown. Bounded, so that unclosed ones cost linear time.
_INLINE = re.compile(
    r"``(?P<code>[^`]{1,1000}?)``"
    r"|(?P<hidden>\[(?:\#[\w-]*|\d{1,4}|\*)\]_(?!\w)|\|[^|\s][^|\n]{0,200}\|_{0,2}(?<!\s\|))"
    r"|(?::[\w:+.-]{1,60}:)?`(?P<link>[^`<>]{1,1000}?)\s*(?:<[^`<>]{1,2000}>)?`(?::[\w:+.-]{1,60}:|_{0,2})"
    r"|\*\*(?P<strong>(?=\S)[^*]{1,2000}?(?<=\S))\*\*(?!\*)"
    r"|(?<![\w*])\*(?P<emphasis>(?=\S)[^*]{1,2000}?(?<=\S))\*(?![\w*])"
    r"|(?<![\w`])(?P<name>[A-Za-z0-9](?:[\w.-]{0,100}[A-Za-z0-9])?)__?(?![\w`])"
    r"|\\(?P<escaped>\S)"
)
_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")


def rst_runs(text: str) -> tuple[Run, ...]:
    """Return the runs of a slice of reStructuredText."""
    runs: list[Run] = []
    position = 0
    for mark in _INLINE.finditer(text):
        runs += _verbatim(text, position, mark.start())
        position = mark.end()
        shown = mark.lastgroup
        if shown == "code":
            runs.append(Run(Span(*mark.span("code")), mark["code"], RunKind.CODE))
        elif shown is not None and shown != "hidden":
            runs += _verbatim(text, *mark.span(shown))
    return (*runs, *_verbatim(text, position, len(text)))


def _verbatim(text: str, start: int, end: int) -> Iterator[Run]:
    if start < end:
        yield Run(Span(start, end), text[start:end])
