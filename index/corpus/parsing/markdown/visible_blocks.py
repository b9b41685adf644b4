"""Leaves, and what a reader does not see → blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.corpus.parsing.blocks import ParsedBlock
from index.corpus.parsing.markdown.leaves import Leaf
from index.text.markup import plain, render
from index.text.markup.mdx import MASK
from index.text.markup.spans import outside, overlapping
from index.types import Markup, Span

_MARGIN = re.compile(r"[\s>]*")
_EMPTY_ROW = re.compile(r"\|[|\s]*")
_WORD = re.compile(r"[^\W_]")


def visible_blocks(
    leaves: Iterable[Leaf], text: str, markup: Markup, unseen: Sequence[Span]
) -> Iterator[ParsedBlock]:
    """Yield the blocks of which a reader sees something.

    unseen: what no reader sees, in order and disjoint; it is cut off a block's ends and hidden within it.
    """
    spans: dict[int, Span] = {}
    at = 0  # the first of what is unseen that does not end before the leaf
    for leaf in leaves:
        if leaf.is_left_out:
            continue
        span = Span(leaf.start, leaf.end).trim(text)
        while at < len(unseen) and unseen[at].end <= span.start:
            at += 1
        is_overlapped = at < len(unseen) and unseen[at].start < span.end
        hidden = list(overlapping(unseen, span)) if is_overlapped else []
        if is_overlapped:
            span = _without_ends(text, span, leaf.content, hidden)
            hidden = list(overlapping(hidden, span))
        title = "".join(leaf.title).strip() if leaf.level else ""
        start, end = span.start, span.end
        if start >= end or (leaf.level and not title):
            continue
        if text[start] == "|" and _EMPTY_ROW.fullmatch(text, start, end):
            continue
        # Most titles that differ from their source have lost no more than an id at the end.
        is_changed = is_overlapped and (bool(hidden) or title not in span.of(text))
        if leaf.level and (is_changed or MASK in title or "&" in title):
            title = plain(render(span.of(text), markup)).strip()
        spans[id(leaf)] = span
        header = spans.get(id(leaf.header)) if leaf.header is not None else None
        yield ParsedBlock(span, leaf.kind, leaf.level, title, tuple(hidden), header, tuple(leaf.references))


def _without_ends(text: str, span: Span, content: int, hidden: Sequence[Span]) -> Span:
    """Return `span` without what is hidden at its ends; empty if no word of it is shown."""
    start, end = max(span.start, min(content, span.end)), span.end
    shown = [part for part in outside(hidden, Span(start, end)) if _WORD.search(part.of(text))]
    if not shown:
        return Span(span.start, span.start)
    first = hidden[0]
    if first.start <= start and not text[span.start : first.start].strip(" \t>"):
        margin = _MARGIN.match(text, first.end)
        start = min(margin.end() if margin else first.end, shown[0].end)
        span = Span(start, end)
    if hidden[-1].end >= end:
        span = Span(span.start, max(span.start, hidden[-1].start))
    return span.trim(text)
