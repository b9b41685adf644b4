"""Reading aids: which translation, restatement and terminology a reader of each language is shown with a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.excerpts import excerpt
from index.answering.terminology import localize, localized_terms
from index.corpus.corpus import Corpus
from index.text.alignment import align
from index.text.chinese import convert_script, is_chinese
from index.text.sentences import split_sentences
from index.types import AidKind, Block, Document, Language, Quote, ReadingAid, Span


def add_reading_aids(
    quotes: Sequence[Quote], corpus: Corpus, *, language: Language, answered: bool
) -> tuple[Quote, ...]:
    """Return `quotes`, and those in `also`, with the reading aid and the terminology for a reader of `language`.

    `answered`: whether the quotes answer the question, or may. Quotes that merely come nearest are translated but
    not restated.
    """
    return tuple(
        replace(
            quote,
            aid=_aid(quote, corpus, language=language, answered=answered),
            terms=localized_terms(_shown(quote), corpus.terms, written_in=quote.language, language=language),
            also=add_reading_aids(quote.also, corpus, language=language, answered=answered),
        )
        for quote in quotes
    )


def _shown(quote: Quote) -> str:
    return "\n".join(span.shift(-quote.start).of(quote.text) for span in excerpt(quote))


def _aid(quote: Quote, corpus: Corpus, *, language: Language, answered: bool) -> ReadingAid | None:
    """Return a translation across languages, a restatement for a reader of Chinese within it, or None."""
    if quote.language == language == "en":
        return None
    kind = AidKind.TRANSLATION if "en" in (quote.language, language) else AidKind.RESTATEMENT
    if kind is AidKind.RESTATEMENT and not answered:
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
    text, paragraphs = (_for_reader(each, quote, corpus, language=language) for each in (text, paragraphs))
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
    for number, block in enumerate(document.blocks):
        if number not in known or not any(block.span.overlaps(span) for span in quote.highlights):
            continue
        text = known[number].restatement if kind is AidKind.RESTATEMENT else known[number].translation
        if text.strip() and (language == "en" or is_chinese(text)):
            found.append((block, _Annotation(text, known[number].drafted_by, known[number].is_checked)))
    return found


def _for_reader(text: str, quote: Quote, corpus: Corpus, *, language: Language) -> str:
    """Return an aid in the reader's script, with their names where it is in the document's own language."""
    if language == "en":
        return text
    if quote.language == "en":
        return convert_script(text, language)
    return localize(text, corpus.terms, written_in=quote.language, language=language)


def _highlighted(highlights: Sequence[Span], block: Block, annotation: str, *, document: Document) -> list[str]:
    """Return the sentences of a block's annotation that stand for its highlighted ones."""
    original = list(split_sentences(document.text, block.span))
    written = list(split_sentences(annotation))
    shown = {
        number
        for bead in align([len(span) for span in original], [len(span) for span in written])
        if any(original[at].overlaps(span) for at in bead.original for span in highlights)
        for number in bead.translation
    }
    return [written[at].of(annotation) for at in sorted(shown)]
