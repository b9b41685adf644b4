"""reStructuredText → typed blocks with exact spans."""

from __future__ import annotations

import re

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile
from index.corpus.parsing.rst.directives import DIRECTIVE, read_directive
from index.corpus.parsing.rst.reading import Reading, lines_of
from index.corpus.parsing.rst.tables import table_rows
from index.corpus.parsing.wrapping import Line
from index.types import Span

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*")
_FOOTNOTE = re.compile(r"\.\.\s+(?=\[(?:\d+|#[\w-]*|\*|[\w.-]+)\]\s)")
_FIELD = re.compile(r":(?![\w:]+:`)[^:`\s][^:`]*:(?:\s|$)")
_ITEM = re.compile(r"(?:[-*+•]|\(?(?:\d{1,9}|#|[A-Za-z]|[ivxlcIVXLC]{1,8})[.)])\s+(?=\S)")
_TARGET = re.compile(r"(?:__|\.\.\s+_[^:]*:|\.\.\s+__:)(?:\s|$)")
_BORDER = re.compile(r"\+[-=+]+\+|=+(?:\s+=+)+")
_INLINE = re.compile(r"(?::[A-Za-z][\w:+.-]*:)?(`{1,2}|\*{1,2})([^`*]+?)(?:\s*<[^<>`]*>)?\1_{0,2}")


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a file in reStructuredText. Raises ParseError."""
    decoded = decode(content)
    reading = Reading(decoded.text, lines_of(decoded.text))
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


def _read_heading(reading: Reading, line: Line) -> bool:
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


def _read_table(reading: Reading, line: Line) -> bool:
    if not _BORDER.fullmatch(line.text):
        return False
    rows, length = table_rows(reading.lines, reading.number)
    reading.blocks += rows
    reading.number += length
    return length > 0


def _read_adornment(reading: Reading, line: Line) -> bool:
    """Read over a line that separates sections."""
    following = reading.line(1)
    is_alone = not line.follows and (following is None or not following.follows)
    if not is_alone or len(line.text) < 4 or not _ADORNMENT.fullmatch(line.text):
        return False
    reading.number += 1
    return True


def _read_explicit(reading: Reading, line: Line) -> None:
    """Read a directive, a footnote, a target or a comment."""
    directive = DIRECTIVE.match(line.text)
    footnote = _FOOTNOTE.match(line.text)
    reading.number += 1
    if directive is not None:
        read_directive(reading, line, directive)
    elif footnote is not None:
        last = reading.last_following(line)
        reading.add_cut(Span(line.start + footnote.end(), last.end), BlockKind.FOOTNOTE)
    else:
        following = reading.line()
        if line.text != ".." or (following is not None and following.follows):
            reading.take_below(line.indent)
        if not _TARGET.match(line.text):
            reading.left_out["comments"] += 1


def _read_paragraph(reading: Reading, first: Line) -> None:
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
        reading.add_cut(span, BlockKind.LIST_ITEM if marker or is_definition else BlockKind.PARAGRAPH)
    if last.text.endswith("::"):
        reading.add_code(reading.take_below(first.indent))


def _begins(line: Line, first: Line, *, is_item: bool) -> bool:
    """Return whether `line` begins something else than the paragraph or item that `first` begins."""
    if line.text.startswith(".. ") or _BORDER.fullmatch(line.text):
        return True
    if is_item and line.indent <= first.indent:
        return True
    return bool(_ITEM.match(line.text) or _FIELD.match(line.text)) and (is_item or line.indent != first.indent)
