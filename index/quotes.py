"""Hits → quotes: verbatim text, highlighted sentences, what two documents both say put together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from index.glosses import paragraph_hash
from index.names import terms_in
from index.records import Records
from index.types import Document, Gloss, Hit, Passage, Quote, Span

logger = logging.getLogger(__name__)

# A second sentence is highlighted when its score is within this of the best, in units of MaxSim. On
# tests/evaluation/development.jsonl the highlight meets the evidence, and takes of the passage: with 0: 0.935,
# 0.27; 0.025: 0.964, 0.30; 0.05: 0.982, 0.33; 0.1: 0.988, 0.40.
HIGHLIGHT_MARGIN = 0.05
MOST_HIGHLIGHTS = 2


# Gives, for the first hit and those after it, the hits that say the same: the one to lead, then the others.
Together = Callable[[Hit, Sequence[Hit]], tuple[Hit, ...]]


def alone(first: Hit, _others: Sequence[Hit]) -> tuple[Hit, ...]:
    """Put nothing with the first hit."""
    return (first,)


def compose(hits: Sequence[Hit], records: Records, *, top: int, together: Together = alone) -> tuple[Quote, ...]:
    """Turn the first `top` hits into quotes; one that is not its document's own words is dropped.

    What goes `together` with the first is one of them: its first quote leads, and has the others as what else
    says the same.
    """
    at = next((at for at, hit in enumerate(hits) if _is_verbatim(hit, records)), None)
    if at is None or not top:
        return ()
    group = together(hits[at], hits[at + 1 :])
    lead, *also = (_quote(hit, records) for hit in group if _is_verbatim(hit, records))
    shown = {hit.passage for hit in group}
    rest = (hit for hit in hits[at + 1 :] if hit.passage not in shown and _is_verbatim(hit, records))
    return (replace(lead, also=tuple(also)), *(_quote(hit, records) for hit in islice(rest, top - 1)))


def best_sentences(hit: Hit) -> tuple[int, ...]:
    """Choose the sentences that answer: the best, and another as good as it."""
    best = max(hit.sentences)
    ranked = sorted(range(len(hit.sentences)), key=lambda at: -hit.sentences[at])[:MOST_HIGHLIGHTS]
    return tuple(at for at in sorted(ranked) if hit.sentences[at] >= best - HIGHLIGHT_MARGIN)


def highlights(hit: Hit, passage: Passage) -> tuple[Span, ...]:
    """Give the sentences of `passage` that answer."""
    return tuple(passage.sentences[at] for at in best_sentences(hit))


def _is_verbatim(hit: Hit, records: Records) -> bool:
    passage, document = _passage_of(hit, records)
    if paragraph_hash(document.text[passage.span.start : passage.span.end]) == records.hashes[hit.passage]:
        return True
    logger.error("dropped a quote that is not in %s at %d-%d", document.name, passage.span.start, passage.span.end)
    return False


def _passage_of(hit: Hit, records: Records) -> tuple[Passage, Document]:
    passage = records.passages[hit.passage]
    return passage, next(each for each in records.library.documents if each.name == passage.document)


def _quote(hit: Hit, records: Records) -> Quote:
    passage, document = _passage_of(hit, records)
    first, last = document.lines(passage.span)
    marked = highlights(hit, passage)
    text = document.text[passage.span.start : passage.span.end]
    gloss = _gloss(marked, document, records)
    return Quote(
        document=document.name,
        title=document.title,
        language=document.language,
        provenance=document.provenance,
        section=passage.section,
        start=passage.span.start,
        end=passage.span.end,
        start_line=first,
        end_line=last,
        text=text,
        highlights=marked,
        score=hit.score,
        sha256=document.sha256,
        gloss=gloss,
        terms=terms_in([text, gloss.plain if gloss else ""], records.terms),
    )


def _gloss(marked: Sequence[Span], document: Document, records: Records) -> Gloss | None:
    """Join the glosses of the paragraphs that answer; a whole passage's would outgrow the quote."""
    known = records.glosses.get(document.name, {})
    inside = [
        known[at]
        for at, paragraph in enumerate(document.paragraphs)
        if at in known
        and any(paragraph.span.start < span.end and span.start < paragraph.span.end for span in marked)
    ]
    if not inside:
        return None
    return Gloss("".join(each.plain for each in inside), " ".join(each.en for each in inside))
