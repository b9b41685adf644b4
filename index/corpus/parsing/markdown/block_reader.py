"""The events of the Markdown parser → blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.corpus.parsing.blocks import ParsedBlock
from index.corpus.parsing.markdown.html_leaves import HtmlReader
from index.corpus.parsing.markdown.leaves import BADGE, CONTAINERS, UNSEEN_CHUNK, Leaf
from index.corpus.parsing.markdown.visible_blocks import visible_blocks
from index.text.markup.dialects import unseen_marks
from index.text.markup.events import Event
from index.text.markup.html_tags import TOKEN, InvisibleElements, attribute
from index.text.markup.mdx import MASK
from index.text.markup.spans import merge_spans, overlapping
from index.types import BlockKind, Markup, Span

# What stands within a leaf, and only extends it; links and images are read.
_INLINES = frozenset({"Emphasis", "Strong", "Strikethrough", "TableCell"})
_UNREAD = frozenset({"Rule", "SoftBreak", "HardBreak", "TaskListMarker"})
_BLOCKS = frozenset({"Paragraph", "Heading", "CodeBlock", "TableHead", "TableRow"})
_PARAGRAPH = BlockKind.PARAGRAPH  # an enumeration's attribute is looked up in Python
_MASKED = re.compile(f"{MASK}+")


class BlockReader:
    """Collects the leaves of a document, and what a reader does not see in them.

    text: the document. source: the copy of it that was parsed. first: where its text starts.
    """

    def __init__(self, text: str, source: str, markup: Markup, first: int) -> None:
        self._text, self._source, self._markup = text, source, markup
        self._end = first
        self._has_returns = "\r" in text
        self._leaves: list[Leaf] = []
        self._leaf: Leaf | None = None
        self._continued: Leaf | None = None
        self._header: Leaf | None = None
        self._containers: list[str] = []
        self._lists: list[int] = []
        self._links: list[tuple[str, list[str]]] = []
        self._images: list[list[str]] = []
        self._html: list[tuple[int, str]] = []
        self._code: list[Span] = []
        self._unseen: list[Span] = []
        self._elements = InvisibleElements()
        self.left_out: Counter[str] = Counter()

    def read(self, events: Iterable[Event]) -> None:
        """Read the events of the document."""
        for event in events:
            kind, value, _, start, end = event
            if kind == "Text":
                if self._leaf is None or end > self._leaf.end:
                    self._inline(start, end)
                self._add_text(value)
            elif kind == "Start":
                if value in _INLINES:
                    self._inline(start, end)
                else:
                    self._start(event)
            elif kind == "End":
                if value not in _INLINES:
                    self._stop(event)
                elif self._leaf is not None:
                    self._inline(start, end)
            elif kind not in _UNREAD:
                self._read_other(event)

    def _read_other(self, event: Event) -> None:
        kind, value, _, start, end = event
        if kind == "Html":
            self._html.append((start, self._text[start:end]))
            return
        self._inline(start, end)
        if kind == "Code":
            self._code.append(Span(start, end))
            self._add_text(value)
        elif kind == "InlineHtml":
            self._inline_html(start, end)

    def finish(self) -> list[ParsedBlock]:
        """Return the blocks."""
        self._elements.close(len(self._text))
        unseen = self._unseen + self._elements.spans
        counted = merge_spans(unseen)
        marks = sorted(unseen_marks(self._text, merge_spans(self._code)), key=lambda mark: mark[1].start)
        end = -1
        for kind, span in marks:
            if kind and span.start >= end and not any(overlapping(counted, span)):
                self.left_out[kind] += 1
                end = span.end
            unseen.append(span)
        if self._markup is Markup.MDX:
            unseen += (Span(*masked.span()) for masked in _MASKED.finditer(self._source))
        self.left_out["scripts"] += self._elements.scripts
        return list(visible_blocks(self._leaves, self._text, self._markup, merge_spans(unseen)))

    def _open(self, start: int, end: int, kind: BlockKind) -> Leaf:
        if self._continued is not None:
            leaf, self._continued = self._continued, None
            leaf.end = end
            self._leaf = leaf
            return leaf
        line = self._text.rfind("\n", self._end, start)
        if self._has_returns:
            line = max(line, self._text.rfind("\r", self._end, start))
        leaf = Leaf(max(line + 1, self._end), start, end, kind)
        self._leaf = leaf
        self._leaves.append(leaf)
        return leaf

    def _close(self) -> None:
        if self._leaf is not None:
            self._end = max(self._end, self._leaf.end)
            self._leaf = None

    def _inline(self, start: int, end: int) -> None:
        """Open a leaf for text that stands in an item without a paragraph; extend it."""
        if self._leaf is None:
            self._open(start, end, self._kind())
        elif end > self._leaf.end:
            self._leaf.end = end

    def _kind(self) -> BlockKind:
        if not self._containers:
            return _PARAGRAPH
        if "FootnoteDefinition" in self._containers:
            return BlockKind.FOOTNOTE
        return CONTAINERS.get(self._containers[-1], _PARAGRAPH)

    def _add_text(self, text: str) -> None:
        leaf = self._leaf
        if self._images:
            self._images[-1].append(text)
        elif self._links:
            self._links[-1][1].append(text)
        elif leaf is not None and not leaf.has_prose:
            leaf.add_text(text)
        if leaf is not None and leaf.level:
            leaf.title.append(text)

    def _start(self, event: Event) -> None:
        tag = event.value
        if tag in _BLOCKS:
            self._close()
            self._start_block(event)
        elif tag == "Link":
            self._inline(event.start, event.end)
            self._links.append((event.detail, []))
        elif tag == "Image":
            self._inline(event.start, event.end)
            self._images.append([])
        elif tag in CONTAINERS:
            self._close()
            if tag == "DefinitionListDefinition" and self._containers[-1:] != [tag]:
                self._continued = self._title_before(event.start)
            is_mark = tag == "Item" and self._text.startswith(("!!!", "???", "==="), event.start)
            self._containers.append("Admonition" if is_mark else tag)
        else:  # a list, a table, a block of HTML
            self._close()
            if tag == "List":
                self._lists.append(len(self._leaves))

    def _title_before(self, start: int) -> Leaf | None:
        """Return the term that the definition at `start` follows at once."""
        last = self._leaves[-1] if self._leaves else None
        return last if last is not None and not self._text[last.end : start].strip() else None

    def _start_block(self, event: Event) -> None:
        tag = event.value
        kind = self._kind()
        if tag in {"TableHead", "TableRow"}:
            leaf = self._open(event.start, event.end, BlockKind.TABLE_ROW)
            leaf.has_prose = True
            leaf.header = None if tag == "TableHead" else self._header
            if tag == "TableHead":
                self._header = leaf
        elif tag == "CodeBlock":
            is_code = self._markup is not Markup.MDX or self._text[event.start] in "`~"
            leaf = self._open(event.start, event.end, BlockKind.CODE if is_code else kind)
            leaf.has_prose = True
            self._code.append(Span(event.start, event.end))
            if event.detail.startswith("{") and UNSEEN_CHUNK.match(self._text, event.start, event.end):
                leaf.is_left_out = True
        else:
            leaf = self._open(event.start, event.end, kind)
            is_title = tag == "Heading" and self._text[event.start] != "#" and self._source[event.start] == "#"
            if is_title:
                # The title of a container, which was rewritten as a heading: without the container's mark.
                shown = Span(event.start + 1, event.end).trim(self._source)
                leaf.start, leaf.content, leaf.end = shown.start, shown.start, shown.end
            elif tag == "Heading" and not self._containers:
                leaf.kind, leaf.level = BlockKind.HEADING, int(event.detail)

    def _stop(self, event: Event) -> None:
        tag = event.value
        if tag in _BLOCKS:
            if tag == "Paragraph" and self._leaf is not None and not self._lists and self._leaf.is_pager:
                self._leave_out([self._leaf])
            self._close()
        elif tag == "Link":
            self._stop_link(event)
        elif tag == "Image":
            self._stop_image(event)
        elif tag in CONTAINERS:
            self._close()
            self._continued = None
            self._containers.pop()
        elif tag == "HtmlBlock":
            self._stop_html()
        elif tag == "List":
            self._close()
            items = self._leaves[self._lists.pop() :]
            if not self._lists and len(items) > 1 and all(item.is_navigation for item in items):
                self._leave_out(items)

    def _leave_out(self, leaves: Sequence[Leaf]) -> None:
        self.left_out["navigation"] += 1
        for leaf in leaves:
            leaf.is_left_out = True

    def _stop_link(self, event: Event) -> None:
        address, parts = self._links.pop()
        label = "".join(parts).strip()
        if self._leaf is not None:
            self._leaf.end = max(self._leaf.end, event.end)
            self._leaf.add_link(label, address)
        if not label:
            self._unseen.append(Span(event.start, event.end))

    def _stop_image(self, event: Event) -> None:
        alternative = "".join(self._images.pop())
        source = self._text[event.start : event.end]
        if self._leaf is not None:
            self._leaf.end = max(self._leaf.end, event.end)
        if not alternative.strip() or "](data:" in source or BADGE.search(source):
            self._unseen.append(Span(event.start, event.end))
            self.left_out["images"] += 1
            return
        self._add_text(alternative)

    def _inline_html(self, start: int, end: int) -> None:
        tag = TOKEN.match(self._text, start, end)
        span = Span(start, end)
        if tag is None or not tag["name"]:
            self.left_out["comments"] += 1
        else:
            self._elements.feed(tag)
            if tag["name"].lower() == "img":
                address = attribute(tag, "src")
                if attribute(tag, "alt").strip() and not address.startswith("data:") and not BADGE.search(address):
                    self._add_text(attribute(tag, "alt"))
                    return
                self.left_out["images"] += 1
        self._unseen.append(span)

    def _stop_html(self) -> None:
        lines, self._html = self._html, []
        if not lines:
            return
        start = lines[0][0]
        # Marks of the containers between the lines are no part of the HTML.
        following = [*(at for at, _ in lines[1:]), lines[-1][0] + len(lines[-1][1])]
        block = "".join(line.ljust(end - at) for (at, line), end in zip(lines, following, strict=True))
        reader = HtmlReader(self._elements)
        reader.read(block, start)
        self.left_out["comments"] += block.count("<!--")
        self.left_out["images"] += reader.images
        self._unseen += reader.unseen
        self._leaves += reader.leaves
        self._end = max(self._end, start + len(block))
