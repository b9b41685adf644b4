"""Tables as rows with their header, gathered cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.parsing.blocks import BlockKind
from index.types import Reference, Span

CELL_SEPARATOR = " | "
_LONGEST_SPAN = 1000  # rows that a cell says to reach over
_UNKNOWN = 10**9  # rows, of a cell that reaches down to where another begins


@dataclass(slots=True)
class _Table:
    """An open table. `cells` are of its current row, None outside of one and where cells hold blocks themselves.

    spanning: by the number of a cell in its row, the text that also stands in rows below, and in how many. rows: over
    how many the open cell reaches; is_continued: whether it is the rest of a cell above.
    """

    cells: list[str] | None = None
    rows: int = 1
    is_continued: bool = False
    spanning: dict[int, tuple[str, int]] = field(default_factory=dict)
    in_cell: bool = False
    in_head: bool = False
    only_headers: bool = True
    header: Span | None = None
    has_rows: bool = False


class TableRows:
    """The open tables, innermost last; each row is added to `text` when it is complete."""

    def __init__(self, text: ExtractedText) -> None:
        self._text = text
        self._open: list[_Table] = []

    @property
    def gathers_cell(self) -> bool:
        """Whether what is read now is one cell of a row."""
        return bool(self._open) and self._open[-1].in_cell and self._open[-1].cells is not None

    def open(self) -> None:
        """Begin a table."""
        self._text.end_group()
        self._open.append(_Table())

    def close(self) -> None:
        """End the innermost table."""
        if self._open:
            self._open.pop()

    def open_head(self) -> None:
        """Begin the rows that are headers."""
        if self._open:
            self._open[-1].in_head = True

    def close_head(self) -> None:
        """End the rows that are headers."""
        if self._open:
            self._open[-1].in_head = False

    def open_row(self) -> None:
        """Begin a row."""
        if self._open:
            self._open[-1].cells = []
            self._open[-1].only_headers = True

    def open_cell(self, *, is_header: bool, rows: int = 1) -> None:
        """Begin a cell of the row, which reaches over so many `rows`."""
        if self._open:
            self._open[-1].in_cell = True
            self._open[-1].rows = rows
            self._open[-1].only_headers &= is_header

    def merge_cell(self, *, is_first: bool) -> None:
        """Extend the open cell down to where another begins; it is the first of the merged cells, or a further one."""
        if self._open:
            self._open[-1].rows = _UNKNOWN
            self._open[-1].is_continued = not is_first

    def close_cell(self, text: str) -> None:
        """End the cell that was gathered."""
        table = self._open[-1]
        table.in_cell = False
        if table.cells is not None:
            cell = " ".join(text.split())
            at = len(table.cells)
            if table.is_continued:
                cell = table.spanning.get(at, (cell, 0))[0]
            elif table.spanning.get(at, ("", 0))[1] > _LONGEST_SPAN:
                del table.spanning[at]
            else:
                at = _add_spanning(table)
            if table.rows > 1:
                table.spanning[at] = (cell, table.rows)
            table.cells.append(cell)
            table.is_continued = False

    def close_row(self, take_references: Callable[[], tuple[Reference, ...]]) -> None:
        """Add the row: as a paragraph where it has one cell, as in tables that only arrange a page."""
        table = self._open[-1] if self._open else None
        if table is None or table.cells is None:
            return
        _add_spanning(table)
        table.spanning = {at: (cell, rows - 1) for at, (cell, rows) in table.spanning.items() if rows > 1}
        cells, table.cells = table.cells, None
        references = take_references()
        if sum(map(bool, cells)) < 2 and table.header is None:
            self._text.add("".join(cells), references=references)
            return
        is_header = (table.in_head or table.only_headers) and not table.has_rows
        header = None if is_header else table.header
        span = self._text.add(
            CELL_SEPARATOR.join(cells), BlockKind.TABLE_ROW, header=header, references=references
        )
        if is_header and span:
            table.header = span if table.header is None else Span(table.header.start, span.end)
        table.has_rows |= not is_header

    def lay_out_row(self) -> bool:
        """Add the row's cells so far as blocks of their own; return False where no cell is being gathered."""
        if not self.gathers_cell:
            return False
        cells, self._open[-1].cells = self._open[-1].cells or [], None
        for cell in cells:
            self._text.add(cell)
        return True


def _add_spanning(table: _Table) -> int:
    """Add to the row the cells of rows above that reach into it where they stand; return the next cell's number."""
    cells = table.cells
    if cells is None:
        return 0
    while table.spanning.get(len(cells), ("", _UNKNOWN))[1] <= _LONGEST_SPAN:
        cells.append(table.spanning[len(cells)][0])
    return len(cells)
