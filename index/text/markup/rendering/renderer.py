"""What each event of the parser shows."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from itertools import pairwise

from index.text.markup.events import Event
from index.text.markup.html_tags import BLOCKS, TOKEN, InvisibleElements, attribute, is_invisible
from index.text.markup.mdx import MASK
from index.text.markup.rendering.runs import Run, RunKind
from index.types import Span

_BULLET = "\u2022"
MARKER = frozenset({_BULLET, "\u2610", "\u2611", f"{_BULLET} \u2610", f"{_BULLET} \u2611"})
_LANGUAGE = re.compile(r"[{.\s]*([\w+#-]*)")
_HTML_TEXT = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});|\s+|[^&\s]+|&")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_UNMASKED = re.compile(f"[^{MASK}]+")
_NEXT, _LINE, _PARAGRAPH = " ", "\n", "\n\n"
_RANK = {"": 0, _NEXT: 1, _LINE: 2, _PARAGRAPH: 3}
_SEPARATED = {
    "Paragraph": _PARAGRAPH,
    "Heading": _PARAGRAPH,
    "BlockQuote": _PARAGRAPH,
    "CodeBlock": _PARAGRAPH,
    "HtmlBlock": _PARAGRAPH,
    "Table": _PARAGRAPH,
    "FootnoteDefinition": _PARAGRAPH,
    "DefinitionListTitle": _PARAGRAPH,
    "DefinitionListDefinition": _LINE,
    "TableHead": _LINE,
    "TableRow": _LINE,
    "Item": _LINE,
}


@dataclass(slots=True)
class Renderer:
    """Collects the runs of a text; a separator is written when something follows it.

    code: the code of the text so far. elements: the HTML elements so far that are not shown.
    """

    text: str
    runs: list[Run] = field(default_factory=list)
    code: list[Span] = field(default_factory=list)
    elements: InvisibleElements = field(default_factory=InvisibleElements)
    _end: int = 0
    _separator: str = ""
    _markers: list[tuple[int, str]] = field(default_factory=list)
    _numbers: list[int | None] = field(default_factory=list)
    _images: list[list[str]] = field(default_factory=list)
    _code: str | None = None
    _html: list[tuple[int, str]] = field(default_factory=list)
    _is_first_cell: bool = True

    def take(self, event: Event) -> None:
        """Add what `event` shows."""
        match event.kind:
            case "Text":
                self._text(event)
            case "Start":
                self._open(event)
            case "End":
                self._close(event)
            case "Code":
                self.code.append(Span(event.start, event.end))
                self._code_span(event)
            case "SoftBreak":
                self._separate(_NEXT)
            case "HardBreak" | "Rule":
                self._separate(_LINE if event.kind == "HardBreak" else _PARAGRAPH)
            case "Html":
                self._html.append((event.start, self.text[event.start : event.end]))
            case "InlineHtml":
                self._markup(event.start, self.text[event.start : event.end])
            case "TaskListMarker":
                self._markers.append((event.start, "\u2611 " if event.value == "True" else "\u2610 "))

    def _separate(self, separator: str) -> None:
        if _RANK.get(self._separator, 1) < _RANK[separator]:
            self._separator = separator

    def _show(self, start: int, end: int, text: str, kind: RunKind = RunKind.TEXT) -> None:
        if self.elements.is_open or not text or start < self._end:
            return
        if self._images:
            self._images[-1].append(self._joint(text) + text)
            return
        waiting = [(self._end, self._joint(text)), *self._markers, (start, "")]
        for (at, separator), (following, _) in pairwise(waiting):
            shown = separator if self.runs else separator.lstrip("\n ")
            if shown:
                self.runs.append(Run(Span(max(at, self._end), max(following, self._end)), shown))
        self._separator, self._markers, self._end = "", [], end
        self.runs.append(Run(Span(start, end), text, kind, self._code or ""))

    def _joint(self, text: str) -> str:
        """Return the separator; Chinese and Japanese are joined without a space."""
        before = self.runs[-1].text[-1:] if self.runs else ""
        is_joined = self._separator == _NEXT and _WIDE.match(before) and _WIDE.match(text)
        return "" if is_joined else self._separator

    def _text(self, event: Event) -> None:
        original = self.text[event.start : event.end]
        kind = RunKind.TEXT if self._code is None else RunKind.CODE_BLOCK
        if len(original) != len(event.value):
            self._show(event.start, event.end, event.value, kind)
            return
        # What was masked for the parser is not shown; all else is as it was.
        for part in _UNMASKED.finditer(event.value):
            start, end = event.start + part.start(), event.start + part.end()
            self._show(start, end, self.text[start:end], kind)

    def _code_span(self, event: Event) -> None:
        at = self.text.find(event.value, event.start, event.end)
        start, end = (at, at + len(event.value)) if at >= 0 else (event.start, event.end)
        self._show(start, end, event.value, RunKind.CODE)

    def _open(self, event: Event) -> None:
        if event.value == "Image":
            self._images.append([])
        elif event.value == "List":
            self._numbers.append(int(event.detail) if event.detail else None)
        elif event.value == "TableCell":
            self._separator += "" if self._is_first_cell else " | "
            self._is_first_cell = False
        elif event.value in _SEPARATED:
            is_first_in_item = bool(self._markers) and event.value != "Item"
            self._separate(_LINE if is_first_in_item else _SEPARATED[event.value])
            self._is_first_cell = True
        if event.value == "Item":
            self._item(event)
        elif event.value == "CodeBlock":
            language = _LANGUAGE.match(event.detail)
            self._code = language[1] if language else ""
            self.code.append(Span(event.start, event.end))

    def _item(self, event: Event) -> None:
        number = self._numbers[-1] if self._numbers else None
        if self._numbers and number is not None:
            self._numbers[-1] = number + 1
        # The item that stands for an indented container has no mark in the text.
        if not self.text.startswith(("!!!", "???", "==="), event.start):
            indent = "  " * (len(self._numbers) - 1)
            self._markers.append((event.start, indent + (f"{number}. " if number is not None else f"{_BULLET} ")))

    def _close(self, event: Event) -> None:
        match event.value:
            case "Image":
                self._show_image(event.start, event.end, "".join(self._images.pop()))
            case "List":
                self._numbers.pop()
                self._separate(_LINE if self._numbers else _PARAGRAPH)
            case "Item":
                self._markers = [marker for marker in self._markers if marker[0] < event.start]
            case "CodeBlock":
                self._code = None
                self._trim_code()
            case "HtmlBlock":
                self._html_block()
            case tag if tag in _SEPARATED:
                is_close = bool(self._numbers) or tag == "DefinitionListTitle"
                self._separate(_LINE if is_close else _SEPARATED[tag])

    def _show_image(self, start: int, end: int, alternative: str) -> None:
        address = self.text.find("](data:", start, end)
        if alternative.strip() and address < 0:
            self._show(start, end, alternative.strip(), RunKind.IMAGE)

    def _trim_code(self) -> None:
        if self.runs and self.runs[-1].kind is RunKind.CODE_BLOCK and self.runs[-1].text.endswith(("\n", "\r")):
            last = self.runs.pop()
            end = last.source.end - (len(last.source) == len(last.text))  # a verbatim run stays one
            if len(last.text) > 1:
                source = Span(last.source.start, end)
                self.runs.append(Run(source, last.text[:-1], last.kind, last.language))

    def _html_block(self) -> None:
        if not self._html:
            return
        # Marks of the containers between the lines are no part of the HTML.
        start = self._html[0][0]
        lines = [line.ljust(following - at) for (at, line), (following, _) in pairwise(self._html)]
        block = "".join((*lines, self._html[-1][1]))
        self._html = []
        self._markup(start, block)
        self.elements.close_paragraph(start + len(block))

    def _markup(self, offset: int, source: str) -> None:
        position = 0
        for token in TOKEN.finditer(source):
            self._html_text(offset + position, source[position : token.start()])
            position = token.end()
            was_open = self.elements.is_open
            self.elements.feed(token, offset)
            name = (token["name"] or "").lower()
            if name and not was_open and not (not token["slash"] and is_invisible(token)):
                self._tag(token, name, offset)
        self._html_text(offset + position, source[position:])

    def _html_text(self, offset: int, text: str) -> None:
        for part in _HTML_TEXT.finditer(text):
            start, end = offset + part.start(), offset + part.end()
            if part[0].isspace():
                self._separate(_NEXT)
            else:
                self._show(start, end, html.unescape(part[0]) if part[0][0] == "&" else part[0])

    def _tag(self, token: re.Match[str], name: str, offset: int) -> None:
        if name == "img":
            alternative = attribute(token, "alt").strip()
            if not attribute(token, "src").startswith("data:"):
                self._show(offset + token.start(), offset + token.end(), alternative, RunKind.IMAGE)
        elif name in {"br", "tr", "li"}:
            self._separate(_LINE)
            self._is_first_cell = True
            if name == "li" and not token["slash"]:
                self._markers.append((offset + token.start(), f"{_BULLET} "))
        elif name in {"td", "th"} and not token["slash"]:
            is_in_row = not self._is_first_cell or (bool(self.runs) and "\n" not in self._separator)
            if is_in_row:
                self._separator = self._separator.strip() + " | "
            self._is_first_cell = False
        elif name in BLOCKS:
            self._separate(_PARAGRAPH)
