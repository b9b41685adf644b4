"""Printed lines with their places on pages → headings, paragraphs, list items and table rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.printed_tables import PrintedLine, PrintedTable, split_tables
from index.corpus.extraction.tables import CELL_SEPARATOR
from index.types import BlockKind, Span

_HEADING = 1.15  # times the size of most characters
_LONGEST_HEADING = 120
_SAME_SIZE = 0.1  # of a size, that lines of one paragraph may differ by
_GAP = 1.3  # times the usual distance of lines, from which a paragraph is another
_INDENTED = 4  # times its size, that no line of a paragraph begins after the one above
_LOOSEST = 2.2  # times the size of characters, that lines of a paragraph are apart
_SHORT = 0.85  # of the width of the page's text: a line that ends before it may be a paragraph's last
_EDGE = 2  # lines at the top and bottom of a page that may be its header or footer
_REPEATED = 3  # pages on which a header or footer stands at least
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:\d{1,5}|[ivxlc]{1,7})(?:\s*/\s*\d{1,5})?[-–—\s]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?。！？…:：][\"'”’」』）)\]]*$")
_BULLET = re.compile(r"[•·‣▪●○◦➢✓\uf0b7\uf0a7]")
_ITEM = re.compile(_BULLET.pattern + r"|[-–*]\s+(?=\S)|[(（]?(?:\d{1,2}|[a-z])[.)）、]\s+")
_SOFT_HYPHENS = ("\ufffe", "\x02", "\xad")  # as PDFium writes the hyphen of a word that is divided
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff65]")


def add_pages(pages: Sequence[Sequence[PrintedLine]], text: ExtractedText) -> str:
    """Add the lines of `pages` to `text` as blocks; return the largest heading of the first page, or nothing.

    Lines that repeat at the edges of pages, and page numbers, are left out.
    """
    repeated = _repeated(pages)
    sizes: Counter[float] = Counter()
    for line in (line for page in pages for line in page):
        sizes[_size(line)] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    bodies = [_body(page, repeated, _HEADING * usual) for page in pages]
    text.left_out["page headers and footers"] += sum(map(len, pages)) - sum(map(len, bodies))
    levels = {size: min(level, 6) for level, size in enumerate(_heading_sizes(sizes, usual), 1)}
    title = ""
    for number, body in enumerate(bodies):
        text.start_page()
        for part in split_tables(body):
            if isinstance(part, PrintedTable):
                _add_table(part, text)
            else:
                heading = _add_paragraphs(part, text, levels)
                title = title or (heading if not number else "")
    return title


def _add_table(table: PrintedTable, text: ExtractedText) -> None:
    text.end_group()
    header: Span | None = None
    for number, row in enumerate(table.rows):
        span = text.add(CELL_SEPARATOR.join(row), BlockKind.TABLE_ROW, header=header)
        if table.has_header and not number:
            header = span


def _add_paragraphs(lines: Sequence[PrintedLine], text: ExtractedText, levels: Mapping[float, int]) -> str:
    """Add the paragraphs, items and headings of `lines`; return the first of the largest headings, or nothing."""
    first = ""
    for paragraph in _paragraphs(lines):
        level = levels.get(_size(paragraph[0]), 0)
        joined = _join([line.text for line in paragraph])
        if level and len(joined) <= _LONGEST_HEADING and not _BULLET.match(joined):
            text.add(joined, BlockKind.HEADING, level=level)
            first = first or (joined if level == 1 else "")
        else:
            text.add(joined, BlockKind.LIST_ITEM if _ITEM.match(joined) else BlockKind.PARAGRAPH)
    return first


def _size(line: PrintedLine) -> float:
    return round(line.size, 1)


def _heading_sizes(sizes: Counter[float], usual: float) -> list[float]:
    return sorted((size for size in sizes if size >= _HEADING * usual), reverse=True)


def _repeated(pages: Sequence[Sequence[PrintedLine]]) -> set[str]:
    """Return the lines, with # for numbers, that stand at the edges of at least half of the pages."""
    counts = Counter(
        words for page in pages for words in {_DIGITS.sub("#", line.text) for line in _edges(page, _EDGE)}
    )
    return {words for words, count in counts.items() if count >= max(_REPEATED, len(pages) / 2)}


def _edges(page: Sequence[PrintedLine], depth: int) -> list[PrintedLine]:
    """Return the `depth` highest and the `depth` lowest lines."""
    by_height = sorted(page, key=lambda line: line.top)
    return by_height[:depth] + by_height[depth:][-depth:]


def _body(page: Sequence[PrintedLine], repeated: set[str], heading: float) -> list[PrintedLine]:
    """Return a page without header, footer and page number, which are at its edges and smaller than headings."""
    furniture = {id(line) for line in _edges(page, 1) if _PAGE_NUMBER.fullmatch(line.text)}
    furniture |= {id(line) for line in _edges(page, _EDGE) if _DIGITS.sub("#", line.text) in repeated}
    return [line for line in page if id(line) not in furniture or line.size >= heading]


def _paragraphs(lines: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    distances = Counter(round(above.top - below.top) for above, below in pairwise(lines) if above.top > below.top)
    usual = min(distances, key=lambda distance: (-distances[distance], distance), default=0)
    right = max((line.right for line in lines), default=0.0)
    left = min((line.left for line in lines), default=0.0)
    paragraph: list[PrintedLine] = []
    for line in lines:
        if paragraph and not _continues(paragraph[-1], line, usual, full=left + _SHORT * (right - left)):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _continues(above: PrintedLine, below: PrintedLine, distance: int, *, full: float) -> bool:
    """Return whether two lines are of one paragraph.

    distance: that of most lines on the page. full: the right edge from which a line has no room left.
    """
    if _ITEM.match(below.text) or abs(above.size - below.size) > _SAME_SIZE * above.size:
        return False
    has_ended = _SENTENCE_END.search(above.text[-20:]) is not None
    if below.top > above.top:  # the next column
        return not has_ended
    if above.top - below.top > _GAP * max(min(distance, _LOOSEST * above.size), above.size):
        return False
    is_indented = below.left > above.left + above.size
    if below.left > above.left + _INDENTED * above.size:
        return False
    return not (has_ended and (above.right < full or is_indented))


def _join(lines: Sequence[str]) -> str:
    """Return the lines as one, with a space where a word ends."""
    joined = lines[0]
    for line in lines[1:]:
        if joined.endswith(_SOFT_HYPHENS):
            joined = joined[:-1]
        elif not (_EAST_ASIAN.match(joined[-1:]) and _EAST_ASIAN.match(line)):
            joined += " "
        joined += line
    return joined
