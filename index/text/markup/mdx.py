"""MDX: Markdown with JavaScript, whose imports, tags and expressions a reader does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.markup.containers import fences, replace
from index.text.markup.spans import containing, merge_spans
from index.types import Span

# What stands for a character of JavaScript within a line of text.
MASK = "\x01"
_STATEMENT = re.compile(
    r"^(?:import\s+(?:[\w*{][^'\"\r\n]*|(?=['\"]))|export\s+(?:const|let|var|default|function|class|async|\{|\*))",
    re.MULTILINE,
)
_OPENING = re.compile(r"(?P<ticks>`{1,50})|\{|</?(?P<name>[A-Za-z][\w.:-]*)?(?=[\s/>])|\\.")
_TOKEN = re.compile(
    r"\"[^\"\r\n]*\"|'[^'\r\n]*'|`[^`]*`|(?P<comment>/\*)|(?P<open>\{)|(?P<close>\})|(?P<end>>)|(?P<line>[\r\n])",
    re.DOTALL,
)
_NOT_LINE_END = re.compile(r"[^\r\n]")
_REST = re.compile(r"[ \t]*(?=[\r\n]|\Z)")
# Unclosed braces are given up after so many characters, and after so many of them no others are tried.
_LONGEST, _MOST_UNCLOSED = 20_000, 20


def without_jsx(text: str) -> str:
    """Return `text` with what is JavaScript masked, character for character.

    What fills whole lines becomes empty lines.
    """
    code = fences(text)
    edits: list[tuple[int, int, str]] = []
    for span in merge_spans([*_statements(text, code), *_expressions(text, code)]):
        line_start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
        before = text[line_start : span.start].replace(MASK, "")
        fills = not before.strip(" \t>") and _REST.match(text, span.end) is not None
        masked = _NOT_LINE_END.sub(" " if fills else MASK, text[span.start : span.end])
        edits.append((span.start, span.end, masked))
    return replace(text, edits)


def _statements(text: str, code: Sequence[Span]) -> Iterator[Span]:
    for statement in _STATEMENT.finditer(text):
        if containing(code, statement.start()) is None:
            end = _end(text, statement.start(), "line")
            yield Span(statement.start(), end or statement.end())


def _expressions(text: str, code: Sequence[Span]) -> Iterator[Span]:
    unclosed = 0
    opening = _OPENING.search(text)
    while opening is not None and unclosed < _MOST_UNCLOSED:
        position = opening.end()
        fence = containing(code, opening.start())
        if fence is not None:
            position = max(position, fence.end)
        elif opening["ticks"]:
            closing = re.compile(rf"(?<!`){opening['ticks']}(?!`)").search(text, position, position + _LONGEST)
            position = closing.end() if closing else position
        elif opening[0][0] in "{<":
            end = _end(text, opening.start(), "close" if opening[0] == "{" else "end")
            if end is None:
                unclosed += 1
            elif opening[0] == "{" or _is_component(opening["name"], text[opening.start() : end]):
                yield Span(opening.start(), end)
                position = end
        opening = _OPENING.search(text, position)


def _is_component(name: str | None, tag: str) -> bool:
    """Return whether a tag is none of HTML's, or not written as HTML is."""
    return not name or not name[0].islower() or "." in name or "{" in tag


def _end(text: str, start: int, closing: str) -> int | None:
    """Return where what starts at `start` ends: at the next `closing` outside braces; None if it does not."""
    depth, position, last = 0, start, min(len(text), start + _LONGEST)
    while (token := _TOKEN.search(text, position, last)) is not None:
        kind, position = token.lastgroup, token.end()
        depth += {"open": 1, "close": -1}.get(kind or "", 0)
        if kind == "comment":
            end = text.find("*/", position, last)
            if end < 0:
                return None
            position = end + 2
        if depth < 0:
            return None
        if kind == closing and depth == 0:
            return token.start() if kind == "line" else token.end()
    return len(text) if closing == "line" and depth == 0 and last == len(text) else None
