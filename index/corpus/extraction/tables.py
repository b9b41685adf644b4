"""Tables as rows with their header, gathered cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.parsing.blocks import BlockKind
from index.types import Reference, Span

CELL_SEPARATOR = " | "


@dataclass(slots=True)
class _Table:
    """An open table. `cells` are of its current row, None outside of one and where cells hold blocks themselves."""

    cells: list[str] | None = None
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

    def open_cell(self, *, is_header: bool) -> None:
        """Begin a cell of the row."""
        if self._open:
            self._open[-1].in_cell = True
            self._open[-1].only_headers &= is_header

    def close_cell(self, text: str) -> None:
        """End the cell that was gathered."""
        table = self._open[-1]
        table.in_cell = False
        if table.cells is not None:
            table.cells.append(" ".join(text.split()))

    def close_row(self, take_references: Callable[[], tuple[Reference, ...]]) -> None:
        """Add the row: as a paragraph where it has one cell, as in tables that only arrange a page."""
        table = self._open[-1] if self._open else None
        if table is None or table.cells is None:
            return
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
