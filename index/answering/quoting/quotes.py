"""Selected passages → quotes: verbatim text with highlights and a citation."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from index.answering.quoting.highlights import Selection
from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.corpus import Corpus
from index.types import Block, BlockKind, Document, Excerpt, Markup, Quote, Span

logger = logging.getLogger(__name__)

_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})")


def build_quotes(groups: Iterable[Sequence[Selection]], corpus: Corpus, *, top: int) -> tuple[Quote, ...]:
    """Return one quote for each of the first `top` groups: its first selection's, the others' in `also`.

    A selection that is not verbatim is dropped, and so is a group without any other.
    """
    return tuple(islice(_quotes(groups, corpus), top))


def is_verbatim(passage: int, corpus: Corpus) -> bool:
    """Return whether the passage of that number is still its document's own text; log an error if not."""
    span, name = corpus.passages[passage].span, corpus.passages[passage].document
    if paragraph_hash(corpus.library.document(name).slice(span)) == corpus.hashes[passage]:
        return True
    logger.error("dropped a quote that is not in %s at %d-%d", name, span.start, span.end)
    return False


def quote_at(
    document: Document,
    span: Span,
    *,
    highlights: tuple[Span, ...] = (),
    best: Span | None = None,
    score: float = 0.0,
) -> Quote:
    """Return the quote of `document` at `span`, with its citation; all spans are absolute."""
    first_line, last_line = document.lines(span)
    at = document.block_after(span.start)
    following = map(document.blocks.__getitem__, range(at, len(document.blocks)))
    blocks = list(takewhile(lambda block: block.span.start < span.end, following))
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
        best=best,
        score=score,
        sha256=document.sha256,
        headings=headings,
        qualifier=document.qualifier,
        context=tuple(Excerpt(header, document.slice(header)) for header in dict.fromkeys(headers)),
        page=document.page(span),
        markup=Markup.CODE if _is_bare_code(document, blocks, span) else document.markup,
        short_title=document.short_title,
        provenance_label=document.provenance_label,
    )


def _is_bare_code(document: Document, blocks: Sequence[Block], span: Span) -> bool:
    """Return whether `span` is code and cannot be told so without its block: a part of it, or code without fences."""
    if not blocks or any(block.kind is not BlockKind.CODE for block in blocks):
        return False
    is_whole = blocks[0].span.start >= span.start and blocks[-1].span.end <= span.end
    return not (is_whole and all(_FENCE.match(document.text, block.span.start) for block in blocks))


def _quotes(groups: Iterable[Sequence[Selection]], corpus: Corpus) -> Iterator[Quote]:
    for group in groups:
        quotes = [_quote(each, corpus) for each in group if is_verbatim(each.passage, corpus)]
        if quotes:
            yield replace(quotes[0], also=tuple(quotes[1:])) if len(quotes) > 1 else quotes[0]


def _quote(selection: Selection, corpus: Corpus) -> Quote:
    passage = corpus.passages[selection.passage]
    highlights = tuple(passage.sentences[number] for number in selection.sentences)
    document = corpus.library.document(passage.document)
    best = None if selection.best is None else passage.sentences[selection.best]
    return quote_at(document, passage.span, highlights=highlights, best=best, score=selection.score)
