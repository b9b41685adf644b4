"""An answer's quotes as a record keeps them: hashes and ranges, no text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import ForgottenError, StaleError
from bot.rendering.custom_id import document_tag
from index import Document, Library, Quote, Span, quote_at


def remember(quotes: Sequence[Quote]) -> str:
    """Write `quotes` down."""
    return json.dumps([_written(quote) for quote in quotes], separators=(",", ":"))


def recall(written: str, library: Library) -> tuple[Quote, ...]:
    """Quote anew what was written down; raise StaleError when a document has changed since."""
    if not written:
        raise ForgottenError
    documents = {document_tag(document.name, document.sha256): document for document in library.documents}
    return tuple(_read(entry, documents) for entry in json.loads(written))


def _written(quote: Quote) -> list[object]:
    highlights = [[span.start, span.end] for span in quote.highlights]
    mark = document_tag(quote.document, quote.sha256)
    return [mark, quote.start, quote.end, highlights, [_written(other) for other in quote.also]]


def _read(entry: list[object], documents: dict[str, Document]) -> Quote:
    match entry:
        case [str(mark), int(start), int(end), list(highlights), list(also)]:
            document = documents.get(mark)
            if document is None:
                raise StaleError
            spans = tuple(Span(first, last) for first, last in highlights)
            quote = quote_at(document, Span(start, end), highlights=spans)
            return replace(quote, also=tuple(_read(other, documents) for other in also))
        case _:
            raise ForgottenError
