"""Sections whose subsections are so short that their headings are shown with what introduces them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.corpus.cutting import LONGEST_PASSAGE
from index.types import Passage, Span

# What may stand between two blocks of a passage: white space, the markers of block quotes, what draws a table, lines
# under titles and rules, and the tags of lists and tables; not the mark of a container.
_GAP = re.compile(
    r"(?:[\s>|+=-]|:(?!::)|(?P<mark>[*~^\"'._])(?P=mark){3,}"
    r"|</?(?:li|ul|ol|tr|tbody|thead|tfoot|table|p)(?:\s[^<>]{0,200})?>)*",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\r\n]*")
_LEAST_HEADINGS = 2  # one heading is no enumeration


@dataclass(frozen=True, slots=True)
class Section:
    """The passages directly below one heading. start: where the heading stands; -1 without one."""

    start: int
    headings: tuple[str, ...]
    passages: tuple[Passage, ...]


def is_gap(text: str, start: int, end: int) -> bool:
    """Return whether a passage may go on from `start` to `end`: a reader sees nothing between them."""
    return text[start:end].isspace() or _GAP.fullmatch(text, start, end) is not None


def extend_over_headings(text: str, sections: Sequence[Section]) -> Iterator[Passage]:
    """Yield the passages of `sections`, the last of each extended to the last heading below it if all that fits.

    The headings become sentences of it: a list of things is often written as headings.
    """
    for number, section in enumerate(sections):
        depth = len(section.headings)
        has_sections = number + 1 < len(sections) and len(sections[number + 1].headings) > depth
        headings = _headings_below(text, sections, number) if has_sections else []
        if len(headings) < _LEAST_HEADINGS:
            yield from section.passages
        else:
            *whole, last = section.passages
            yield from whole
            span = Span(last.span.start, headings[-1].end)
            yield replace(last, span=span, sentences=(*last.sentences, *headings))


def _headings_below(text: str, sections: Sequence[Section], number: int) -> list[Span]:
    """Return the headings one level below section `number`; none where they do not all fit with its last passage."""
    section = sections[number]
    depth = len(section.headings)
    last = section.passages[-1].span
    headings: list[Span] = []
    chain = [last]
    for at in range(number + 1, len(sections)):
        below = sections[at]
        if len(below.headings) <= depth or below.headings[:depth] != section.headings:
            break
        heading = _heading(text, below.start)
        if heading.end - last.start > LONGEST_PASSAGE or not _is_continuous(text, [*chain, heading]):
            return []
        if len(below.headings) == depth + 1:
            headings.append(heading)
        fits = below.passages[-1].span.end - last.start <= LONGEST_PASSAGE  # else no further heading will
        chain = [heading, *(passage.span for passage in below.passages)] if fits else [heading]
    return headings


def _is_continuous(text: str, spans: Sequence[Span]) -> bool:
    return all(is_gap(text, one.end, other.start) for one, other in pairwise(spans))


def _heading(text: str, start: int) -> Span:
    line = _LINE.match(text, start)
    return Span(start, line.end() if line else start).trim(text)
