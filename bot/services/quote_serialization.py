"""An answer's quotes as the query log keeps them: hashes, ranges and reading aids, without the quoted text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.errors import ForgottenError, StaleError
from bot.rendering.custom_id import document_tag
from index import AidKind, Document, LocalizedTerm, Quote, ReadingAid, Span, quote_at

FindDocument: TypeAlias = Callable[[str], Document | None]


def dump_quotes(quotes: Sequence[Quote]) -> str:
    """Return `quotes` as JSON."""
    return json.dumps([_dump(quote) for quote in quotes], ensure_ascii=False, separators=(",", ":"))


def load_quotes(serialized: str, find: FindDocument) -> tuple[Quote, ...]:
    """Return the quotes with their text from the documents that `find` returns by their tags.

    Raises StaleError if a document has changed since, ForgottenError if `serialized` is damaged.
    """
    try:
        return tuple(_load(entry, find) for entry in json.loads(serialized))
    except (ValueError, TypeError) as error:
        raise ForgottenError from error


def _dump(quote: Quote) -> list[object]:
    return [
        document_tag(quote.document, quote.sha256),
        quote.start,
        quote.end,
        [[span.start, span.end] for span in quote.highlights],
        [_dump(other) for other in quote.also],
        _dump_aid(quote.aid) if quote.aid else [],
        [[term.written, term.localized] for term in quote.terms],
    ]


def _dump_aid(aid: ReadingAid) -> list[object]:
    return [aid.kind, aid.text, aid.drafted_by, aid.paragraphs, aid.is_checked]


def _load(entry: list[object], find: FindDocument) -> Quote:
    match entry:
        case [str(tag), int(start), int(end), list(highlights), list(also), list(aid), list(terms)]:
            document = find(tag)
            if document is None:
                raise StaleError
            spans = tuple(Span(first, last) for first, last in highlights)
            return replace(
                quote_at(document, Span(start, end), highlights=spans),
                also=tuple(_load(other, find) for other in also),
                aid=ReadingAid(AidKind(aid[0]), *aid[1:]) if aid else None,
                terms=tuple(LocalizedTerm(written, localized) for written, localized in terms),
            )
        case _:
            raise ForgottenError
