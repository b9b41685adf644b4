"""The documents of the version that answers, as the bot's own process reads them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import index
from bot.errors import StaleError
from bot.rendering.custom_id import document_tag
from bot.rendering.pages.pagination import PagedDocument, paginate
from bot.rendering.pages.sections import Section
from bot.services.collector_pause import CollectorPause
from bot.services.document_catalog import DocumentCatalog
from index import ChronicleError, Document, Language, Library, MilvusAddress, Span

log = logging.getLogger(__name__)


class DocumentLibrary:
    """Reads the store's documents off the event loop, once per version."""

    def __init__(self, store: Path | MilvusAddress, answering_version: Callable[[], str | None]) -> None:
        self._store = store
        self._answering_version = answering_version
        self._lock = asyncio.Lock()
        self._version: str | None = None
        self._catalog = DocumentCatalog(Library(documents=()))
        self._pages: dict[str, asyncio.Future[PagedDocument]] = {}
        self._collector = CollectorPause()
        self._preload: asyncio.Future[None] | None = None

    @property
    def version(self) -> str:
        """The version that was read last; empty before the first."""
        return self._version or ""

    def preload(self) -> None:
        """Read the version that answers in the background, so that nobody has to wait for it."""
        self._preload = asyncio.ensure_future(self._read_quietly())

    async def catalog(self) -> DocumentCatalog:
        """Return the documents of the version that answers, or of the store's current one before any answers.

        Raises StoreError.
        """
        async with self._lock:
            version = self._answering_version()
            if version is None:
                version = (await asyncio.to_thread(index.open_store(self._store).info)).version
            if version != self._version:
                self._catalog = await asyncio.to_thread(self._read, version)
                self._version = version
                self._pages.clear()
            return self._catalog

    async def library(self) -> Library:
        """Return the library that `catalog` was made from. Raises StoreError."""
        return (await self.catalog()).library

    async def about(self, language: Language) -> str:
        """Return what the documents are about in `language`; empty if they do not say or cannot be read."""
        try:
            return (await self.library()).about.get(language, "")
        except ChronicleError:
            return ""

    async def starters(self, language: Language) -> tuple[str, ...]:
        """Return the starter questions in `language`; none if the documents cannot be read."""
        try:
            return (await self.library()).starters.get(language, ())
        except ChronicleError:
            return ()

    async def find(self, tag: str) -> Document:
        """Return the document with that `document_tag`. Raises StaleError if there is none."""
        document = (await self.catalog()).tagged(tag)
        if document is None:
            raise StaleError
        return document

    def check_known(self, name: str) -> None:
        """Raise what `named` would raise, unless the documents would have to be read for it."""
        if self._version is not None and self._version == self._answering_version():
            self._catalog.named(name)

    async def named(self, name: str) -> Document:
        """Return the document that `name` names. Raises UnknownDocumentError, AmbiguousDocumentError."""
        return (await self.catalog()).named(name)

    async def paged(self, document: Document) -> PagedDocument:
        """Return `document` with its pages and sections, which are computed once."""
        tag = document_tag(document.name, document.sha256)
        known = self._pages.get(tag)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            sections = (await self.catalog()).sections(document)
            self._pages[tag] = asyncio.ensure_future(asyncio.to_thread(self._page, document, sections))
        return await asyncio.shield(self._pages[tag])

    def _read(self, version: str) -> DocumentCatalog:
        with self._collector.active():
            return DocumentCatalog(index.open_store(self._store).library(version))

    def _page(self, document: Document, sections: tuple[Section, ...]) -> PagedDocument:
        with self._collector.active():
            document.lines(Span(0, 0))  # the line offsets are cached: not to be computed on the event loop
            return PagedDocument(document, paginate(document), sections)

    async def _read_quietly(self) -> None:
        try:
            await self.catalog()
        except ChronicleError as error:
            log.warning("the documents cannot be read: %s", error)


def original_bytes(document: Document) -> bytes | None:
    """Return the file's bytes, restored from its text; None for a format whose text was extracted."""
    try:
        content = document.text.encode(document.encoding)
    except (LookupError, UnicodeEncodeError):
        return None
    return content if hashlib.sha256(content).hexdigest() == document.sha256 else None
