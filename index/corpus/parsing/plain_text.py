"""Plain text → headings, paragraphs and list items, whether its paragraphs are wrapped or a line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile
from index.corpus.parsing.wrapping import Line, paragraphs
from index.text.markup.mail import QUOTE_MARK, attributions
from index.text.markup.spans import containing
from index.types import Span

_LINE = re.compile(r"([^\S\n]*)(\S(?:[^\n]*\S)?)?[^\S\n]*(?:\n|\Z)")
_OLD_MAC_LINE = re.compile(r"([^\S\r]*)(\S(?:[^\r]*\S)?)?[^\S\r]*(?:\r|\Z)")  # of files without a line feed

# Plain text has no mark-up for a heading. What people write is a short line that starts with a number and does not
# end like a sentence; the style of the number is the level: 一、 over （一） over 1.
_HEADING_STYLES = (
    re.compile(r"第[〇零一二三四五六七八九十百千\d]+[章节節部篇回]|(?:chapter|part)\s+\w+", re.IGNORECASE),
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*[.、．)]?\s*(?=\D)"),
)
_BARE_NUMBER = re.compile(r"\d+(?![.、．)\d])")
_GOES_ON = (",", "，", "、")
_NUMBERED = re.compile(r"[第\d一二三四五六七八九十(（cCpP]")  # how every style begins
_LONGEST_HEADING = 60
_SENTENCE_END = tuple("。.;；,，:：…")
_WORD = re.compile(r"[^\W_]")
_UNDERLINE = re.compile(r"(=|-|~|\*)\1{2,}")
_UNDERLINE_LEVELS = {"=": 1, "*": 1, "-": 2, "~": 3}
_BULLET = re.compile(r"[-*+•·‣▪○●◦]\s+\S")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Lines that belong together. style: of the number if it may be a heading. underlined: the level it then has."""

    span: Span
    style: int | None = None
    underlined: int = 0
    is_bullet: bool = False


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a plain text. Raises ParseError."""
    decoded = decode(content)
    unseen = attributions(decoded.text)
    lines = _lines(decoded.text)
    blocks = tuple(_blocks(list(_quoted(lines, unseen)) if unseen else lines, decoded.text))
    return ParsedFile(decoded.text, blocks, Markup.MAIL if unseen else Markup.PLAIN, encoding=decoded.encoding)


def text_blocks(text: str) -> list[ParsedBlock]:
    """Return the blocks of `text`: each paragraph whole where lines are wrapped, else each line.

    A line without letters and digits is in no block.
    """
    return _blocks(_lines(text), text)


def _quoted(lines: Iterable[Line], unseen: Sequence[Span]) -> Iterator[Line]:
    """Yield `lines` without the marks of quoted mails, and without those that are `unseen`.

    No line goes on with one that is quoted from another mail.
    """
    depth, is_apart = 0, False
    for line in lines:
        mark = QUOTE_MARK.match(line.text)
        start = line.start + (mark.end() if mark else 0)
        if containing(unseen, start) is not None or start == line.end:
            is_apart = True
            continue
        before, depth = depth, mark[0].count(">") if mark else 0
        yield Line(
            start, line.text[start - line.start :], line.indent, line.follows and depth == before and not is_apart
        )
        is_apart = False


def _blocks(lines: Sequence[Line], text: str) -> list[ParsedBlock]:
    units = list(_units(lines))
    styles = [unit.style for unit in units]
    blocks: list[ParsedBlock] = []
    for number, unit in enumerate(units):
        # Numbered lines in a row are a list; a heading has text below it.
        following = styles[number + 1] if number + 1 < len(styles) else unit.style
        is_listed = unit.style is not None and unit.style in (following, styles[number - 1] if number else None)
        level = unit.underlined or (0 if unit.style is None or is_listed else unit.style + 1)
        if level:
            title = " ".join(unit.span.of(text).split())
            blocks.append(ParsedBlock(unit.span, BlockKind.HEADING, level, title))
        else:
            kind = BlockKind.LIST_ITEM if unit.is_bullet or is_listed else BlockKind.PARAGRAPH
            blocks.append(ParsedBlock(unit.span, kind))
    return blocks


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    follows = False  # the line before it is not empty
    pattern = _LINE if "\n" in text else _OLD_MAC_LINE
    for match in pattern.finditer(text, int(text.startswith("\ufeff"))):
        words = match[2]
        if words:
            lines.append(Line(match.start(2), words, len(match[1]), follows))
        follows = bool(words)
    return lines


def _units(lines: Sequence[Line]) -> Iterator[_Unit]:
    following = 0  # the number of the line below the paragraph
    underline: Line | None = None
    before: Line | None = None
    for paragraph in paragraphs(lines):
        first, last = paragraph[0], paragraph[-1]
        following += len(paragraph)
        if first is underline:
            continue
        below = lines[following] if following < len(lines) else None
        level = _underlined(last, below) if first is last else 0
        underline = below if level else None
        if _WORD.search(first.text) or first is not last:
            style = _heading_style(first, before, below) if first is last else None
            yield _Unit(Span(first.start, last.end), style, level, bool(_BULLET.match(first.text)))
        before = last


def _underlined(line: Line, following: Line | None) -> int:
    """Return the level of a heading that the `following` line underlines, else 0."""
    if following is None or not following.follows or len(line.text) > _LONGEST_HEADING:
        return 0
    underline = _UNDERLINE.fullmatch(following.text)
    is_heading = underline is not None and _WORD.search(line.text) and not line.text.endswith(_SENTENCE_END)
    return _UNDERLINE_LEVELS[underline[1]] if underline is not None and is_heading else 0


def _heading_style(line: Line, before: Line | None, below: Line | None) -> int | None:
    """Return the style of a heading's number; None of a line within a paragraph or a block of short lines."""
    text = line.text
    if len(text) > _LONGEST_HEADING or not _NUMBERED.match(text) or text.endswith(_SENTENCE_END):
        return None
    if below is not None and below.follows and below.text[0].islower():
        return None
    if line.follows and (_BARE_NUMBER.match(text) or (before is not None and before.text.endswith(_GOES_ON))):
        return None
    return next((number for number, style in enumerate(_HEADING_STYLES) if style.match(text)), None)
