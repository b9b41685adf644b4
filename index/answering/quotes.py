"""Hits → quotes: verbatim text, highlighted sentences, what two documents both say put together."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.corpus import Corpus
from index.types import Document, Excerpt, Hit, Passage, Quote, Span

logger = logging.getLogger(__name__)

# A second sentence is highlighted when its score is within this of the best, in units of MaxSim. On
# tests/evaluation/development.jsonl the highlight meets the evidence, and takes of the passage: with 0: 0.935,
# 0.27; 0.025: 0.964, 0.30; 0.05: 0.982, 0.33; 0.1: 0.988, 0.40.
HIGHLIGHT_MARGIN = 0.05
MOST_HIGHLIGHTS = 2


# Gives, for the first hit and those after it, the hits that say the same: the one to lead, then the others.
GroupFirst = Callable[[Hit, Sequence[Hit]], tuple[Hit, ...]]


def alone(first: Hit, _others: Sequence[Hit]) -> tuple[Hit, ...]:
    """Put nothing with the first hit."""
    return (first,)


def build_quotes(
    hits: Sequence[Hit], corpus: Corpus, *, top: int, group_first: GroupFirst = alone
) -> tuple[Quote, ...]:
    """Turn the first `top` hits into quotes; one that is not its document's own words is dropped.

    What goes `together` with the first is one of them: its first quote leads, and has the others as what else
    says the same.
    """
    at = next((at for at, hit in enumerate(hits) if _is_verbatim(hit, corpus)), None)
    if at is None or not top:
        return ()
    group = group_first(hits[at], hits[at + 1 :])
    lead, *also = (_quote(hit, corpus) for hit in group if _is_verbatim(hit, corpus))
    shown = {hit.passage for hit in group}
    rest = (hit for hit in hits[at + 1 :] if hit.passage not in shown and _is_verbatim(hit, corpus))
    return (replace(lead, also=tuple(also)), *(_quote(hit, corpus) for hit in islice(rest, top - 1)))


def quote_at(document: Document, span: Span, *, highlights: tuple[Span, ...] = (), score: float = 0.0) -> Quote:
    """Return the quote of `document` at `span`, with its citation; all spans are absolute."""
    first_line, last_line = document.lines(span)
    at = bisect_right(document.blocks, span.start, key=lambda block: block.span.end)
    blocks = list(takewhile(lambda block: block.span.start < span.end, document.blocks[at:]))
    headings = document.blocks[at].headings if at < len(document.blocks) else ()
    headers = [block.header for block in blocks if block.header and not block.header.overlaps(span)]
    return Quote(
        document=document.name,
        title=document.title,
        language=document.language,
        provenance=document.provenance,
        section=headings[-1] if headings else None,
        start=span.start,
        end=span.end,
        start_line=first_line,
        end_line=last_line,
        text=document.slice(span),
        highlights=highlights,
        score=score,
        sha256=document.sha256,
        headings=headings,
        qualifier=document.qualifier,
        context=tuple(Excerpt(header, document.slice(header)) for header in dict.fromkeys(headers)),
        page=document.page(span),
        markup=document.markup,
    )


def best_sentences(hit: Hit) -> tuple[int, ...]:
    """Choose the sentences that answer: the best, and another as good as it."""
    best = max(hit.sentences)
    ranked = sorted(range(len(hit.sentences)), key=lambda at: -hit.sentences[at])[:MOST_HIGHLIGHTS]
    return tuple(at for at in sorted(ranked) if hit.sentences[at] >= best - HIGHLIGHT_MARGIN)


def highlights(hit: Hit, passage: Passage) -> tuple[Span, ...]:
    """Give the sentences of `passage` that answer."""
    return tuple(passage.sentences[at] for at in best_sentences(hit))


def _is_verbatim(hit: Hit, corpus: Corpus) -> bool:
    passage, document = _passage_of(hit, corpus)
    if paragraph_hash(document.slice(passage.span)) == corpus.hashes[hit.passage]:
        return True
    logger.error("dropped a quote that is not in %s at %d-%d", document.name, passage.span.start, passage.span.end)
    return False


def _passage_of(hit: Hit, corpus: Corpus) -> tuple[Passage, Document]:
    passage = corpus.passages[hit.passage]
    return passage, corpus.library.document(passage.document)


def _quote(hit: Hit, corpus: Corpus) -> Quote:
    passage, document = _passage_of(hit, corpus)
    return quote_at(document, passage.span, highlights=highlights(hit, passage), score=hit.score)
