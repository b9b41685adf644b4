"""reStructuredText → typed blocks with exact spans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile
from index.corpus.parsing.rst_tables import table_rows
from index.corpus.parsing.wrapping import Line
from index.types import Reference, Span

_LINE = re.compile(r"([^\S\r\n]*)(\S(?:[^\r\n]*\S)?)?[^\S\r\n]*(?:\r\n?|\n|\Z)")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*")
_DIRECTIVE = re.compile(r"\.\.\s+(?:\|[^|]+\|\s+)?([A-Za-z][\w:+.-]*?)::(?:\s+|$)")
_FOOTNOTE = re.compile(r"\.\.\s+(?=\[(?:\d+|#[\w-]*|\*|[\w.-]+)\]\s)")
_OPTION = re.compile(r":[A-Za-z][\w -]*:(?:\s|$)")
_ALTERNATIVE = re.compile(r":alt:\s+(?=\S)")
_FIELD = re.compile(r":(?![\w:]+:`)[^:`\s][^:`]*:(?:\s|$)")
_ITEM = re.compile(r"(?:[-*+•]|\(?(?:\d{1,9}|#|[A-Za-z]|[ivxlcIVXLC]{1,8})[.)])\s+(?=\S)")
_TARGET = re.compile(r"(?:__|\.\.\s+_[^:]*:|\.\.\s+__:)(?:\s|$)")
_BORDER = re.compile(r"\+[-=+]+\+|=+(?:\s+=+)+")
_LINK = re.compile(r"`([^`<]{1,300})<([^<>`\s]{1,2000})>`__?")
_INLINE = re.compile(r"(?::[A-Za-z][\w:+.-]*:)?(`{1,2}|\*{1,2})([^`*]+?)(?:\s*<[^<>`]*>)?\1_{0,2}")

_CODE = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "prompt", "doctest", "testcode", "math"})
_IMAGES = frozenset({"image", "figure"})
# Directives that show nothing, or what is not in the file.
_LEFT_OUT = frozenset(
    [
        "toctree",
        "include",
        "contents",
        "raw",
        "meta",
        "index",
        "highlight",
        "currentmodule",
        "module",
        "py:module",
        "py:currentmodule",
        "sectnum",
        "default-role",
        "role",
        "replace",
        "unicode",
        "date",
        "tabularcolumns",
        "automodule",
        "autoclass",
        "autofunction",
        "autosummary",
        "graphviz",
        "plot",
        "video",
        "youtube",
        "literalinclude",
        "codeauthor",
        "sectionauthor",
        "testsetup",
        "testcleanup",
        "title",
        "class",
        "rst-class",
    ]
)


@dataclass(slots=True)
class _Reading:
    """The lines of a file, how far they are read, and what was found."""

    text: str
    lines: Sequence[Line]
    number: int = 0
    blocks: list[ParsedBlock] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)  # of the headings, outermost first
    left_out: Counter[str] = field(default_factory=Counter)

    def line(self, ahead: int = 0) -> Line | None:
        """Return the line that is read next, or one after it."""
        number = self.number + ahead
        return self.lines[number] if number < len(self.lines) else None

    def take_below(self, indent: int) -> list[Line]:
        """Read on over the lines that are indented more than `indent`, and return them."""
        start = self.number
        while self.number < len(self.lines) and self.lines[self.number].indent > indent:
            self.number += 1
        return list(self.lines[start : self.number])

    def add(self, span: Span, kind: BlockKind, hidden: tuple[Span, ...] = ()) -> None:
        """Add a block."""
        references = tuple(
            Reference(" ".join(label.split()), url) for label, url in _LINK.findall(span.of(self.text))
        )
        self.blocks.append(ParsedBlock(span, kind, hidden=hidden, references=references))


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a file in reStructuredText. Raises ParseError."""
    decoded = decode(content)
    reading = _Reading(decoded.text, _lines(decoded.text))
    while (line := reading.line()) is not None:
        if line.text == ".." or line.text.startswith((".. ", "..\t", "__ ")):
            _read_explicit(reading, line)
        elif not (_read_heading(reading, line) or _read_table(reading, line) or _read_adornment(reading, line)):
            _read_paragraph(reading, line)
    return ParsedFile(
        decoded.text,
        tuple(reading.blocks),
        Markup.RST,
        left_out=dict(reading.left_out),
        encoding=decoded.encoding,
    )


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    follows = False
    for match in _LINE.finditer(text, int(text.startswith("\ufeff"))):
        if match[2]:
            lines.append(Line(match.start(2), match[2], len(match[1].expandtabs()), follows))
        follows = bool(match[2])
    return lines


def _read_heading(reading: _Reading, line: Line) -> bool:
    """Read a title with the line below it, and perhaps above it, that marks it."""
    following, last = reading.line(1), reading.line(2)
    over = _ADORNMENT.fullmatch(line.text)
    if over and following and last and following.follows and last.follows and last.text == line.text:
        title, style, length = following, f"over {over[1]}", 3
    elif following and following.follows and (under := _ADORNMENT.fullmatch(following.text)):
        title, style, length = line, under[1], 2
    else:
        return False
    marked = len((last if length == 3 and last else following).text)
    if line.indent or _ADORNMENT.fullmatch(title.text) or marked < min(4, len(title.text)):
        return False
    if style not in reading.styles:
        reading.styles.append(style)
    level = reading.styles.index(style) + 1
    words = " ".join(_INLINE.sub(r"\2", title.text).split()) or title.text
    reading.blocks.append(ParsedBlock(Span(title.start, title.end), BlockKind.HEADING, level, words))
    reading.number += length
    return True


def _read_table(reading: _Reading, line: Line) -> bool:
    if not _BORDER.fullmatch(line.text):
        return False
    rows, length = table_rows(reading.lines, reading.number)
    reading.blocks += rows
    reading.number += length
    return length > 0


def _read_adornment(reading: _Reading, line: Line) -> bool:
    """Read over a line that separates sections."""
    following = reading.line(1)
    is_alone = not line.follows and (following is None or not following.follows)
    if not is_alone or len(line.text) < 4 or not _ADORNMENT.fullmatch(line.text):
        return False
    reading.number += 1
    return True


def _read_explicit(reading: _Reading, line: Line) -> None:
    """Read a directive, a footnote, a target or a comment."""
    directive = _DIRECTIVE.match(line.text)
    footnote = _FOOTNOTE.match(line.text)
    reading.number += 1
    if directive is not None:
        _read_directive(reading, line, directive)
    elif footnote is not None:
        last = _last_following(reading, line)
        _add_cut(reading, Span(line.start + footnote.end(), last.end), BlockKind.FOOTNOTE)
    else:
        following = reading.line()
        if line.text != ".." or (following is not None and following.follows):
            reading.take_below(line.indent)
        if not _TARGET.match(line.text):
            reading.left_out["comments"] += 1


def _read_directive(reading: _Reading, line: Line, directive: re.Match[str]) -> None:
    name = directive[1].lower()
    if line.text[2:].lstrip().startswith("|") or name in _LEFT_OUT:
        reading.take_below(line.indent)
        reading.left_out["directives"] += 1
        return
    if name in _IMAGES:
        reading.left_out["images"] += 1
    elif name not in _CODE and directive.end() < len(line.text):
        last = _last_following(reading, line, with_options=False)
        _add_cut(reading, Span(line.start + directive.end(), last.end), BlockKind.PARAGRAPH)
    _read_options(reading, line, is_image=name in _IMAGES)
    if name in _CODE:
        _add_code(reading, reading.take_below(line.indent))


def _read_options(reading: _Reading, line: Line, *, is_image: bool) -> None:
    """Read over the options of a directive; the alternative text of an image is shown."""
    while (
        (option := reading.line())
        and option.follows
        and option.indent > line.indent
        and _OPTION.match(option.text)
    ):
        alternative = _ALTERNATIVE.match(option.text)
        if is_image and alternative:
            reading.add(Span(option.start + alternative.end(), option.end), BlockKind.PARAGRAPH)
        reading.number += 1


def _last_following(reading: _Reading, first: Line, *, with_options: bool = True) -> Line:
    """Read on to the last line of the paragraph that `first` begins, and return it."""
    last = first
    while (line := reading.line()) and line.follows and line.indent > first.indent:
        if not with_options and _OPTION.match(line.text):
            break
        last = line
        reading.number += 1
    return last


def _read_paragraph(reading: _Reading, first: Line) -> None:
    """Read a paragraph, a list item, a field or a definition, and the literal text that it announces."""
    reading.number += 1
    last, is_definition = first, False
    marker = _ITEM.match(first.text) or _FIELD.match(first.text)
    while (line := reading.line()) and line.follows and not _begins(line, first, is_item=marker is not None):
        if is_definition and line.indent <= first.indent:
            break
        is_definition = is_definition or (marker is None and line.indent > first.indent)
        last = line
        reading.number += 1
    span = Span(first.start, last.end)
    if first.text.startswith(">>> "):
        reading.add(span, BlockKind.CODE)
    elif not (marker and marker.re is _FIELD and marker.end() == len(first.text) and first is last):
        _add_cut(reading, span, BlockKind.LIST_ITEM if marker or is_definition else BlockKind.PARAGRAPH)
    if last.text.endswith("::"):
        _add_code(reading, reading.take_below(first.indent))


def _begins(line: Line, first: Line, *, is_item: bool) -> bool:
    """Return whether `line` begins something else than the paragraph or item that `first` begins."""
    if line.text.startswith(".. ") or _BORDER.fullmatch(line.text):
        return True
    if is_item and line.indent <= first.indent:
        return True
    return bool(_ITEM.match(line.text) or _FIELD.match(line.text)) and (is_item or line.indent != first.indent)


def _add_cut(reading: _Reading, span: Span, kind: BlockKind) -> None:
    """Add a block; of the colons that announce literal text a reader sees one, or none after a space."""
    text = span.of(reading.text)
    if not text.endswith("::"):
        reading.add(span, kind)
        return
    shown = text[:-2].rstrip()
    if not shown:
        return
    start = span.start + len(shown) if text[-3].isspace() else span.end - 1
    reading.add(span, kind, (Span(start, span.end),))


def _add_code(reading: _Reading, lines: Sequence[Line]) -> None:
    if lines:
        reading.add(Span(lines[0].start, lines[-1].end), BlockKind.CODE)
