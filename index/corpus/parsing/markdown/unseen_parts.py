"""What a reader of a Markdown document does not see, collected while its events are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.corpus.parsing.markdown.html_leaves import HtmlReader
from index.corpus.parsing.markdown.leaves import BADGE, Leaf
from index.text.markup.dialects import unseen_marks
from index.text.markup.html_tags import TOKEN, InvisibleElements, attribute
from index.text.markup.mdx import MASK
from index.text.markup.spans import merge_spans, overlapping
from index.types import Markup, Span

_MASKED = re.compile(f"{MASK}+")


class UnseenParts:
    """Collects the spans of `text` that are not shown, and counts what they are.

    code: the code so far, in which nothing is unseen.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[Span] = []
        self._elements = InvisibleElements()
        self.code: list[Span] = []
        self.left_out: Counter[str] = Counter()

    def add(self, start: int, end: int) -> None:
        """Add a span."""
        self._spans.append(Span(start, end))

    def image(self, alternative: str, start: int, end: int) -> str:
        """Return what an image shows: its alternative text; empty where it is added to what is not shown."""
        source = self._text[start:end]
        if alternative.strip() and "](data:" not in source and not BADGE.search(source):
            return alternative
        self.add(start, end)
        self.left_out["images"] += 1
        return ""

    def tag(self, start: int, end: int) -> str:
        """Return the text that a tag, a comment or a declaration within a line shows, which only an image does."""
        tag = TOKEN.match(self._text, start, end)
        if tag is None or not tag["name"]:
            self.left_out["comments"] += 1
        else:
            self._elements.feed(tag)
            if tag["name"].lower() == "img":
                alternative, address = attribute(tag, "alt"), attribute(tag, "src")
                if alternative.strip() and not address.startswith("data:") and not BADGE.search(address):
                    return alternative
                self.left_out["images"] += 1
        self.add(start, end)
        return ""

    def html_block(self, lines: Sequence[tuple[int, str]]) -> list[Leaf]:
        """Return the leaves of a block of HTML, of which each line comes with its offset."""
        start = lines[0][0]
        # Marks of the containers between the lines are no part of the HTML.
        following = [*(at for at, _ in lines[1:]), lines[-1][0] + len(lines[-1][1])]
        block = "".join(line.ljust(end - at) for (at, line), end in zip(lines, following, strict=True))
        reader = HtmlReader(self._elements)
        reader.read(block, start)
        self.left_out["comments"] += block.count("<!--")
        self.left_out["images"] += reader.images
        self._spans += reader.unseen
        return reader.leaves

    def finish(self, source: str, markup: Markup) -> list[Span]:
        """Return the spans, in order and disjoint. source: the copy of the text that was parsed."""
        self._elements.close(len(self._text))
        unseen = self._spans + self._elements.spans
        marks = sorted(unseen_marks(self._text, merge_spans(self.code)), key=lambda mark: mark[1].start)
        counted = merge_spans(unseen) if marks else []
        end = -1
        for kind, span in marks:
            if kind and span.start >= end and not any(overlapping(counted, span)):
                self.left_out[kind] += 1
                end = span.end
            unseen.append(span)
        if markup is Markup.MDX:
            unseen += (Span(*masked.span()) for masked in _MASKED.finditer(source))
        self.left_out["scripts"] += self._elements.scripts
        return merge_spans(unseen)
