"""Documents → passages and their sentences, as exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.text.sentences import split_sentences
from index.types import Block, Document, Passage, Span

# Changes whenever the same document would be cut otherwise; the store's manifest corpus it.
VERSION = 2

LONGEST_PASSAGE = 300  # code points

# Where a sentence longer than a passage may be cut, best first.
_CLAUSE_ENDS = (re.compile(r"[；;：:]"), re.compile(r"[，,、—]"), re.compile(r"\s"))


def cut_passages(document: Document) -> tuple[Passage, ...]:
    """Cut `document` into passages: whole consecutive paragraphs of one section, at most 300 code points."""
    passages: list[Passage] = []
    for headings, paragraphs in groupby(document.blocks, key=lambda paragraph: paragraph.headings):
        group = list(paragraphs)
        for span in _pack(document.text, group):
            sentences = [
                sentence
                for paragraph in group
                if paragraph.span.overlaps(span)
                for sentence in split_sentences(document.text, paragraph.span.intersection(span))
            ]
            passages.append(Passage(document.name, span, headings, tuple(sentences)))
    return tuple(passages)


def _pack(text: str, paragraphs: Sequence[Block]) -> Iterator[Span]:
    """Join neighbours while they fit; nothing that belongs to no paragraph may lie between them."""
    open_span: Span | None = None
    for paragraph in paragraphs:
        for piece in _pieces(text, paragraph.span):
            joined = Span(open_span.start, piece.end) if open_span else piece
            apart = open_span is not None and text[open_span.end : piece.start].strip() != ""
            if open_span and (apart or len(joined) > LONGEST_PASSAGE):
                yield open_span
                joined = piece
            open_span = joined
    if open_span:
        yield open_span


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """Give a paragraph whole, or one that is too long as runs of its sentences."""
    if len(span) <= LONGEST_PASSAGE:
        yield span
        return
    for sentence in split_sentences(text, span):
        yield from _cut(text, sentence)


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    while len(sentence) > LONGEST_PASSAGE:
        limit = sentence.start + LONGEST_PASSAGE
        cut = limit
        for ends in _CLAUSE_ENDS:
            found = [match.end() for match in ends.finditer(text, sentence.start + LONGEST_PASSAGE // 2, limit)]
            if found:
                cut = found[-1]
                break
        yield Span(sentence.start, cut).trim(text)
        sentence = Span(cut, sentence.end).trim(text)
    if sentence:
        yield sentence
