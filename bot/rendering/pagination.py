"""A document as pages that fit into a message, and the passages around a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.block_quote import CUT, cost, head, sentences, window
from bot.rendering.markdown import escape_inside, inline, units
from index import Block, Document, Span

# About a screen of text; a message would hold 4000.
_PAGE_UNITS = 1600
_HEADING_UNITS = 160
_NUMBER_UNITS = 14
_NEIGHBOUR_UNITS = 600


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


def around(document: Document, span: Span) -> tuple[str, str]:
    """Show what stands before `span` and after it: the rest of its paragraph, and the next paragraph."""
    own = [part for part in document.blocks if part.span.overlaps(span)]
    before = [part for part in document.blocks if part.span.end <= span.start][-1:]
    after = [part for part in document.blocks if part.span.start >= span.end][:1]
    head = [Span(own[0].span.start, span.start)] if own and own[0].span.start < span.start else []
    tail = [Span(span.end, own[-1].span.end)] if own and own[-1].span.end > span.end else []
    return (
        "\n".join(_shortened(document, part, keep_end=True) for part in [*_spans(before), *head]),
        "\n".join(_shortened(document, part, keep_end=False) for part in [*tail, *_spans(after)]),
    )


def passage(document: Document, span: Span, *, limit: int) -> str:
    """Show a passage as a block quote with the number of every line, within `limit` units."""
    text = document.slice(span)
    shown = _quoted(document, span)
    if units(shown) <= limit:
        return shown
    kept = window(text, [], limit=limit - _NUMBER_UNITS * (text.count("\n") + 1) - len(CUT) - 3)
    return f"{_quoted(document, Span(span.start, span.start + kept.end))}\n> {CUT}"


def _quoted(document: Document, span: Span) -> str:
    return "\n".join(f"> {line}" for line in numbered(document, span).split("\n"))


def _spans(paragraphs: Sequence[Block]) -> list[Span]:
    return [paragraph.span for paragraph in paragraphs]


def _shortened(document: Document, span: Span, *, keep_end: bool) -> str:
    """Show a neighbour whole, or its sentences nearest to the passage with a mark for the others."""
    text = document.slice(span)
    kept: list[Span] = []
    spent = 0
    for part in reversed(sentences(text)) if keep_end else sentences(text):
        spent += cost(part.of(text)) + _NUMBER_UNITS
        if spent > _NEIGHBOUR_UNITS:
            break
        kept.append(part)
    if not kept:
        return CUT
    start, end = min(part.start for part in kept), max(part.end for part in kept)
    shown = numbered(document, Span(start, end).shift(span.start))
    before = f"{CUT}\n" if start > 0 else ""
    after = f"\n{CUT}" if end < len(text) else ""
    return before + shown + after


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
    room = _PAGE_UNITS - _HEADING_UNITS - _NUMBER_UNITS
    end = start
    spent = 0
    for part in sentences(text[start:]):
        spent += cost(part.shift(start).of(text)) + _NUMBER_UNITS
        if spent > room:
            break
        end = start + part.end
    return end if end > start else start + head(text[start:], limit=room // 2).end


def _price(document: Document, piece: Piece, *, under: str | None) -> int:
    heading = 0 if piece.section in (None, under) else _HEADING_UNITS
    return units(numbered(document, piece.span)) + heading + 1
