"""A document as pages that fit into a message, and the passages around a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.block_quote import cost, head, sentences
from bot.rendering.markdown import escape_inside, inline, units
from index import Block, Document, Span

# About a screen of text; a message would hold 4000.
_PAGE_UNITS = 1600
_HEADING_UNITS = 160
NUMBER_UNITS = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a run of whole sentences of a long one."""

    span: Span
    section: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows of a document."""

    pieces: tuple[Piece, ...]

    @property
    def span(self) -> Span:
        """Give the range from the first piece to the last."""
        return Span(self.pieces[0].span.start, self.pieces[-1].span.end)


def paginate(document: Document) -> tuple[Page, ...]:
    """Divide `document` into pages of whole paragraphs; none for a document without text."""
    result: list[Page] = []
    current: list[Piece] = []
    spent = 0
    for piece in _pieces(document):
        price = _price(document, piece, under=current[-1].section if current else None)
        if current and spent + price > _PAGE_UNITS:
            result.append(Page(tuple(current)))
            current, spent = [], 0
            price = _price(document, piece, under=None)
        current.append(piece)
        spent += price
    return (*result, Page(tuple(current))) if current else ()


def page_of(pages: Sequence[Page], position: int) -> int:
    """Give the number of the page, from 0, that shows `position`, or the nearest before it."""
    return max(0, sum(page.span.start <= position for page in pages) - 1)


def sections(pages: Sequence[Page]) -> dict[str, int]:
    """Give each section's name with the number of the page it starts on, in order."""
    found: dict[str, int] = {}
    for number, page in enumerate(pages):
        for piece in page.pieces:
            if piece.section is not None:
                found.setdefault(piece.section, number)
    return found


def show(document: Document, pieces: Sequence[Piece]) -> str:
    """Show `pieces` with a heading where the section changes and the number of every line."""
    blocks: list[str] = []
    section: str | None = None
    for piece in pieces:
        if piece.section is not None and piece.section != section:
            section = piece.section
            blocks.append(f"**{inline(section, limit=_HEADING_UNITS)}**")
        blocks.append(numbered(document, piece.span))
    return "\n".join(blocks)


def numbered(document: Document, span: Span) -> str:
    """Show the lines of `span`, each after its number; empty lines are left out."""
    first, _ = document.lines(span)
    lines = document.slice(span).split("\n")
    return "\n".join(
        f"`{first + number}` {escape_inside(line)}" for number, line in enumerate(lines) if line.strip()
    )


def _pieces(document: Document) -> list[Piece]:
    paragraphs = document.blocks or _lines(document)
    return [piece for paragraph in paragraphs for piece in _parts(document, paragraph)]


def _lines(document: Document) -> tuple[Block, ...]:
    """Take each line for a paragraph, in a document that has none."""
    result: list[Block] = []
    start = 0
    for line in document.text.split("\n"):
        if line.strip():
            result.append(Block(Span(start, start + len(line)), headings=()))
        start += len(line) + 1
    return tuple(result)


def _parts(document: Document, paragraph: Block) -> list[Piece]:
    """Divide a paragraph that is longer than a page at its sentences, a longer sentence anywhere."""
    section = paragraph.headings[-1] if paragraph.headings else None
    whole = Piece(paragraph.span, section)
    if _price(document, whole, under=None) <= _PAGE_UNITS:
        return [whole]
    text = document.slice(paragraph.span)
    result: list[Piece] = []
    start = 0
    while start < len(text):
        end = _page_end(text, start)
        span = Span(start, end).shift(paragraph.span.start)
        result.append(Piece(span, section))
        start = end
    return result


def _page_end(text: str, start: int) -> int:
    room = _PAGE_UNITS - _HEADING_UNITS - NUMBER_UNITS
    end = start
    spent = 0
    for part in sentences(text[start:]):
        spent += cost(part.shift(start).of(text)) + NUMBER_UNITS
        if spent > room:
            break
        end = start + part.end
    return end if end > start else start + head(text[start:], limit=room // 2).end


def _price(document: Document, piece: Piece, *, under: str | None) -> int:
    heading = 0 if piece.section in (None, under) else _HEADING_UNITS
    return units(numbered(document, piece.span)) + heading + 1
