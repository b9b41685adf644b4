"""The events of the Markdown parser → blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from index.corpus.parsing.blocks import ParsedBlock
from index.corpus.parsing.markdown.leaf_list import LeafList
from index.corpus.parsing.markdown.leaves import UNSEEN_CHUNK, Leaf
from index.corpus.parsing.markdown.unseen_parts import UnseenParts
from index.corpus.parsing.markdown.visible_blocks import visible_blocks
from index.text.markup.events import is_plain, pass_over, raw_events
from index.types import BlockKind, Markup, Span

_PARAGRAPH, _FOOTNOTE = BlockKind.PARAGRAPH, BlockKind.FOOTNOTE  # such an attribute is looked up in Python
_ADMONITION = re.compile(r"[ \t]*(?:!!!|\?\?\?|===)")
_Bytes: TypeAlias = Mapping[str, int]  # the first and the last that an element spans


class BlockReader:
    """Collects the leaves of a document, and what a reader does not see in them.

    text: the document. source: the copy of it that is parsed. first: where its text starts.
    """

    def __init__(self, text: str, source: str, markup: Markup, first: int) -> None:
        self._text, self._source, self._markup = text, source, markup
        self._has_admonitions = source is not text  # which are rewritten as items
        self._leaves = LeafList(text, first)
        self._header: Leaf | None = None
        self._kinds = [_PARAGRAPH]  # of text in the document, and in each container
        self._definitions: list[int] = []  # how many of `_kinds` there are in each
        self._lists: list[int] = []
        self._links: list[tuple[str, list[str]]] = []
        self._images: list[list[str]] = []
        self._html: list[tuple[int, str]] = []
        self.unseen = UnseenParts(text)
        self._points: Sequence[int] = ()

    def read(self) -> None:
        """Read the events of the document, of which there are forty a kilobyte.

        Most stand within a leaf that their block has opened, and change nothing.
        """
        events, points = raw_events(self._source, merge_text=True)
        self._points = points
        leaves = self._leaves
        starts, extend, stops, ignore = self._STARTS, BlockReader._start_inline, self._STOPS, BlockReader._pass
        event: Any  # a union of thirty shapes
        for event, span in events:
            if event.__class__ is str:  # the break of a line, or a rule
                continue
            kind, value = event.popitem()  # one
            if kind == "Text":
                end = points[span["end"]]
                leaf = leaves.current
                if leaf is None or end > leaf.end:
                    leaf = leaves.extend(points[span["start"]], end, self._kinds[-1])
                if not leaf.has_prose or leaf.level or self._links or self._images:
                    self._add_text(value)
                continue
            data = None
            if value.__class__ is dict:
                value, data = value.popitem()
            if kind == "Start":
                start, end = points[span["start"]], points[span["end"]]
                if starts.get(value, extend)(self, data, start, end):
                    pass_over(events, {"End": value})
                    leaves.close()
            elif kind == "End":
                stops.get(value, ignore)(self, span)
            else:
                self._read_other(kind, value, points[span["start"]], points[span["end"]])

    def finish(self) -> list[ParsedBlock]:
        """Return the blocks."""
        unseen = self.unseen.finish(self._source, self._markup)
        return list(visible_blocks(self._leaves.leaves, self._text, self._markup, unseen))

    def _read_other(self, kind: str, value: str, start: int, end: int) -> None:
        if kind == "Html":
            self._html.append((start, self._text[start:end]))
        if kind in ("Html", "TaskListMarker"):
            return
        self._start_inline(None, start, end)
        if kind == "Code":
            self.unseen.code.append(Span(start, end))
            self._add_text(value)
        elif kind == "InlineHtml":
            shown = self.unseen.tag(start, end)
            if shown:
                self._add_text(shown)

    def _add_text(self, text: str) -> None:
        leaf = self._leaves.current
        if self._images:
            self._images[-1].append(text)
        elif self._links:
            self._links[-1][1].append(text)
        elif leaf is not None and not leaf.has_prose:
            leaf.add_text(text)
        if leaf is not None and leaf.level:
            leaf.add_title(text)

    def _open(self, start: int, end: int, kind: BlockKind) -> Leaf:
        self._leaves.close()
        return self._leaves.open(start, end, kind)

    def _start_paragraph(self, _: Any, start: int, end: int) -> bool:  # noqa: ANN401
        self._open(start, end, self._kinds[-1])
        return is_plain(self._source, start, end)

    def _start_heading(self, data: Any, start: int, end: int) -> None:  # noqa: ANN401
        leaf = self._open(start, end, self._kinds[-1])
        if self._text[start] != "#" and self._source[start] == "#":
            # The title of a container, which was rewritten as a heading: without the container's mark.
            shown = Span(start + 1, end).trim(self._source)
            leaf.start, leaf.content, leaf.end = shown.start, shown.start, shown.end
            self._leaves.name_container(leaf, len(self._kinds))
        elif len(self._kinds) == 1:
            leaf.kind, leaf.level = BlockKind.HEADING, int(data["level"][1])

    def _start_code(self, data: Any, start: int, end: int) -> bool:  # noqa: ANN401
        is_code = self._markup is not Markup.MDX or self._text[start] in "`~"
        leaf = self._open(start, end, BlockKind.CODE if is_code else self._kinds[-1])
        self.unseen.code.append(Span(start, end))
        is_chunk = data.__class__ is dict and data["Fenced"].startswith("{")
        if is_chunk and UNSEEN_CHUNK.match(self._text, start, end):
            leaf.is_left_out = True
        return True

    def _start_header(self, _: Any, start: int, end: int) -> bool:  # noqa: ANN401
        self._header = None
        is_plain = self._start_row(None, start, end)
        self._header = self._leaves.current
        return is_plain

    def _start_row(self, _: Any, start: int, end: int) -> bool:  # noqa: ANN401
        leaf = self._open(start, end, BlockKind.TABLE_ROW)
        leaf.has_prose, leaf.header = True, self._header
        return is_plain(self._source, start, end)

    def _start_inline(self, _: Any, start: int, end: int) -> None:  # noqa: ANN401
        leaf = self._leaves.current
        if leaf is None or end > leaf.end:
            self._leaves.extend(start, end, self._kinds[-1])

    def _start_link(self, data: Any, start: int, end: int) -> None:  # noqa: ANN401
        self._start_inline(None, start, end)
        self._links.append((data["dest_url"], []))

    def _start_image(self, _: Any, start: int, end: int) -> None:  # noqa: ANN401
        self._start_inline(None, start, end)
        self._images.append([])

    def _start_list(self, *_: object) -> None:
        self._leaves.close()
        self._lists.append(len(self._leaves.leaves))

    def _start_item(self, _: Any, start: int, _end: int) -> None:  # noqa: ANN401
        is_admonition = self._has_admonitions and _ADMONITION.match(self._text, start)
        self._enter(_PARAGRAPH if is_admonition else BlockKind.LIST_ITEM)
        if is_admonition:
            self._leaves.enter_container(len(self._kinds))

    def _start_definition(self, _: Any, start: int, _end: int) -> None:  # noqa: ANN401
        self._leaves.close()
        if self._definitions[-1:] != [len(self._kinds)]:
            self._leaves.continue_last(start)  # the term
        self._enter(BlockKind.LIST_ITEM)
        self._definitions.append(len(self._kinds))

    def _start_quote(self, *_: object) -> None:
        self._enter(_PARAGRAPH)

    def _start_footnote(self, *_: object) -> None:
        self._enter(_FOOTNOTE)

    def _start_term(self, *_: object) -> None:
        self._enter(BlockKind.LIST_ITEM)

    def _close(self, *_: object) -> None:
        self._leaves.close()

    def _enter(self, kind: BlockKind) -> None:
        self._leaves.close()
        self._kinds.append(_FOOTNOTE if self._kinds[-1] is _FOOTNOTE else kind)

    def _leave(self, _span: _Bytes) -> None:
        self._leaves.close()
        self._leaves.continue_none()
        self._leaves.leave_container(len(self._kinds))
        self._kinds.pop()

    def _stop_definition(self, span: _Bytes) -> None:
        self._leave(span)
        self._definitions.pop()

    def _pass(self, _span: _Bytes) -> None:
        """Read on: what ends stands within a leaf."""

    def _stop_paragraph(self, _span: _Bytes) -> None:
        leaf = self._leaves.current
        if leaf is not None and not leaf.has_prose and not self._lists and leaf.is_pager:
            self._leave_out([leaf])
        self._leaves.close()

    def _stop_list(self, _span: _Bytes) -> None:
        self._leaves.close()
        first, leaves = self._lists.pop(), self._leaves.leaves
        if not self._lists and len(leaves) - first > 1:
            items = leaves[first:]
            if all(item.is_navigation for item in items):
                self._leave_out(items)

    def _stop_link(self, span: _Bytes) -> None:
        start, end = self._points[span["start"]], self._points[span["end"]]
        address, parts = self._links.pop()
        label = "".join(parts).strip()
        leaf = self._leaves.current
        if leaf is not None:
            leaf.end = max(leaf.end, end)
            leaf.add_link(label, address)
        if not label:
            self.unseen.add(start, end)

    def _stop_image(self, span: _Bytes) -> None:
        start, end = self._points[span["start"]], self._points[span["end"]]
        leaf = self._leaves.current
        if leaf is not None:
            leaf.end = max(leaf.end, end)
        shown = self.unseen.image("".join(self._images.pop()), start, end)
        if shown:
            self._add_text(shown)

    def _stop_html(self, _span: _Bytes) -> None:
        lines, self._html = self._html, []
        if lines:
            self._leaves.leaves += self.unseen.html_block(lines)
            self._leaves.end = max(self._leaves.end, lines[-1][0] + len(lines[-1][1]))

    def _leave_out(self, leaves: Sequence[Leaf]) -> None:
        self.unseen.left_out["navigation"] += 1
        for leaf in leaves:
            leaf.is_left_out = True

    # By the parser's tags; others only extend a leaf. Each returns whether events up to its end may be passed over.
    _STARTS: ClassVar[Mapping[str, Callable[[BlockReader, Any, int, int], bool | None]]] = {
        "Paragraph": _start_paragraph,
        "Heading": _start_heading,
        "CodeBlock": _start_code,
        "TableHead": _start_header,
        "TableRow": _start_row,
        "Link": _start_link,
        "Image": _start_image,
        "List": _start_list,
        "Item": _start_item,
        "BlockQuote": _start_quote,
        "FootnoteDefinition": _start_footnote,
        "DefinitionListTitle": _start_term,
        "DefinitionListDefinition": _start_definition,
        **dict.fromkeys(("DefinitionList", "Table", "HtmlBlock"), _close),
    }
    _STOPS: ClassVar[Mapping[str, Callable[[BlockReader, _Bytes], None]]] = {
        **dict.fromkeys(("Heading", "CodeBlock", "TableHead", "TableRow"), _close),
        **dict.fromkeys(("Item", "BlockQuote", "FootnoteDefinition", "DefinitionListTitle"), _leave),
        "DefinitionListDefinition": _stop_definition,
        "Paragraph": _stop_paragraph,
        "List": _stop_list,
        "Link": _stop_link,
        "Image": _stop_image,
        "HtmlBlock": _stop_html,
    }
