"""Documents → passages and their sentences, as exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from index.corpus.cutting import LONGEST_PASSAGE, Unit, units_of
from index.corpus.structure.outlines import Section, extend_over_headings, is_gap
from index.types import BlockKind, Document, Passage, Span

# Changes whenever the same document would be cut otherwise; the store's manifest records it.
VERSION = 6

_ENDS_IN_COLON = re.compile(r"[:：][*_)）”\"」』]*\Z")
_LONGEST_COLON = 8  # code points at the end of a block in which the colon is looked for
_COLON_OR_CLOSING = ':：*_)）”"」』'
_TABLE_ROW, _CODE = BlockKind.TABLE_ROW, BlockKind.CODE  # an enumeration's attribute is looked up in Python
_INTRODUCED = (BlockKind.CODE, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)

_Run: TypeAlias = Sequence[Unit]  # that stand together in a passage


def cut_passages(document: Document) -> tuple[Passage, ...]:
    """Return `document` as passages: consecutive blocks of one section, at most 300 code points.

    A passage is longer only where it is one block that is never torn, or an introduction with such a block. Passages
    do not overlap, but for one that is extended over the headings below it; no sentence is in two of them.
    """
    text, blocks = document.text, document.blocks
    sections: list[Section] = []
    at = 0
    while at < len(blocks):
        start, headings = blocks[at].section_start, blocks[at].headings
        units: list[Unit] = []
        while at < len(blocks) and blocks[at].section_start == start and blocks[at].headings == headings:
            units += units_of(text, blocks[at])
            at += 1
        runs = _pack(text, _introduced(text, units))
        sections.append(Section(start, headings, tuple(_passage(document, run, headings) for run in runs)))
    return tuple(extend_over_headings(text, sections))


def _passage(document: Document, run: _Run, headings: tuple[str, ...]) -> Passage:
    span = Span(run[0].span.start, run[-1].span.end) if len(run) > 1 else run[0].span
    sentences = run[0].sentences
    if len(run) > 1:
        sentences = tuple(sentence for unit in run for sentence in unit.sentences)
    headers = [unit.header for unit in run if unit.header is not None]
    context = tuple(header for header in dict.fromkeys(headers) if not span.contains(header)) if headers else ()
    page = document.page(span) if document.pages else None
    return Passage(document.name, span, headings, sentences, context, page)


def _pack(text: str, runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join neighbours while they fit; nothing that belongs to no block may stand between them."""
    current: list[Unit] = []
    start = end = 0
    for run in runs:
        last = run[-1].span.end
        if current and last - start <= LONGEST_PASSAGE and is_gap(text, end, run[0].span.start):
            current += run
        else:
            if current:
                yield current
            current = [*run]
            start = run[0].span.start
        end = last
    if current:
        yield current


def _introduced(text: str, units: Iterable[Unit]) -> Iterator[_Run]:
    """Yield units by themselves, but introductions and header rows together with what follows them."""
    waiting: _Run | None = None
    for unit in units:
        run: _Run = (unit,)
        if waiting is not None:
            if _goes_with(waiting, run) and is_gap(text, waiting[-1].span.end, unit.span.start):
                *before, run = _joined(waiting, run)
                yield from before
            else:
                yield waiting
        waiting = run if _is_introduction(text, unit) else None
        if waiting is None:
            yield run
    if waiting is not None:
        yield waiting


def _is_introduction(text: str, unit: Unit) -> bool:
    kind = unit.kind
    if kind is _TABLE_ROW:
        return unit.header is None
    start, end = unit.span.start, unit.span.end
    if text[end - 1] not in _COLON_OR_CLOSING or kind is _CODE:
        return False
    return _ENDS_IN_COLON.search(text, max(start, end - _LONGEST_COLON), end) is not None


def _goes_with(introduction: _Run, run: _Run) -> bool:
    last, first = introduction[-1], run[0]
    if last.kind is _TABLE_ROW:
        return first.header == last.span
    return first.kind in _INTRODUCED or _fit(introduction, run)


def _joined(introduction: _Run, run: _Run) -> Iterator[_Run]:
    """Yield the two as one run; where they do not fit only the introducing sentence goes with it."""
    if _fit(introduction, run):
        yield (*introduction, *run)
        return
    *before, last = introduction
    if last.kind is BlockKind.PARAGRAPH and len(last.sentences) > 1:
        *first, sentence = last.sentences
        before.append(last._replace(span=Span(last.span.start, first[-1].end), sentences=tuple(first)))
        last = last._replace(span=sentence, sentences=(sentence,))
    if before:
        yield tuple(before)
    yield (last, *run)


def _fit(one: _Run, other: _Run) -> bool:
    return other[-1].span.end - one[0].span.start <= LONGEST_PASSAGE
