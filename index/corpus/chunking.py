"""Documents → passages and their sentences, as exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from index.corpus.cutting import LONGEST_PASSAGE, Unit, units_of
from index.corpus.outlines import Section, extend_over_headings, is_gap
from index.types import BlockKind, Document, Passage, Span

# Changes whenever the same document would be cut otherwise; the store's manifest records it.
VERSION = 3

_ENDS_IN_COLON = re.compile(r"[:：][*_)）”\"」』]*\Z")
_LONGEST_COLON = 8  # code points at the end of a block in which the colon is looked for
_TABLE_ROW = BlockKind.TABLE_ROW  # an enumeration's attribute is looked up in Python
_INTRODUCED = (BlockKind.CODE, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)

_Run = tuple[Unit, ...]  # units that stand together in a passage


def cut_passages(document: Document) -> tuple[Passage, ...]:
    """Return `document` as passages: consecutive blocks of one section, at most 300 code points.

    A passage is longer only where it is one block that is never torn, or an introduction with such a block. Passages
    do not overlap, but for one that is extended over the headings below it; no sentence is in two of them.
    """
    sections: list[Section] = []
    for (start, headings), blocks in groupby(
        document.blocks, key=lambda each: (each.section_start, each.headings)
    ):
        units = (unit for block in blocks for unit in units_of(document.text, block))
        runs = _pack(document.text, _introduced(document.text, units))
        passages = tuple(_passage(document, run, headings) for run in runs)
        sections.append(Section(start, headings, passages))
    return tuple(extend_over_headings(document.text, sections))


def _passage(document: Document, run: _Run, headings: tuple[str, ...]) -> Passage:
    span = Span(run[0].span.start, run[-1].span.end)
    headers = dict.fromkeys(unit.header for unit in run if unit.header is not None)
    return Passage(
        document.name,
        span,
        headings,
        sentences=tuple(sentence for unit in run for sentence in unit.sentences),
        context=tuple(header for header in headers if not span.contains(header)),
        page=document.page(span),
    )


def _pack(text: str, runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join neighbours while they fit; nothing that belongs to no block may stand between them."""
    current: _Run | None = None
    for run in runs:
        if current is None:
            current = run
        elif _fit(current, run) and is_gap(text, current[-1].span.end, run[0].span.start):
            current = current + run
        else:
            yield current
            current = run
    if current is not None:
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
    if unit.kind is _TABLE_ROW:
        return unit.header is None
    end = text[max(unit.span.start, unit.span.end - _LONGEST_COLON) : unit.span.end]
    has_colon = ":" in end or "：" in end
    return has_colon and unit.kind is not BlockKind.CODE and _ENDS_IN_COLON.search(end) is not None


def _goes_with(introduction: _Run, run: _Run) -> bool:
    last, first = introduction[-1], run[0]
    if last.kind is _TABLE_ROW:
        return first.header == last.span
    return first.kind in _INTRODUCED or _fit(introduction, run)


def _joined(introduction: _Run, run: _Run) -> Iterator[_Run]:
    """Yield the two as one run; where they do not fit only the introducing sentence goes with it."""
    if _fit(introduction, run):
        yield introduction + run
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
