"""The containers of MkDocs, Docusaurus and Pandoc, rewritten into what the parser knows.

They are rewritten character for character, so that offsets stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.markup.spans import containing
from index.types import Span

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})")
_FENCE_END = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*(?=[\r\n]|\Z)")
_LINE_START = r"(?P<indent>(?:[ \t>]|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*)"
# ::: tip Title, :::note[Title], ::: {.callout-tip title="Title"}, :::: and so on.
_DIRECTIVE = re.compile(_LINE_START + r":{3,}[ \t]*(?:\{[^}\r\n]*\}|[\w-]+)?(?P<rest>[^\r\n]*)")
_DIRECTIVE_TITLE = re.compile(
    r"[ \t]*(?:\[(?P<bracketed>[^\]]*)\]|(?P<plain>[^{}]*?)[ \t]*(?::{3,}|\{[^}]*\})?[ \t]*$)"
)
# !!! note "Title", ??? note, ???+ note, === "Tab"
_ADMONITION = re.compile(
    r"(?P<indent>[ \t>]*)(?:(?:!!!|\?\?\?\+?)[ \t]+[\w -]+|===[!+]?[ \t]+(?=\"))[ \t]*(?P<title>\"[^\r\n]*\")?[ \t]*$",
    re.MULTILINE,
)
# The heading that opens one of Quarto's callouts is its title, and begins no section.
_CALLOUT_TITLE = re.compile(
    r"^[ \t>]*:{3,}[ \t]*\{[^}\r\n]*\.callout-[^}\r\n]*\}[ \t]*(?:\r\n?|\n)(?:[ \t>]*(?:\r\n?|\n)){0,3}[ \t>]*"
    r"(#{1,6})[ \t]",
    re.MULTILINE,
)
# A link's address with a template in it.
IN_ADDRESS = re.compile(
    r"\]\((?P<address>[^\s(){}]{0,300}(?:(?:\{\{[^{}\r\n]{1,300}\}\}|\{%[^{}\r\n]{1,300}%\})[^\s(){}]{0,300})+)"
)
_HIDDEN_CONTAINER = re.compile(
    r":::+[ \t]*\{[^}\r\n]*\.(?:content-hidden|hidden)(?![\w-])(?![^}\r\n]*(?:unless-format=|when-format=\"(?!html)))"
)
_MARGIN = 300  # code points before a mark on its line, at most: indentation, and the marks of quotes and lists


def has_mark(text: str, mark: str) -> bool:
    """Return whether `mark` is in `text`; its characters are looked for first, since that is ten times as fast."""
    return all(character in text for character in mark) and mark in text


def _lines_with(text: str, *marks: str) -> Iterator[int]:
    """Yield where each line starts that has one of `marks` near its start, in order."""
    starts: set[int] = set()
    for mark in marks:
        at = text.find(mark) if has_mark(text, mark) else -1
        while at >= 0:
            start = text.rfind("\n", max(0, at - _MARGIN), at) + 1
            if start or at <= _MARGIN:
                starts.add(start)
            line_end = text.find("\n", at)
            at = text.find(mark, line_end) if line_end >= 0 else -1
    yield from sorted(starts)


def fences(text: str) -> list[Span]:
    """Return the fenced code blocks of `text`, without regard to the containers they stand in."""
    found: list[Span] = []
    start, mark = 0, ""
    for line in _lines_with(text, "```", "~~~"):
        if not mark:
            opening = _FENCE.match(text, line)
            if opening is not None:
                start, mark = line, opening[1]
        elif (closing := _FENCE_END.match(text, line)) and closing[1].startswith(mark):
            found.append(Span(start, closing.end()))
            mark = ""
    if mark:
        found.append(Span(start, len(text)))
    return found


def with_containers(text: str) -> str:
    """Return `text` with the marks of containers rewritten, character for character.

    The mark of an indented container becomes that of a list item, and a title a heading of level 1.
    """
    edits = [_directive(line) for at in _lines_with(text, ":::") if (line := _DIRECTIVE.match(text, at))]
    admonitions = (_ADMONITION.match(text, at) for at in _lines_with(text, "!!!", "???", "==="))
    edits += [_admonition(line) for line in admonitions if line]
    if has_mark(text, ".callout-"):
        edits += [(*title.span(1), " " * len(title[1])) for title in _CALLOUT_TITLE.finditer(text)]
    if "](" in text and (has_mark(text, "{{") or has_mark(text, "{%")):
        edits += [(*found.span("address"), "x" * len(found["address"])) for found in IN_ADDRESS.finditer(text)]
    if not edits:
        return text
    code = fences(text)
    return replace(text, [edit for edit in edits if containing(code, edit[0]) is None])


def replace(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """Return `text` with each range replaced; of ranges that overlap, the first counts."""
    parts: list[str] = []
    position = 0
    for start, end, new in sorted(edits):
        if start >= position:
            parts += (text[position:start], new)
            position = end
    return "".join((*parts, text[position:]))


def hidden_containers(text: str, code: Sequence[Span]) -> Iterator[Span]:
    """Yield the containers of Pandoc and Quarto that no reader of a web page sees, with what is in them."""
    start: int | None = None
    depth = 0
    for at in _lines_with(text, ":::") if _HIDDEN_CONTAINER.search(text) else ():
        line = _DIRECTIVE.match(text, at)
        if line is None or containing(code, line.start()) is not None:
            continue
        is_closing = not line[0][len(line["indent"]) :].strip(": \t")
        if start is not None:
            depth += -1 if is_closing else 1
            if not depth:
                yield Span(start, line.end())
                start = None
        elif _HIDDEN_CONTAINER.match(text, line.end("indent"), line.end()):
            start, depth = line.start(), 1


def _directive(line: re.Match[str]) -> tuple[int, int, str]:
    start, end = line.end("indent"), line.end()
    title = _DIRECTIVE_TITLE.match(line["rest"])
    group = "bracketed" if title and title["bracketed"] else "plain"
    if title is None or not title[group].strip():
        return start, end, " " * (end - start)
    at = line.start("rest") + title.start(group)
    shown = title[group]
    return start, end, "#" + " " * (at - start - 1) + shown + " " * (end - at - len(shown))


def _admonition(line: re.Match[str]) -> tuple[int, int, str]:
    start, end = line.end("indent"), line.end()
    new = "- #"
    if line["title"]:
        new = new.ljust(line.start("title") + 1 - start) + line["title"][1:-1]
    return start, end, new.ljust(end - start)
