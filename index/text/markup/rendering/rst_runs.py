"""reStructuredText as a reader sees it, within a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.markup.rendering.runs import Run, RunKind
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
    r"|(?<=\S)(?P<colon>:):(?=[ \t]*(?:\r?\n[ \t]*(?:\r?\n|\Z)|\Z))"  # before code
    # Bars of line blocks and of rows drawn as a grid, its borders, lines under titles, and the marks of rows and cells
    # written as lists.
    r"|(?P<bar>^[ \t]*\|[ \t]+(?=\S)|[ \t]+\|[ \t]*$)|(?P<row>^[ \t]*\*[ \t]+-[ \t]+(?=\S))"
    r"|(?P<border>^[ \t]*(?:\+[-=+]{2,}\+|=+(?:[ ]+=+)+|(?P<mark>[=~^\"'#*+._:-])(?P=mark){3,})[ \t]*(?:\r\n?|\n|\Z))"
    r"|(?P<cell>[ \t]*(?:\r\n?|\n)[ \t]+-[ \t]+(?=\S))",
    re.MULTILINE,
)
_UNSEEN = frozenset({"hidden", "bar", "row", "border"})


def rst_runs(text: str) -> tuple[Run, ...]:
    """Return the runs of a slice of reStructuredText."""
    runs: list[Run] = []
    position = 0
    is_in_row = False
    for mark in _INLINE.finditer(text):
        shown = mark.lastgroup
        is_in_row |= shown == "row"
        if shown == "cell" and not is_in_row:
            continue
        runs += _verbatim(text, position, mark.start())
        position = mark.end()
        if shown == "code":
            runs.append(Run(Span(*mark.span("code")), mark["code"], RunKind.CODE))
        elif shown == "cell":
            runs.append(Run(Span(*mark.span()), " | "))
        elif shown is not None and shown not in _UNSEEN:
            runs += _verbatim(text, *mark.span(shown))
    return (*runs, *_verbatim(text, position, len(text)))


def _verbatim(text: str, start: int, end: int) -> Iterator[Run]:
    if start < end:
        yield Run(Span(start, end), text[start:end])
