"""Reading the documents: a page with its reading aids, and what an answer quoted there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.errors import ForgottenError, RecordsUnavailableError, StaleError
from bot.rendering.custom_id import Reading, document_tag
from bot.rendering.layout import Layout
from bot.rendering.library import PageAids, page_layout
from bot.rendering.pages.pagination import PagedDocument
from bot.rendering.reading_aids import block_numbers
from bot.services.documents import DocumentLibrary
from bot.services.quote_serialization import load_quotes
from bot.services.records.query_log import QueryLog
from index import Document, Quote, ReadingAid, Span, paragraph_aids


class DocumentReading:
    """Shows documents to a reader as an answer showed them: in bold, with its translation and its outcome."""

    def __init__(self, documents: DocumentLibrary, query_log: QueryLog) -> None:
        self._documents = documents
        self._query_log = query_log

    async def page(self, document: Document, number: int, *, reading: Reading) -> Layout:
        """Return page `number` of `document`, from 0. Raises StoreError."""
        paged = await self._documents.paged(document)
        quote = await self.quote(document, Span(reading.start, reading.end), record=reading.record)
        aids = PageAids(quote, await self._aids(paged, number, reading))
        return page_layout(paged, number=number, reading=reading, aids=aids)

    async def quote(self, document: Document, span: Span, *, record: int) -> Quote | None:
        """Return the quote at `span` with the highlights and aids that its answer had; None once its record is gone."""
        if record == 0:
            return None
        try:
            logged = await self._query_log.find(record)
            quotes = load_quotes(logged.quotes, (await self._documents.catalog()).tagged)
        except (ForgottenError, RecordsUnavailableError, StaleError):
            return None
        wanted = (document_tag(document.name, document.sha256), span)
        every = (each for quote in quotes for each in (quote, *quote.also))
        return next((each for each in every if _identity(each) == wanted), None)

    async def _aids(self, paged: PagedDocument, number: int, reading: Reading) -> Mapping[int, ReadingAid]:
        if not paged.pages:
            return {}
        document, page = paged.document, paged.pages[min(number, len(paged.pages) - 1)]
        library = await self._documents.library()
        return await asyncio.to_thread(
            paragraph_aids, document, block_numbers(document, page), library, language=reading.language
        )


def _identity(quote: Quote) -> tuple[str, Span]:
    return document_tag(quote.document, quote.sha256), Span(quote.start, quote.end)
