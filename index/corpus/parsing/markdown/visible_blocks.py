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
_new_tuple = tuple.__new__  # three times as fast as the class of a named tuple


def visible_blocks(
    leaves: Iterable[Leaf], text: str, markup: Markup, unseen: Sequence[Span]
) -> Iterator[ParsedBlock]:
    """Yield the blocks of which a reader sees something.

    unseen: what no reader sees, in order and disjoint; it is cut off a block's ends and hidden within it.
    """
    at = 0  # the first of what is unseen that does not end before the leaf
    for leaf in leaves:
        if leaf.is_left_out:
            continue
        start, end = leaf.start, leaf.end
        if start >= end or text[start].isspace() or text[end - 1].isspace():
            start, end = _trimmed(text, start, end)
        while at < len(unseen) and unseen[at].end <= start:
            at += 1
        span = Span(start, end)
        hidden: Sequence[Span] = ()
        is_overlapped = at < len(unseen) and unseen[at].start < end
        if is_overlapped:
            hidden = list(overlapping(unseen, span))
            span = _without_ends(text, span, leaf.content, hidden)
            start, end = span.start, span.end
            hidden = tuple(overlapping(hidden, span))
        if start >= end or (text[start] == "|" and _EMPTY_ROW.fullmatch(text, start, end)):
            continue
        title = ""
        if leaf.level:
            title = "".join(leaf.title or ()).strip()
            if not title:
                continue
            # Most titles that differ from their source have lost no more than an id at the end.
            is_changed = is_overlapped and (bool(hidden) or title not in span.of(text))
            if is_changed or MASK in title or "&" in title:
                title = plain(render(span.of(text), markup)).strip()
        leaf.shown = span
        header = leaf.header.shown if leaf.header is not None else None
        references = leaf.references if leaf.links else ()
        yield _new_tuple(ParsedBlock, (span, leaf.kind, leaf.level, title, hidden, header, references))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without the white space at its ends."""
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


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
