"""What CommonMark leaves to dialects: containers of MkDocs and Docusaurus, shortcodes, attribute lists, comments.

Containers are rewritten, character for character, into what the parser knows, so that offsets stay. The other marks
are spans over the text that a reader of the rendered document does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.markup.spans import containing
from index.types import Span

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\r\n]*$)|~{3,})", re.MULTILINE)
_LINE_START = r"^(?P<indent>(?:[ \t>]|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*)"
# ::: tip Title, :::note[Title], ::: {.callout-tip title="Title"}, :::: and so on.
_DIRECTIVE = re.compile(_LINE_START + r":{3,}[ \t]*(?:\{[^}\r\n]*\}|[\w-]+)?(?P<rest>[^\r\n]*)", re.MULTILINE)
_DIRECTIVE_TITLE = re.compile(
    r"[ \t]*(?:\[(?P<bracketed>[^\]]*)\]|(?P<plain>[^{}]*?)[ \t]*(?::{3,}|\{[^}]*\})?[ \t]*$)"
)
# !!! note "Title", ??? note, ???+ note, === "Tab"
_ADMONITION = re.compile(
    r"^(?P<indent>[ \t>]*)(?:(?:!!!|\?\?\?\+?)[ \t]+[\w -]+|===[!+]?[ \t]+(?=\"))[ \t]*(?P<title>\"[^\r\n]*\")?[ \t]*$",
    re.MULTILINE,
)
_IN_ADDRESS = re.compile(r"(?<=\]\()(?:\{\{[^{}\r\n]{1,300}\}\}|\{%[^{}\r\n]{1,300}%\})+[^\s()]{0,300}")

_ATTRIBUTE = r"(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\r\n]{0,200}\"|'[^'\r\n]{0,200}'|[^\s{}\"']{1,200}))"
_ATTRIBUTES = rf"[ ]?{_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE}){{0,20}}[ ]?\}}"
_ANY_CASE = re.MULTILINE | re.IGNORECASE
# What they are counted as, how they start and end, and the most characters between.
_DELIMITED: tuple[tuple[str, str, str, int], ...] = (
    ("comments", "{{/*", "*/}}", 20_000),
    ("comments", "{::comment}", "{:/", 20_000),
    ("comments", "\n%%\n", "\n%%", 20_000),
    ("shortcodes", "{{<", ">}}", 2_000),
    ("shortcodes", "{{%", "%}}", 2_000),
    ("shortcodes", "{%", "%}", 1_000),
    ("shortcodes", "{# ", "#}", 300),
    ("", "{:", "}", 300),
)
_COMMENT_TAG = re.compile(r"\{(?:%-?|\{[<%])\s*(?P<end>end|/\s*)?comment\s*(?:-?%|[>%]\})\}", re.IGNORECASE)
# Each with a substring without which it cannot match. A pattern starts with a literal, which is what makes it fast;
# where it has a group, the group is the mark.
_MARKS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("%%", "comments", re.compile(r"%%(?=[^\s%])[^%\r\n]{1,2000}%%")),
    ("{{", "shortcodes", re.compile(r"\{\{(?![<%/])(?:[^{}\r\n]|\{\}){1,300}\}\}")),
    (
        "{",
        "",
        re.compile(
            rf"\{{(?:(?<=[)\]`*_>]\{{){_ATTRIBUTES}|(?<=\s\{{){_ATTRIBUTES}(?=[ \t]*$)|(?<![^\r\n]\{{){_ATTRIBUTES})",
            re.MULTILINE,
        ),
    ),
    ("[!", "", re.compile(r">[ \t]*(\[![a-z][a-z_-]{0,30}\][+-]?)", _ANY_CASE)),
    ("[", "", re.compile(r"\[(?<![^\s]\[)\[?_?toc_?\]\]?[ \t]*$", _ANY_CASE)),
    (
        "import",
        "imports",
        re.compile(
            r"import(?<![^\r\n]import)[ \t]+(?:[^\r\n;]{1,300}[ \t]from[ \t]+)?[\"'][^\"'\r\n]{1,300}[\"'];?[ \t]*$",
            re.MULTILINE,
        ),
    ),
    ("#|", "", re.compile(r"#\|(?<!\S#\|)[^\r\n]*$", re.MULTILINE)),
)
_IN_CODE = frozenset({"#|"})
_COMMENT_AT_START = re.compile(r"(?:^|[\r\n])(?:[ \t]{0,3}>?){0,8}(?:[-*+]|\d{1,9}[.)])?[ \t]*\Z")


def fences(text: str) -> list[Span]:
    """Return the fenced code blocks of `text`, without regard to the containers they stand in."""
    found: list[Span] = []
    if not has_mark(text, "```") and not has_mark(text, "~~~"):
        return found
    opening = _FENCE.search(text)
    while opening is not None:
        mark = re.escape(opening[1])
        closing = re.compile(rf"^[ \t>]*{mark}{mark[-1]}*[ \t]*$", re.MULTILINE).search(text, opening.end())
        end = closing.end() if closing else len(text)
        found.append(Span(opening.start(), end))
        opening = _FENCE.search(text, end)
    return found


def has_mark(text: str, mark: str) -> bool:
    """Return whether `mark` is in `text`; its characters are looked for first, since that is ten times as fast."""
    return all(character in text for character in mark) and mark in text


def with_containers(text: str) -> str:
    """Return `text` with the marks of containers rewritten, character for character.

    The mark of an indented container becomes that of a list item, and a title a heading of level 1.
    """
    edits: list[tuple[int, int, str]] = []
    if has_mark(text, ":::"):
        edits += [_directive(line) for line in _DIRECTIVE.finditer(text)]
    if has_mark(text, "!!!") or has_mark(text, "???") or has_mark(text, '=== "'):
        edits += [_admonition(line) for line in _ADMONITION.finditer(text)]
    if has_mark(text, "]({"):
        edits += [(found.start(), found.end(), "x" * len(found[0])) for found in _IN_ADDRESS.finditer(text)]
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


def unseen_marks(text: str, code: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the marks of dialects outside code, with what they are counted as, empty if not.

    code: the code of the text, in order and disjoint.
    """
    for needed, kind, pattern in _MARKS:
        if not has_mark(text, needed):
            continue
        for found in pattern.finditer(text):
            if (containing(code, found.start()) is not None) == (needed in _IN_CODE):
                yield kind, Span(*found.span(1 if pattern.groups else 0))
    has_braces = "{" in text
    for kind, opening, closing, longest in _DELIMITED:
        if has_mark(text, opening):
            yield from ((kind, span) for span in _delimited(text, code, (opening, closing), longest))
    if has_braces:
        yield from (("comments", span) for span in _comment_tags(text, code))
    yield from (("comments", span) for span in comments(text, code))


def _delimited(text: str, code: Sequence[Span], marks: tuple[str, str], longest: int) -> Iterator[Span]:
    opening, closing = marks
    start = text.find(opening)
    while start >= 0:
        position = start + len(opening)
        if containing(code, start) is None:
            end = text.find(closing, position, position + longest)
            if end < 0 and position + longest >= len(text):
                return
            if end >= 0:
                position = end + len(closing)
                yield Span(start, position)
        start = text.find(opening, position)


def _comment_tags(text: str, code: Sequence[Span]) -> Iterator[Span]:
    """Yield what stands between the comment tags of Liquid and Hugo, with the tags."""
    start: int | None = None
    for tag in _COMMENT_TAG.finditer(text):
        if containing(code, tag.start()) is not None:
            continue
        if tag["end"] is None:
            start = tag.start() if start is None else start
        elif start is not None:
            yield Span(start, tag.end())
            start = None


def comments(text: str, code: Sequence[Span]) -> Iterator[Span]:
    """Yield HTML comments outside code, also where blank lines would end them in CommonMark.

    An unclosed one runs to the end where it starts a line, as in a browser; within a line it is text.
    """
    start = text.find("<!--") if "<" in text else -1
    while start >= 0:
        end = start + 4
        if containing(code, start) is None and text[start - 1 : start] != "\\":
            closing = text.find("-->", end)
            if closing >= 0:
                end = closing + 3
                yield Span(start, end)
            elif _COMMENT_AT_START.search(text, max(0, start - 100), start):
                yield Span(start, len(text))
                return
        start = text.find("<!--", end)


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
