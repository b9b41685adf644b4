"""Printed lines with their places on a page → the tables among them, by how their cells are aligned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_ALIGNED = 0.6  # times the size of characters, that cells of one column may begin or end apart
_SAME_ROW = 0.3  # times their size, that lines of one row may be apart
_NARROW = 0.35  # of the page's text: what is wider is no cell but a line of a column of prose
_MOST = 0.8  # of the cells, that are wide in columns of prose
_FEWEST = 2  # rows that make a table, and lines that make columns one
_MARKER = re.compile(r"[•·‣▪●○◦➢✓\uf0b7\uf0a7*–-]|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)）、]")
_NUMBER = re.compile(r"[-+$€£¥]?\d[\d.,:/%\s-]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """Words with no wide gap between them, and where they begin and end, in points from the left."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """A line of a page, where it stands in points from the lower left corner, and the size of its characters.

    cells: its words, apart where the gap between them is wide.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """The rows of a table, each with a text for every column; has_header: whether the first names the columns."""

    rows: tuple[tuple[str, ...], ...]
    has_header: bool


def split_tables(lines: Sequence[PrintedLine]) -> Iterator[Sequence[PrintedLine] | PrintedTable]:
    """Yield the tables of a page and the lines between them, in order."""
    width = max((line.right for line in lines), default=0) - min((line.left for line in lines), default=0)
    lines = _with_columns_joined(lines, _NARROW * width)
    between: list[PrintedLine] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at and _is_prose(lines[at:end], _NARROW * width):
            between += _columns(lines[at:end])
            at = end
        elif end > at:
            if between:
                yield between
            yield _table(lines[at:end])
            between, at = [], end
        else:
            between.append(lines[at])
            at += 1
    if between:
        yield between


def _is_prose(lines: Sequence[PrintedLine], widest: float) -> bool:
    """Return whether the cells of `lines` are lines of columns of prose: most of them are wide."""
    cells = [cell for line in lines for cell in line.cells]
    wide = sum(cell.right - cell.left > widest for cell in cells)
    return len(lines) > _FEWEST and wide >= _MOST * len(cells)


def _columns(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine]:
    """Yield the lines of columns of prose, column by column."""
    for column in range(max(len(line.cells) for line in lines)):
        for line in lines:
            for cell in line.cells[column : column + 1]:
                yield replace(line, text=cell.text, left=cell.left, right=cell.right, cells=())


def _with_columns_joined(lines: Sequence[PrintedLine], widest: float) -> list[PrintedLine]:
    """Return the lines with those of a table that is printed column by column joined into its rows."""
    joined: list[PrintedLine] = []
    first = at = 0  # where the column to the left begins
    while at < len(lines):
        length = 0
        if joined and lines[at].top > joined[-1].top + lines[at].size:
            length = _join_column(joined, first, lines[at:], widest)
            if not length:
                first = len(joined)
        if not length:
            joined.append(lines[at])
        at += length or 1
    return joined


def _join_column(joined: list[PrintedLine], first: int, column: Sequence[PrintedLine], widest: float) -> int:
    """Add as many lines of `column` to the rows of `joined` as belong there; return their number, 0 for none."""
    rows: list[int] = []
    number = first
    for line in column:
        while number < len(joined) and joined[number].top > line.top + _SAME_ROW * line.size:
            number += 1
        is_row = number < len(joined) and abs(joined[number].top - line.top) <= _SAME_ROW * line.size
        if not is_row or joined[number].right >= line.left or line.right - line.left > widest:
            break
        if _last_cell(joined[number]) > widest:
            break
        rows.append(number)
        number += 1
    if len(rows) <= _FEWEST:
        return 0
    for row, line in zip(rows, column, strict=False):
        left = joined[row]
        joined[row] = replace(
            left, text=f"{left.text} {line.text}", right=line.right, cells=(*_cells(left), *_cells(line))
        )
    return len(rows)


def _last_cell(line: PrintedLine) -> float:
    last = _cells(line)[-1]
    return last.right - last.left


def _cells(line: PrintedLine) -> tuple[Cell, ...]:
    return line.cells or (Cell(line.text, line.left, line.right),)


def _table_end(lines: Sequence[PrintedLine], start: int) -> int:
    """Return the number of the line after the table that begins at `start`; `start` without one."""
    rows, last, end = 1, lines[start], start + 1
    if not _is_row(last):
        return start
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if line.top > last.top:
            break
        if _is_row(line) and _aligned(line, last) >= _FEWEST:
            rows, last, end = rows + 1, line, at + 1
        elif at == end and _goes_on(line, last):
            end = at + 1
        else:
            break
    return end if rows >= _FEWEST else start


def _is_row(line: PrintedLine) -> bool:
    return len(line.cells) > 1 and _MARKER.fullmatch(line.cells[0].text) is None


def _aligned(line: PrintedLine, other: PrintedLine) -> int:
    """Return how many cells of `line` begin or end where a cell of `other` does."""
    tolerance = _ALIGNED * line.size
    return sum(
        any(
            abs(cell.left - above.left) <= tolerance or abs(cell.right - above.right) <= tolerance
            for above in other.cells
        )
        for cell in line.cells
    )


def _goes_on(line: PrintedLine, row: PrintedLine) -> bool:
    """Return whether every cell of `line` goes on with a cell of `row` that is not its first."""
    cells = _cells(line)
    return line.left > row.left + line.size and _aligned(replace(line, cells=cells), row) == len(cells)


def _table(lines: Sequence[PrintedLine]) -> PrintedTable:
    widest = max(lines, key=lambda line: len(line.cells))
    columns = [(cell.left + cell.right) / 2 for cell in widest.cells]
    rows: list[list[str]] = []
    for line in lines:
        if not rows or line.left <= lines[0].left + line.size or len(line.cells) == len(columns):
            rows.append([""] * len(columns))
        for cell in _cells(line):
            column = _column(cell, widest, columns)
            rows[-1][column] = f"{rows[-1][column]} {cell.text}".strip()
    header = [cell for cell in rows[0] if cell]
    named = len(header) == len(columns) and not any(_NUMBER.fullmatch(cell) for cell in header)
    return PrintedTable(tuple(map(tuple, rows)), has_header=named)


def _column(cell: Cell, widest: PrintedLine, columns: Sequence[float]) -> int:
    """Return the number of the column that `cell` stands in: where it is aligned, else the nearest."""
    distances = [
        min(abs(cell.left - other.left), abs(cell.right - other.right), abs((cell.left + cell.right) / 2 - middle))
        for other, middle in zip(widest.cells, columns, strict=True)
    ]
    return distances.index(min(distances))
