"""Ranges of code points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, init=False)
class Span:
    """A half-open range of code points, absolute in its document's text. An empty one is false."""

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        # What `dataclass` writes for a frozen class takes twice as long, and a megabyte of text has 40,000 spans.
        _set_start(self, start)
        _set_end(self, end)

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def contains(self, other: Span) -> bool:
        """Return whether `other` lies inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Return whether the two have a code point in common."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: Span) -> Span:
        """Return what the two have in common; empty, at the later start, when nothing."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))

    def shift(self, by: int) -> Span:
        """Return the span moved by `by` code points."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Return this slice of `text`."""
        return text[self.start : self.end]

    def trim(self, text: str) -> Span:
        """Return the span without the white space of `text` at its ends; empty when there is nothing else."""
        if self.start < self.end <= len(text) and not (text[self.start].isspace() or text[self.end - 1].isspace()):
            return self
        found = self.of(text)
        start = self.start + len(found) - len(found.lstrip())
        return Span(start, max(start, self.start + len(found.rstrip())))


_set_start = Span.__dict__["start"].__set__
_set_end = Span.__dict__["end"].__set__
