"""Text that the catalog says is never indexed or quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Span


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The spans of a document that are excluded, in order, and the texts of which none was found."""

    spans: tuple[Span, ...]
    missing: tuple[str, ...]


def find_exclusions(text: str, skip: Sequence[str]) -> Exclusions:
    """Return where the texts of `skip` stand in `text`."""
    spans: list[Span] = []
    missing: list[str] = []
    for words in skip:
        start = text.find(words) if words else -1
        if start < 0:
            missing.append(words)
        while start >= 0:
            spans.append(Span(start, start + len(words)))
            start = text.find(words, start + len(words))
    return Exclusions(tuple(sorted(spans, key=lambda span: span.start)), tuple(missing))


def visible_parts(text: str, span: Span, excluded: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of `span` outside the `excluded` spans, which are in order, without white space at their ends."""
    start = span.start
    for hole in [*excluded, Span(span.end, span.end)]:
        if hole.end < start or hole.start > span.end:
            continue
        part = Span(start, max(start, hole.start)).trim(text)
        if part:
            yield part
        start = max(start, hole.end)
