"""Text that is never indexed or quoted: what the catalog skips, and what readers cannot see."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from index.types import Span


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The spans of a document that are excluded, in order and apart, and the texts of which none was found."""

    spans: tuple[Span, ...]
    missing: tuple[str, ...] = ()

    def visible_parts(self, text: str, span: Span) -> Sequence[Span]:
        """Return the parts of `span` that are not excluded, without the white space at their ends.

        `span` itself has none at its ends.
        """
        first = bisect_left(self.spans, span.start, key=attrgetter("end")) if self.spans else 0
        if first == len(self.spans) or self.spans[first].start >= span.end:
            return (span,) if span.start < span.end else ()
        return tuple(self._parts(text, span, first))

    def _parts(self, text: str, span: Span, first: int) -> Iterator[Span]:
        """Yield the parts of `span` between the excluded spans from number `first` on."""
        start = span.start
        for at in range(first, len(self.spans)):
            hole = self.spans[at]
            if hole.start >= span.end:
                break
            part = Span(start, max(start, hole.start)).trim(text)
            if part:
                yield part
            start = max(start, hole.end)
        rest = Span(start, max(start, span.end)).trim(text)
        if rest:
            yield rest


def find_exclusions(text: str, skip: Sequence[str], *, hidden: Iterable[Span]) -> Exclusions:
    """Return where the texts of `skip` stand in `text`, together with the `hidden` spans."""
    spans = list(hidden)
    missing: list[str] = []
    for words in skip:
        start = text.find(words) if words else -1
        if start < 0:
            missing.append(words)
        while start >= 0:
            spans.append(Span(start, start + len(words)))
            start = text.find(words, start + len(words))
    return Exclusions(tuple(_merged(spans)), tuple(missing))


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if current is None:
            current = span
        elif span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
        else:
            yield current
            current = span
    if current is not None:
        yield current
