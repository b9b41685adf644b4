"""The visible text of a Word document's XML as blocks, built while the parser reads (a target of lxml's parser)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from index.corpus.extraction.docx_parts import Parts, Style, heading_level
from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.tables import TableRows
from index.types import BlockKind, Reference

# Elements whose content nobody reads; those without a name only describe the page or what it was before.
_LEFT_OUT: Mapping[str, str] = {
    "del": "deleted passages",
    "moveFrom": "deleted passages",
    "Fallback": "",
    "pPrChange": "",
    "rPrChange": "",
    "rt": "readings over characters",
}
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    style: str = ""
    numbering: str | None = None
    depth: str = "0"
    level: int = 0
    link: tuple[str, int] = ("", 0)


class DocxBlocks:
    """Receives the parser's events and adds what a reader sees to `text`.

    title: the first paragraph in the style of titles. notes: the mark of each footnote by its element and id.
    """

    def __init__(
        self, text: ExtractedText, parts: Parts, notes: Mapping[tuple[str, str], str] | None = None
    ) -> None:
        self.title = ""
        self.notes: dict[tuple[str, str], str] = dict(notes or {})
        self.tables = TableRows(text)
        self._text = text
        self._parts = parts
        self._hidden = 0  # elements that are open, from the outermost hidden one
        self._paragraphs: list[_Paragraph] = []  # a text box holds paragraphs within a paragraph
        self._cell: list[str] = []
        self._in_run = False
        self._in_text = False
        self._is_run_hidden = False
        self._is_header_row = False
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._note = ""  # the mark of the open footnote

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        name = tag.rpartition("}")[2]
        if self._hidden or name in _LEFT_OUT:
            if not self._hidden and _LEFT_OUT[name]:
                self._text.left_out[_LEFT_OUT[name]] += 1
            self._hidden += 1
            return
        opener = self._OPENERS.get(name)
        if opener is not None:
            opener(self, {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._hidden:
            self._hidden -= 1
            return
        closer = self._CLOSERS.get(tag.rpartition("}")[2])
        if closer is not None:
            closer(self)

    def data(self, data: str) -> None:
        """Add text to the open paragraph."""
        if self._in_text and not self._hidden and not self._is_run_hidden:
            self._add(data)

    def close(self) -> None:
        """Return: every paragraph has ended."""

    def _add(self, words: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].pieces.append(words)

    def _add_space(self, _attributes: Mapping[str, str]) -> None:
        if self._in_run:  # elsewhere it describes where tabulators stop
            self._add(" ")

    def _add_line_break(self, _attributes: Mapping[str, str]) -> None:
        self._add("\n")

    def _add_hyphen(self, _attributes: Mapping[str, str]) -> None:
        self._add("-")

    def _open_paragraph(self, _attributes: Mapping[str, str]) -> None:
        self._paragraphs.append(_Paragraph())

    def _close_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        text = "".join(paragraph.pieces)
        style = self._parts.styles.get(paragraph.style, Style(""))
        if style.name.startswith("toc "):
            self._text.left_out["tables of contents"] += 1
        elif self.tables.gathers_cell:
            self._cell.append(text)
        elif text.strip():
            self._add_block(paragraph, text, style)

    def _add_block(self, paragraph: _Paragraph, text: str, style: Style) -> None:
        references = tuple(paragraph.references)
        level = paragraph.level or style.level
        if style.name == "title":
            self.title = self.title or " ".join(text.split())
        if self._note:
            self._text.add(f"{self._note} {text.strip()}", BlockKind.FOOTNOTE, references=references)
        elif level:
            self._text.add(text, BlockKind.HEADING, level=level, references=references)
        else:
            marker = self._marker(paragraph, style)
            kind = BlockKind.LIST_ITEM if marker else BlockKind.PARAGRAPH
            self._text.add(marker + text.strip(), kind, references=references)

    def _marker(self, paragraph: _Paragraph, style: Style) -> str:
        numbering = style.numbering if paragraph.numbering is None else paragraph.numbering
        if numbering in ("", "0"):
            return ""
        key = (numbering, paragraph.depth)
        if not self._parts.numbered.get(key):
            return "- "
        self._numbers[key] += 1
        for deeper in [each for each in self._numbers if each[0] == numbering and each[1] > paragraph.depth]:
            del self._numbers[deeper]
        return f"{self._numbers[key]}. "

    def _open_run(self, _attributes: Mapping[str, str]) -> None:
        self._in_run = True
        self._is_run_hidden = False

    def _close_run(self) -> None:
        self._in_run = self._is_run_hidden = False

    def _hide_run(self, attributes: Mapping[str, str]) -> None:
        if self._in_run and attributes.get("val", "1") not in _OFF:
            self._is_run_hidden = True
            self._text.left_out["hidden passages"] += 1

    def _open_text(self, _attributes: Mapping[str, str]) -> None:
        self._in_text = True

    def _close_text(self) -> None:
        self._in_text = False

    def _set_style(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].style = attributes.get("val", "")

    def _set_numbering(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].numbering = attributes.get("val", "")

    def _set_depth(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].depth = attributes.get("val", "0")

    def _set_level(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].level = heading_level(attributes.get("val", ""))

    def _refer_to_note(self, attributes: Mapping[str, str], *, element: str) -> None:
        mark = self.notes.setdefault((element, attributes.get("id", "")), f"[{len(self.notes) + 1}]")
        self._add(mark)

    def _open_note(self, attributes: Mapping[str, str], *, element: str) -> None:
        """Begin a note; one that nothing refers to, such as the line above notes, is not shown."""
        self._note = self.notes.get((element, attributes.get("id", "")), "")
        self._hidden = int(not self._note)

    def _close_note(self) -> None:
        self._note = ""

    def _add_image(self, attributes: Mapping[str, str]) -> None:
        words = " ".join(attributes.get("descr", "").split())
        if words:
            self._add(f" {words} ")
        else:
            self._text.left_out["images"] += 1

    def _open_link(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            address = self._parts.links.get(attributes.get("id", ""), "")
            self._paragraphs[-1].link = (address, len(self._paragraphs[-1].pieces))

    def _close_link(self) -> None:
        if self._paragraphs:
            address, first = self._paragraphs[-1].link
            label = " ".join("".join(self._paragraphs[-1].pieces[first:]).split())
            if address and label:
                self._paragraphs[-1].references.append(Reference(label, address))

    def _open_table(self, _attributes: Mapping[str, str]) -> None:
        cells = "\n".join(self._cell)
        if self.tables.lay_out_row():
            self._text.add(cells)
        self._cell.clear()
        self.tables.open()

    def _mark_first_row(self, attributes: Mapping[str, str]) -> None:
        bits = attributes.get("val", "0")
        named = int(bits, 16) & 0x20 if len(bits) == 4 and set(bits.lower()) <= set("0123456789abcdef") else 0
        if attributes.get("firstRow", "1" if named else "0") not in _OFF:
            self._is_header_row = True

    def _mark_header_row(self, attributes: Mapping[str, str]) -> None:
        self._is_header_row = attributes.get("val", "1") not in _OFF

    def _open_cell(self, _attributes: Mapping[str, str]) -> None:
        self.tables.open_cell(is_header=self._is_header_row)

    def _close_cell(self) -> None:
        if self.tables.gathers_cell:
            self.tables.close_cell(" ".join(self._cell))
        self._cell.clear()

    def _close_row(self) -> None:
        self.tables.close_row(tuple)
        self._is_header_row = False

    _OPENERS: ClassVar[Mapping[str, Callable[[DocxBlocks, Mapping[str, str]], None]]] = {
        "p": _open_paragraph,
        "pStyle": _set_style,
        "numId": _set_numbering,
        "ilvl": _set_depth,
        "outlineLvl": _set_level,
        "r": _open_run,
        "vanish": _hide_run,
        "webHidden": _hide_run,
        "t": _open_text,
        "tab": _add_space,
        **dict.fromkeys(("br", "cr"), _add_line_break),
        "noBreakHyphen": _add_hyphen,
        "footnoteReference": partial(_refer_to_note, element="footnote"),
        "endnoteReference": partial(_refer_to_note, element="endnote"),
        "footnote": partial(_open_note, element="footnote"),
        "endnote": partial(_open_note, element="endnote"),
        "docPr": _add_image,
        "hyperlink": _open_link,
        "tbl": _open_table,
        "tblLook": _mark_first_row,
        "tblHeader": _mark_header_row,
        "tr": lambda blocks, _attributes: blocks.tables.open_row(),
        "tc": _open_cell,
        "vMerge": lambda blocks, values: blocks.tables.merge_cell(is_first=values.get("val") == "restart"),
    }
    _CLOSERS: ClassVar[Mapping[str, Callable[[DocxBlocks], None]]] = {
        "p": _close_paragraph,
        "r": _close_run,
        "t": _close_text,
        "hyperlink": _close_link,
        "tbl": lambda blocks: blocks.tables.close(),
        "tr": _close_row,
        "tc": _close_cell,
        "footnote": _close_note,
        "endnote": _close_note,
    }
