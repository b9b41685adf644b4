"""Reading aids: which translation, restatement and terminology a reader of each language is shown with a quote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.answering.quoting.excerpts import excerpt
from index.answering.quoting.terminology import localize, localized_terms
from index.corpus.corpus import Corpus
from index.text.alignment import Bead, align
from index.text.chinese import convert_script, is_chinese, with_quotation_marks
from index.text.sentences import split_sentences
from index.types import (
    AidKind,
    Block,
    Document,
    DocumentLanguage,
    Language,
    Library,
    ParagraphAnnotation,
    Quote,
    ReadingAid,
    Span,
    Term,
)

_KNOWN_BLOCKS = 1024  # whose sentences are kept aligned: some 2 MB

# Columns; a Chinese character takes two. Where the translation of three highlighted sentences takes more, the one
# farthest from the best is no longer highlighted: with all three, a card would have more than twelve lines.
_LONG = 360


def add_reading_aids(
    quotes: Sequence[Quote], corpus: Corpus, *, language: Language, answered: bool, question: str = ""
) -> tuple[Quote, ...]:
    """Return `quotes`, and those in `also`, with the reading aid and the terminology for a reader of `language`.

    `answered`: whether the quotes answer the question, or may. Quotes that merely come nearest are translated but
    not restated. A name that stands in `question` needs no explaining.
    """
    asked = question.casefold()

    def aided(quote: Quote) -> Quote:
        aid = _aid(quote, corpus, language=language, answered=answered)
        if aid is not None and _is_long(aid) and len(quote.highlights) > 2 and quote.best is not None:
            shorter = _without_farthest(quote, quote.best)
            shorter_aid = _aid(shorter, corpus, language=language, answered=answered)
            if shorter_aid is not None:  # what is translated may be the sentence that was left out
                quote, aid = shorter, shorter_aid
        terms = tuple(
            term
            for term in localized_terms(
                _highlighted_text(quote), corpus.terms, written_in=quote.language, language=language
            )
            if term.written.casefold() not in asked
        )
        if aid is None and not terms and not quote.also:
            return quote
        also = add_reading_aids(quote.also, corpus, language=language, answered=answered, question=question)
        return replace(quote, aid=aid, terms=terms, also=also)

    return tuple(map(aided, quotes))


def paragraph_aids(
    document: Document, blocks: Iterable[int], library: Library, *, language: Language
) -> dict[int, ReadingAid]:
    """Return, by block number, the reading aid of each whole block of `blocks` for a reader of `language`.

    `library` is one that a store has read. There is none in the reader's own words, and none where nothing is written.
    """
    kind = _kind(document.language, language)
    known = library.annotations.get(document.name, {})
    found: dict[int, ReadingAid] = {}
    for number in blocks:
        annotation = known.get(number)
        text = _text(annotation, kind, language) if annotation and kind else ""
        if annotation is None or kind is None or not text:
            continue
        text = _for_reader(text, library.terms, written_in=document.language, language=language)
        if text != document.slice(document.blocks[number].span):
            found[number] = ReadingAid(
                kind, text, drafted_by=annotation.drafted_by, is_checked=annotation.is_checked
            )
    return found


def _is_long(aid: ReadingAid) -> bool:
    return aid.kind is AidKind.TRANSLATION and len(aid.text) * (2 if is_chinese(aid.text) else 1) > _LONG


def _without_farthest(quote: Quote, best: Span) -> Quote:
    """Return `quote` without the highlight that is farthest from its best sentence."""
    farthest = max(quote.highlights, key=lambda span: max(span.start - best.end, best.start - span.end))
    return replace(quote, highlights=tuple(span for span in quote.highlights if span != farthest))


def _highlighted_text(quote: Quote) -> str:
    """Return the highlighted sentences of `quote`, or what is shown of it where there are none."""
    return "\n".join(span.shift(-quote.start).of(quote.text) for span in quote.highlights or excerpt(quote))


def _kind(written_in: DocumentLanguage, language: Language) -> AidKind | None:
    """Return a translation across languages, a restatement for a reader of Chinese within it, else None."""
    if written_in == language == "en":
        return None
    return AidKind.TRANSLATION if "en" in (written_in, language) else AidKind.RESTATEMENT


def _text(annotation: ParagraphAnnotation, kind: AidKind, language: Language) -> str:
    """Return what an annotation has of that kind in the reader's language; empty without it."""
    text = annotation.restatement if kind is AidKind.RESTATEMENT else annotation.translation
    return text if text.strip() and (language == "en" or is_chinese(text)) else ""


def _aid(quote: Quote, corpus: Corpus, *, language: Language, answered: bool) -> ReadingAid | None:
    """Return the aid of the highlighted sentences, or None; what does not answer is not restated."""
    kind = _kind(quote.language, language)
    if kind is None or (kind is AidKind.RESTATEMENT and not answered):
        return None
    document = corpus.library.document(quote.document)
    written = _written(quote, document, corpus, kind=kind, language=language)
    gap = " " if language == "en" else ""
    text = gap.join(
        sentence
        for block, annotation in written
        for sentence in _highlighted(quote.highlights, block, annotation.text, document=document)
    )
    if not text.strip() or text == "".join(document.slice(span) for span in quote.highlights):
        return None
    paragraphs = gap.join(annotation.text for _, annotation in written)
    text, paragraphs = (
        _for_reader(each, corpus.terms, written_in=quote.language, language=language)
        for each in (text, paragraphs)
    )
    models = dict.fromkeys(annotation.drafted_by for _, annotation in written if annotation.drafted_by)
    return ReadingAid(
        kind,
        text,
        drafted_by=", ".join(models),
        paragraphs="" if text == paragraphs else paragraphs,
        is_checked=all(annotation.is_checked for _, annotation in written),
    )


@dataclass(frozen=True, slots=True)
class _Annotation:
    """What is written about a block for a reader, the model that drafted it, and whether a person checked it."""

    text: str
    drafted_by: str
    is_checked: bool


def _written(
    quote: Quote, document: Document, corpus: Corpus, *, kind: AidKind, language: Language
) -> list[tuple[Block, _Annotation]]:
    """Return the highlighted blocks that have an aid of that kind in the reader's language, with it."""
    known = corpus.annotations.get(quote.document, {})
    found: list[tuple[Block, _Annotation]] = []
    end = max((span.end for span in quote.highlights), default=0)
    for number in range(document.block_after(quote.start), len(document.blocks)):
        block = document.blocks[number]
        if block.span.start >= end:
            break
        if number not in known or not any(block.span.overlaps(span) for span in quote.highlights):
            continue
        text = _text(known[number], kind, language)
        if text:
            found.append((block, _Annotation(text, known[number].drafted_by, known[number].is_checked)))
    return found


def _for_reader(text: str, terms: Sequence[Term], *, written_in: DocumentLanguage, language: Language) -> str:
    """Return an aid as its reader writes: script, quotation marks, and in the document's language the names."""
    if language == "en":
        return text
    if written_in == "en":
        return with_quotation_marks(convert_script(text, language), language)
    return with_quotation_marks(localize(text, terms, written_in=written_in, language=language), language)


def _highlighted(highlights: Sequence[Span], block: Block, annotation: str, *, document: Document) -> list[str]:
    """Return the sentences of a block's annotation that stand for its highlighted ones."""
    aligned = _align_sentences(document.slice(block.span), annotation)
    marked = [span.shift(-block.span.start) for span in highlights if span.overlaps(block.span)]
    shown = {
        number
        for bead in aligned.beads
        if any(aligned.original[at].overlaps(span) for at in bead.original for span in marked)
        for number in bead.translation
    }
    return [aligned.written[at].of(annotation) for at in sorted(shown)]


@dataclass(frozen=True, slots=True)
class _Alignment:
    """The sentences of a block, in its own offsets, those of its annotation, and which stand for which."""

    original: Sequence[Span]
    written: Sequence[Span]
    beads: Sequence[Bead]


@lru_cache(maxsize=_KNOWN_BLOCKS)
def _align_sentences(block: str, annotation: str) -> _Alignment:
    original, written = split_sentences(block), split_sentences(annotation)
    beads = align([len(span) for span in original], [len(span) for span in written])
    return _Alignment(original, written, beads)
