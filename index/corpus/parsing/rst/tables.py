"""The tables of reStructuredText as rows: drawn as a grid or between lines of equal signs, as lists, or as CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.corpus.parsing.blocks import BlockKind, ParsedBlock
from index.corpus.parsing.wrapping import Line
from index.types import Span

_LIST_ROW = re.compile(r"\*\s+-(?:\s|$)")


def table_rows(lines: Sequence[Line], start: int) -> tuple[list[ParsedBlock], int]:
    """Return the rows of the table whose first border is `lines[start]`, and over how many lines it goes."""
    is_grid = lines[start].text.startswith("+")
    return _grid(lines, start) if is_grid else _simple(lines, start)


def list_rows(lines: Sequence[Line], *, headers: int) -> list[ParsedBlock]:
    """Return the rows of a table that is written as a list of lists, the first `headers` of them being its header."""
    starts = [number for number, line in enumerate(lines) if _LIST_ROW.match(line.text)]
    ends = [*starts[1:], len(lines)]
    spans = [Span(lines[start].start, lines[end - 1].end) for start, end in zip(starts, ends, strict=True)]
    header = Span(spans[0].start, spans[min(headers, len(spans)) - 1].end) if headers and spans else None
    return [
        ParsedBlock(span, BlockKind.TABLE_ROW, header=None if number < headers else header)
        for number, span in enumerate(spans)
    ]


def csv_rows(lines: Sequence[Line], header: Span | None) -> list[ParsedBlock]:
    """Return the rows of a table that is written as comma-separated values, a line each."""
    return [ParsedBlock(Span(line.start, line.end), BlockKind.TABLE_ROW, header=header) for line in lines]


def _grid(lines: Sequence[Line], start: int) -> tuple[list[ParsedBlock], int]:
    rows: list[ParsedBlock] = []
    header: Span | None = None
    first: Line | None = None
    number = start
    while number < len(lines) and (number == start or lines[number].follows) and lines[number].text[0] in "+|":
        line = lines[number]
        if line.text[0] == "|":
            first = first or line
        elif first is not None:
            rows.append(_row(first, lines[number - 1], header))
            first = None
            if "=" in line.text:
                header, rows = rows[0].span, [_without_header(row) for row in rows]
        number += 1
    if first is not None:
        rows.append(_row(first, lines[number - 1], header))
    return rows, number - start


def _simple(lines: Sequence[Line], start: int) -> tuple[list[ParsedBlock], int]:
    """Return the rows between three borders, the header being above the second, or between two."""
    borders = [start]
    number = start + 1
    while number < len(lines) and len(borders) < 3:
        if _is_border(lines[number]):
            borders.append(number)
            if number + 1 == len(lines) or not lines[number + 1].follows:
                break
        elif not lines[number].follows and len(borders) > 1 and number == borders[-1] + 1:
            break
        number += 1
    last = borders[-1]
    if len(borders) < 2 or last == start + 1:
        return [], 1
    header = Span(lines[start + 1].start, lines[borders[1] - 1].end) if len(borders) == 3 else None
    heads = [_row(lines[start + 1], lines[borders[1] - 1], None)] if header else []
    body = range(borders[1] + 1 if header else start + 1, last)
    return heads + _simple_rows(lines, body, header), last - start + 1


def _simple_rows(lines: Sequence[Line], body: range, header: Span | None) -> list[ParsedBlock]:
    """Return a row a line; a line that begins later than the first column goes on with the row above."""
    rows: list[ParsedBlock] = []
    first: Line | None = None
    for number in body:
        line = lines[number]
        if set(line.text) <= set("- "):
            continue
        if first is not None and line.indent > lines[body.start].indent:
            rows[-1] = _row(first, line, header)
        else:
            first = line
            rows.append(_row(line, line, header))
    return rows


def _is_border(line: Line) -> bool:
    return set(line.text) <= {"=", " "}


def _row(first: Line, last: Line, header: Span | None) -> ParsedBlock:
    return ParsedBlock(Span(first.start, last.end), BlockKind.TABLE_ROW, header=header)


def _without_header(row: ParsedBlock) -> ParsedBlock:
    return ParsedBlock(row.span, row.kind)
