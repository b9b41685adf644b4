"""Arithmetic on spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from index.types import Span


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order, those that overlap or touch as one; empty ones are left out."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        elif span.start < span.end:
            merged.append(span)
    return merged


def containing(spans: Sequence[Span], offset: int) -> Span | None:
    """Return the one of `spans`, which are in order and disjoint, that `offset` lies in."""
    number = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[number] if number >= 0 and offset < spans[number].end else None


def overlapping(spans: Sequence[Span], span: Span) -> Iterator[Span]:
    """Yield the parts of `spans`, which are in order and disjoint, that lie in `span`."""
    number = max(0, bisect_right(spans, span.start, key=lambda other: other.start) - 1)
    while number < len(spans) and spans[number].start < span.end:
        start, end = max(spans[number].start, span.start), min(spans[number].end, span.end)
        if start < end:
            yield Span(start, end)
        number += 1


def outside(spans: Sequence[Span], span: Span) -> Iterator[Span]:
    """Yield the parts of `span` that lie in none of `spans`, which are in order and disjoint."""
    start = span.start
    for part in overlapping(spans, span):
        if start < part.start:
            yield Span(start, part.start)
        start = part.end
    if start < span.end:
        yield Span(start, span.end)
