"""Blocks → the units that no passage tears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.text.markup.spans import containing, merge_spans
from index.text.sentences import split_sentences, unbroken_spans
from index.types import Block, BlockKind, Span

LONGEST_PASSAGE = 300  # code points
# A block that is never torn is cut after all when it is longer: only a broken file has such.
LONGEST_BLOCK = 4000

# Tuples: looking for an enumeration's member in a set is slower, since its hash is computed in Python.
_UNTORN = (BlockKind.CODE, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.FOOTNOTE, BlockKind.HEADING)
_CODE = BlockKind.CODE  # an enumeration's attribute is looked up in Python
_ONE_SENTENCE = (BlockKind.TABLE_ROW, BlockKind.HEADING)
# Where a sentence longer than a passage may be cut, best first.
_CLAUSE_ENDS = (re.compile(r"[；;：:](?!//)"), re.compile(r"[，,、—]"), re.compile(r"\s"))
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}://\S+")
_LINE_FEED = re.compile(r"\n")
_SPACE = re.compile(r"\s*")
_new_tuple = tuple.__new__  # three times as fast as the class of a named tuple
_FENCE = re.compile(r"(?:`{3,}|~{3,})[^\n]*")


class Unit(NamedTuple):
    """What is never torn, and its sentences. kind: of its block. header: of the table that it is a row of.

    A tuple, since each block has one and a frozen dataclass takes three times as long to make.
    """

    span: Span
    sentences: tuple[Span, ...]
    kind: BlockKind
    header: Span | None = None


def units_of(text: str, block: Block) -> Sequence[Unit]:
    """Return `block` whole if it is short or never torn, else as runs of its sentences."""
    kind, span = block.kind, block.span
    if kind in _ONE_SENTENCE:
        sentences: tuple[Span, ...] = (span,)
    elif kind is _CODE:
        sentences = tuple(_code_lines(text, span))
    else:
        sentences = tuple(split_sentences(text, span))
    longest = LONGEST_BLOCK if kind in _UNTORN else LONGEST_PASSAGE
    if span.end - span.start <= longest:
        return (_new_tuple(Unit, (span, sentences, kind, block.header)),)
    parts: list[Span] = []
    for sentence in sentences:
        if sentence.end - sentence.start <= longest:
            parts.append(sentence)
        else:
            parts += _cut(text, sentence, longest)
    return [_new_tuple(Unit, (part, (part,), kind, block.header)) for part in parts]


def _code_lines(text: str, span: Span) -> Iterator[Span]:
    """Yield the lines of code, a fence together with the line beside it."""
    ends = [*(match.end() for match in _LINE_FEED.finditer(text, span.start, span.end)), span.end]
    lines = [line for start, end in pairwise([span.start, *ends]) if (line := Span(start, end).trim(text))]
    if len(lines) > 1 and _FENCE.fullmatch(text, lines[0].start, lines[0].end):
        lines[:2] = [Span(lines[0].start, lines[1].end)]
    if len(lines) > 1 and _FENCE.fullmatch(text, lines[-1].start, lines[-1].end):
        lines[-2:] = [Span(lines[-2].start, lines[-1].end)]
    yield from lines


def _cut(text: str, sentence: Span, longest: int) -> Iterator[Span]:
    """Yield parts of at most `longest` code points, cut at the end of a clause or word, never in an address or link."""
    start = sentence.start
    unbroken = _unbroken(text, sentence, longest)
    while sentence.end - start > longest:
        cut = _place_to_cut(text, start, start + longest, unbroken)
        part = Span(start, cut).trim(text)
        if part:
            yield part
        following = _SPACE.match(text, cut, sentence.end)
        start = following.end() if following else cut
    if start < sentence.end:
        yield Span(start, sentence.end)


def _unbroken(text: str, sentence: Span, longest: int) -> list[Span]:
    """Return the addresses of a sentence, and its links, code and tags that are not too long, in order and disjoint."""
    addresses = [Span(*match.span()) for match in _ADDRESS.finditer(text, sentence.start, sentence.end)]
    others = (each for each in unbroken_spans(text, sentence) if each.end - each.start <= longest)
    return merge_spans([*addresses, *others])


def _place_to_cut(text: str, start: int, limit: int, unbroken: Sequence[Span]) -> int:
    for ends in _CLAUSE_ENDS:
        found = [match.end() for match in ends.finditer(text, start + (limit - start) // 2, limit)]
        outside = (cut for cut in reversed(found) if _torn(unbroken, cut) is None)
        cut = next(outside, None)
        if cut is not None:
            return cut
    torn = _torn(unbroken, limit)
    if torn is None:
        return limit
    return torn.start if torn.start > start else min(torn.end, start + LONGEST_BLOCK)


def _torn(unbroken: Sequence[Span], cut: int) -> Span | None:
    """Return what would be torn by a cut there."""
    found = containing(unbroken, cut)
    return found if found is not None and found.start < cut else None
