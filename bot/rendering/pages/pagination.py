"""A document as pages that fit into a message, with the number of every line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.locales import Messages
from bot.rendering.pages.sections import Section
from bot.rendering.text.markdown import escaped_units, inline
from bot.rendering.text.rendered_text import LINE_BREAK, Line, markdown_lines, visible_runs
from index import Block, BlockKind, Document, Span, quote_at, split_sentences

# About a screen of text; a message would hold 4000.
_PAGE_UNITS = 1600
_HEADING_UNITS = 160
# A line's number, its backticks and a line feed.
_NUMBER_UNITS = 14
# A part of a sentence longer than a page; the escaped characters of one always fit on a page.
_CUT_LENGTH = 100


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block, or a part of one that is longer than a page; headings and section_start are those of the block."""

    span: Span
    headings: tuple[str, ...] = ()
    section_start: int = -1


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows of a document."""

    blocks: tuple[PageBlock, ...]

    @property
    def span(self) -> Span:
        """The range from the first block to the last."""
        return Span(self.blocks[0].span.start, self.blocks[-1].span.end)


@dataclass(frozen=True, slots=True)
class PagedDocument:
    """A document with its pages and sections, which take long to compute for a long one."""

    document: Document
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]


def paginate(document: Document) -> tuple[Page, ...]:
    """Return `document` as pages of whole blocks, in time linear in its size; none without text."""
    pages: list[Page] = []
    current: list[PageBlock] = []
    spent = 0
    for block, price in _page_blocks(document):
        heading = _HEADING_UNITS if not current or _section(block) != _section(current[-1]) else 0
        if current and spent + heading + price > _PAGE_UNITS:
            pages.append(Page(tuple(current)))
            current, spent, heading = [], 0, _HEADING_UNITS
        current.append(block)
        spent += heading + price
    return (*pages, Page(tuple(current))) if current else ()


def page_of(pages: Sequence[Page], position: int) -> int:
    """Return the number of the page, from 0, that shows `position`, or the nearest before it."""
    return max(0, bisect_right(pages, position, key=lambda page: page.span.start) - 1)


def page_text(document: Document, page: Page, *, messages: Messages, highlights: Sequence[Span] = ()) -> str:
    """Return a page with a heading where the section changes and the number of every line.

    highlights: what is shown in bold, absolute.
    """
    shown: list[str] = []
    section: tuple[int, tuple[str, ...]] | None = None
    for block in page.blocks:
        if block.headings and _section(block) != section:
            section = _section(block)
            shown.append(f"**{inline(block.headings[-1], limit=_HEADING_UNITS - 4)}**")
        shown += numbered(document, block.span, messages=messages, highlights=highlights)
    return "\n".join(shown)


def numbered(document: Document, span: Span, *, messages: Messages, highlights: Sequence[Span] = ()) -> list[str]:
    """Return the lines of `span` as they are rendered, each after its number; a code block has a line of numbers.

    highlights: what is shown in bold, absolute.
    """
    quote = quote_at(document, span)
    bold = [mark.shift(-span.start) for mark in highlights]
    runs = visible_runs(quote.text, quote.markup, messages=messages)
    shown: list[str] = []
    for fenced, lines in groupby(markdown_lines(runs, bold), key=lambda line: line.is_code):
        for group in _blocks(list(lines)) if fenced else [[line] for line in lines if line.markdown.strip()]:
            first, last = (_number(document, span, line) for line in (group[0], group[-1]))
            label = f"`{first}`" if first == last or not fenced else f"`{first}–{last}`"
            markdown = [line.markdown for line in group]
            shown += [label, *markdown] if fenced else [f"{label} {markdown[0]}"]
    return shown


def _blocks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield adjacent fenced blocks one by one."""
    start = 0
    for number, line in enumerate(lines):
        if number > start and line.markdown == "```":
            yield lines[start : number + 1]
            start = number + 1


def _number(document: Document, span: Span, line: Line) -> int:
    at = span.start + line.start
    return document.lines(Span(at, at + 1))[0]


def _section(block: PageBlock) -> tuple[int, tuple[str, ...]]:
    return block.section_start, block.headings


def _page_blocks(document: Document) -> Iterator[tuple[PageBlock, int]]:
    """Yield the blocks, or parts of those that are longer than a page, each with its price."""
    text = document.text
    for block in document.blocks or (Block(Span(0, len(text)), ()),):
        span = block.span.trim(text)
        if not span:
            continue
        price = _price(span.of(text))
        if price <= _PAGE_UNITS - _HEADING_UNITS:
            yield PageBlock(span, block.headings, block.section_start), price
            continue
        for part in _parts(text, span, is_code=block.kind is BlockKind.CODE):
            yield PageBlock(part, block.headings, block.section_start), _price(part.of(text))


def _parts(text: str, span: Span, *, is_code: bool) -> Iterator[Span]:
    """Yield the parts of `span` that fit on a page each."""
    start = end = span.start
    spent = 0
    for unit, price in _units(text, span, is_code=is_code):
        if start < end and spent + price > _PAGE_UNITS - _HEADING_UNITS:
            yield Span(start, end)
            start, spent = unit.start, 0
        end = unit.end
        spent += price
    if start < end:
        yield Span(start, end)


def _units(text: str, span: Span, *, is_code: bool) -> Iterator[tuple[Span, int]]:
    """Yield the lines of code, or the sentences, each with its price; a few characters of one that exceeds a page."""
    for unit in _lines(text, span) if is_code else split_sentences(text, span):
        price = _price(unit.of(text))
        if price <= _PAGE_UNITS - _HEADING_UNITS:
            yield unit, price
            continue
        for start in range(unit.start, unit.end, _CUT_LENGTH):
            part = Span(start, min(start + _CUT_LENGTH, unit.end))
            yield part, _price(part.of(text))


def _lines(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for found in LINE_BREAK.finditer(text, span.start, span.end):
        yield Span(start, found.end())
        start = found.end()
    if start < span.end:
        yield Span(start, span.end)


def _price(text: str) -> int:
    """Return at least the units that `text` takes on a page."""
    lines = len((text + ".").splitlines())  # which ends lines where LINE_BREAK does, in a fraction of the time
    return escaped_units(text) + _NUMBER_UNITS * lines + 1
