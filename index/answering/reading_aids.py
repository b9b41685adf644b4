"""Reading aids: which translation, restatement and terminology a reader of each language is shown with a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.answering.terminology import localize, localized_terms
from index.corpus.corpus import Corpus
from index.text.chinese import convert_script, is_chinese
from index.types import AidKind, Language, ParagraphAnnotation, Quote, ReadingAid


def add_reading_aids(
    quotes: Sequence[Quote], corpus: Corpus, *, language: Language, answered: bool
) -> tuple[Quote, ...]:
    """Return `quotes` with the reading aid and the terminology for a reader of `language`.

    `answered`: whether the quotes answer the question. Quotes that merely come nearest are translated but not
    restated. The quotes in `also` are shown as citations only and have no aids.
    """
    return tuple(
        replace(
            quote,
            aid=_aid(quote, corpus, language=language, answered=answered),
            terms=localized_terms(quote.text, corpus.terms, written_in=quote.language, language=language),
        )
        for quote in quotes
    )


def _aid(quote: Quote, corpus: Corpus, *, language: Language, answered: bool) -> ReadingAid | None:
    """Return a translation across languages, a restatement for a reader of Chinese within it, or None."""
    if quote.language == language == "en":
        return None
    highlighted = _annotations_of_highlights(quote, corpus)
    if language == "en":
        kind, text = AidKind.TRANSLATION, " ".join(each.translation for each in highlighted)
    elif quote.language == "en":
        translations = (each.translation for each in highlighted if is_chinese(each.translation))
        kind, text = AidKind.TRANSLATION, convert_script("".join(translations), language)
    else:
        plain = "".join(each.restatement for each in highlighted)
        if not answered or plain == quote.text:
            return None
        kind = AidKind.RESTATEMENT
        text = localize(plain, corpus.terms, written_in=quote.language, language=language)
    models = dict.fromkeys(each.drafted_by for each in highlighted if each.drafted_by)
    return ReadingAid(kind, text, drafted_by=", ".join(models)) if text.strip() else None


def _annotations_of_highlights(quote: Quote, corpus: Corpus) -> list[ParagraphAnnotation]:
    """Return the annotations of the highlighted paragraphs; those of the whole passage would outgrow the quote."""
    known = corpus.annotations.get(quote.document, {})
    blocks = corpus.library.document(quote.document).blocks
    return [
        known[number]
        for number, block in enumerate(blocks)
        if number in known and any(block.span.overlaps(span) for span in quote.highlights)
    ]
