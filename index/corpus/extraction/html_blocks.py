"""The visible text of HTML as blocks, built while the parser reads (a target of lxml's parsers)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.html_elements import (
    BLOCK_ELEMENTS,
    HEADING_LEVELS,
    PERMALINKS,
    is_address,
    is_footnote,
    left_out,
    says_nothing,
    spanned_rows,
)
from index.corpus.extraction.html_lists import HtmlLists
from index.corpus.extraction.tables import TableRows
from index.corpus.parsing.blocks import BlockKind
from index.types import Reference

_IN_DEFINITIONS = frozenset({"dd", "p", "div"})  # what a term's block goes on over
_WITHOUT_TEXT = frozenset({"html", "head", "table", "tbody", "thead", "tfoot", "tr", "ul", "ol", "dl"})
_RUNS = re.compile(" {2,}")
_OUTSIDE = re.compile(r"(?:[A-Za-z][\w+.-]*:)?//|[A-Za-z][\w+.-]*:")  # how an address on another site begins
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BREAKS = re.compile(r" *\n[ \n]*")
# A line break of the source between Chinese characters is no space to a reader.
_EAST_ASIAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff"
_EAST_ASIAN_WRAP = re.compile(rf"(?<=[{_EAST_ASIAN}])[ \t]*\r?\n\s*(?=[{_EAST_ASIAN}])")


class HtmlBlocks:
    """Receives the parser's events and adds what a reader sees to `text`.

    title: of <title>. first_heading: the first <h1>. Both are complete after `close`. language: that <html> declares.
    """

    def __init__(self, text: ExtractedText) -> None:
        self.title = self.first_heading = self.language = ""
        self._text = text
        self._hidden = 0  # elements that are open, from the outermost hidden one
        self._open: list[str] = []
        self._pieces: list[str] = []  # of the open block
        self._references: list[Reference] = []
        self._heading = 0  # level of the open heading
        self._preformatted = 0  # elements that are open
        self._footnote = 0  # how many elements are open in the footnote and around it
        self.tables = TableRows(text)
        self.lists = HtmlLists()
        self._has_link = False
        self._has_prose = False  # the open block has more than links within the site
        self._is_term = False  # the open block is a term whose definition follows
        self._links: list[tuple[str, int]] = []  # address, and the first of the open link's pieces

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        kind = "" if self._hidden else left_out(name, attributes)
        if kind:
            self._text.left_out[kind] += 1
        if kind or self._hidden:
            self._hidden += 1
            return
        if name in BLOCK_ELEMENTS and not (self._is_term and name in _IN_DEFINITIONS):
            self._end_block()
        self._open.append(name)
        if not self._footnote and is_footnote(attributes):
            self._footnote = len(self._open)
        opener = self._OPENERS.get(name)
        if opener is not None:
            opener(self, name, attributes)

    def end(self, name: str) -> None:
        """Close an element."""
        if self._hidden:
            self._hidden -= 1
            return
        if name == "dt":
            self._is_term = True
        elif name in BLOCK_ELEMENTS:
            self._end_block()
        if len(self._open) == self._footnote:
            self._footnote = 0
        if self._open:
            self._open.pop()
        closer = self._CLOSERS.get(name)
        if closer is not None:
            closer(self)

    def data(self, data: str) -> None:
        """Add text to the open block."""
        if self._hidden:
            return
        self._has_prose |= not self._links and not data.isspace()
        parent = self._open[-1] if self._open else ""
        if parent == "title":
            self.title += data
        elif self._preformatted:
            self._pieces.append(data)
        elif parent not in _WITHOUT_TEXT:
            self._pieces.append(_SPACES.sub(" ", _EAST_ASIAN_WRAP.sub("", data)))

    def comment(self, _text: str) -> None:
        """Count a comment."""
        self._text.left_out["comments"] += 1

    def close(self) -> None:
        """End the last block."""
        self._end_block()

    def _read_language(self, _name: str, attributes: Mapping[str, str]) -> None:
        self.language = attributes.get("lang") or attributes.get("xml:lang") or ""

    def _open_link(self, _name: str, attributes: Mapping[str, str]) -> None:
        self._links.append((attributes.get("href") or "", len(self._pieces)))

    def _close_link(self) -> None:
        if not self._links:
            return
        address, first = self._links.pop()
        label = _lines("".join(self._pieces[first:]))
        if label in PERMALINKS:
            del self._pieces[first:]
        elif label:
            self._has_link = True
            self._has_prose |= _OUTSIDE.match(address) is not None
            if is_address(address):
                self._references.append(Reference(" ".join(label.split()), address))

    def _add_image(self, _name: str, attributes: Mapping[str, str]) -> None:
        words = " ".join((attributes.get("alt") or "").split())
        if says_nothing(words):
            self._text.left_out["images"] += 1
        else:
            self._pieces.append(f" {words} ")

    def _add_line_break(self, _name: str, _attributes: Mapping[str, str]) -> None:
        self._pieces.append("\n")

    def _open_preformatted(self, _name: str, _attributes: Mapping[str, str]) -> None:
        self._lay_out_cells()
        self._preformatted += 1

    def _close_preformatted(self) -> None:
        self._preformatted -= 1

    def _open_list(self, name: str, attributes: Mapping[str, str]) -> None:
        self.lists.open(name, attributes, len(self._text))

    def _close_list(self) -> None:
        if self.lists.close():
            self._text.withdraw(self.lists.first)
            self._text.left_out["navigation menus"] += 1

    def _open_item(self, _name: str, attributes: Mapping[str, str]) -> None:
        self.lists.open_item(attributes)

    def _close_item(self) -> None:
        self.lists.take_marker()

    def _open_definition(self, _name: str, _attributes: Mapping[str, str]) -> None:
        if self._is_term:
            self._pieces.append("\n")

    def _open_table(self, _name: str, _attributes: Mapping[str, str]) -> None:
        self._lay_out_cells()
        self.tables.open()

    def _open_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        self.tables.open_cell(is_header=name == "th", rows=spanned_rows(attributes))

    def _close_cell(self) -> None:
        if self.tables.gathers_cell:
            self.tables.close_cell(self._take())
        else:
            self._end_block()

    def _close_row(self) -> None:
        self.tables.close_row(self._take_references)

    def _lay_out_cells(self) -> None:
        """Make the cells of the open row blocks of their own, because one holds a table or a heading."""
        if self.tables.lay_out_row():
            self._end_block()

    def _open_heading(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._lay_out_cells()
        self._heading = HEADING_LEVELS[name]

    def _close_heading(self) -> None:
        self._heading = 0

    def _end_block(self) -> None:
        if not self._pieces:
            return
        if self.tables.gathers_cell:
            self._pieces.append(" ")
            return
        kind, level = self._kind()
        is_code = kind is BlockKind.CODE
        text = self._take() if not is_code else "".join(self._pieces).strip("\n")
        self._pieces.clear()
        self._is_term = False
        references = self._take_references()
        has_prose = self._has_prose or not self._has_link
        self._has_prose = self._has_link = False
        if not text.strip():
            return
        self.lists.add_block(has_prose=has_prose)
        marker = self.lists.take_marker() if not is_code else ""
        self._text.add(marker + text, kind, level=level, references=references)
        if level == 1 and not self.first_heading:
            self.first_heading = " ".join(text.split())

    def _kind(self) -> tuple[BlockKind, int]:
        if self._heading:
            return BlockKind.HEADING, self._heading
        if self._preformatted:
            return BlockKind.CODE, 0
        if self._footnote:
            return BlockKind.FOOTNOTE, 0
        return BlockKind.LIST_ITEM if self.lists.marker or self._is_term else BlockKind.PARAGRAPH, 0

    def _take(self) -> str:
        text = _lines("".join(self._pieces))
        self._pieces.clear()
        self._links.clear()
        return text

    def _take_references(self) -> tuple[Reference, ...]:
        references = tuple(self._references)
        self._references.clear()
        return references

    _OPENERS: ClassVar[Mapping[str, Callable[[HtmlBlocks, str, Mapping[str, str]], None]]] = {
        **dict.fromkeys(HEADING_LEVELS, _open_heading),
        "a": _open_link,
        "br": _add_line_break,
        "html": _read_language,
        "dd": _open_definition,
        "img": _add_image,
        "li": _open_item,
        "menu": _open_list,
        "ol": _open_list,
        "pre": _open_preformatted,
        "table": _open_table,
        "td": _open_cell,
        "th": _open_cell,
        "thead": lambda blocks, _name, _attributes: blocks.tables.open_head(),
        "tr": lambda blocks, _name, _attributes: blocks.tables.open_row(),
        "ul": _open_list,
    }
    _CLOSERS: ClassVar[Mapping[str, Callable[[HtmlBlocks], None]]] = {
        **dict.fromkeys(HEADING_LEVELS, _close_heading),
        "a": _close_link,
        "li": _close_item,
        "menu": _close_list,
        "ol": _close_list,
        "pre": _close_preformatted,
        "table": lambda blocks: blocks.tables.close(),
        "td": _close_cell,
        "th": _close_cell,
        "thead": lambda blocks: blocks.tables.close_head(),
        "tr": _close_row,
        "ul": _close_list,
    }


def _lines(text: str) -> str:
    """Return `text` without spaces at the ends of its lines and without empty lines."""
    return _BREAKS.sub("\n", _RUNS.sub(" ", text).strip()) if "\n" in text else _RUNS.sub(" ", text).strip()
