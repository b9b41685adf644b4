"""The text of an HTML block within Markdown, as leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.corpus.parsing.markdown.leaves import BADGE, Leaf
from index.text.markup.html_tags import BLOCKS, TOKEN, InvisibleElements, attribute
from index.types import BlockKind, Span

_WORD = re.compile(r"\S+(?:\s+\S+)*")
_KINDS = {
    "tr": BlockKind.TABLE_ROW,
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "pre": BlockKind.CODE,
    **{f"h{level}": BlockKind.HEADING for level in range(1, 7)},
}
_IN_DEFINITIONS = {("dt", True), ("dd", False)}  # tags between a term and its definition, which stay together


@dataclass(slots=True)
class HtmlReader:
    """Collects the leaves of HTML. unseen: its tags, and images that show no text. images: how many of those."""

    elements: InvisibleElements
    leaves: list[Leaf] = field(default_factory=list)
    unseen: list[Span] = field(default_factory=list)
    images: int = 0
    _leaf: Leaf | None = None
    _kind: BlockKind = BlockKind.PARAGRAPH
    _level: int = 0
    _anchor: list[str] | None = None
    _address: str = ""
    _header: Leaf | None = None
    _is_header: bool = False

    def read(self, source: str, offset: int) -> None:
        """Read a block of HTML, which stands at `offset`."""
        position = 0
        for token in TOKEN.finditer(source):
            self._text(source, position, token.start(), offset)
            position = token.end()
            self.unseen.append(Span(offset + token.start(), offset + token.end()))
            if token["name"]:
                was_open = self.elements.is_open
                self.elements.feed(token, offset)
                if not was_open:
                    self._tag(token, token["name"].lower(), offset)
        self._text(source, position, len(source), offset)
        self.elements.close_paragraph(offset + len(source))
        self._flush()

    def _text(self, source: str, start: int, end: int, offset: int) -> None:
        words = _WORD.search(source, start, end)
        if words is None or self.elements.is_open:
            return
        if self._anchor is not None:
            self._anchor.append(words[0])
        self._extend(offset + words.start(), offset + words.end())
        if self._leaf is not None:
            self._leaf.add_title(source[start:end])
            if self._anchor is None:
                self._leaf.add_text(words[0])

    def _extend(self, start: int, end: int) -> None:
        if self._leaf is None:
            self._leaf = Leaf(start, start, end, self._kind)
            self._leaf.level = self._level
        self._leaf.end = end

    def _flush(self) -> None:
        leaf, self._leaf = self._leaf, None
        if leaf is None:
            return
        leaf.is_left_out = leaf.is_pager
        leaf.has_prose = True
        if leaf.kind is BlockKind.TABLE_ROW:
            leaf.header = self._header
            if self._is_header and self._header is None:
                self._header = leaf
        self.leaves.append(leaf)

    def _tag(self, token: re.Match[str], name: str, offset: int) -> None:
        is_end = bool(token["slash"])
        if name == "img":
            self._image(token, offset)
        elif name == "a":
            if is_end and self._anchor is not None and self._leaf is not None:
                self._leaf.add_link(" ".join(self._anchor), self._address)
            self._anchor, self._address = (None, "") if is_end else ([], attribute(token, "href"))
        elif name == "th":
            self._is_header = True
        elif name in BLOCKS and (name, is_end) not in _IN_DEFINITIONS:
            self._flush()
            if name == "table":
                self._header = None
            if name == "tr":
                self._is_header = False
            if name in _KINDS or name == "table":
                self._kind = BlockKind.PARAGRAPH if is_end else _KINDS.get(name, BlockKind.PARAGRAPH)
                self._level = int(name[1]) if self._kind is BlockKind.HEADING else 0

    def _image(self, token: re.Match[str], offset: int) -> None:
        address = attribute(token, "src")
        if not attribute(token, "alt").strip() or address.startswith("data:") or BADGE.search(address):
            self.images += 1
            return
        self.unseen.pop()
        self._extend(offset + token.start(), offset + token.end())
