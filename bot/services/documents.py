"""The documents of the version that answers, as the bot's own process reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import index
from bot.errors import StaleError, UnknownDocumentError
from bot.rendering.custom_id import document_tag
from bot.rendering.pagination import Page, paginate
from index import ChronicleError, Document, Language, Library


class DocumentLibrary:
    """Reads the store's documents off the event loop, once per version."""

    def __init__(self, store: Path, answering_version: Callable[[], str | None]) -> None:
        self._store = store
        self._answering_version = answering_version
        self._lock = asyncio.Lock()
        self._version: str | None = None
        self._library = Library(documents=())
        self._pages: dict[str, tuple[Page, ...]] = {}

    @property
    def version(self) -> str:
        """The version that was read last; empty before the first."""
        return self._version or ""

    async def library(self) -> Library:
        """Return the library of the version that answers, or of the store's current one before any answers.

        Raises StoreError.
        """
        async with self._lock:
            version = self._answering_version()
            if version is None:
                version = (await asyncio.to_thread(index.Store(self._store).info)).version
            if version != self._version:
                self._library = await asyncio.to_thread(index.Store(self._store).library, version)
                self._version = version
                self._pages.clear()
            return self._library

    async def about(self, language: Language) -> str:
        """Return what the documents are about in `language`; empty if they do not say or cannot be read."""
        try:
            return (await self.library()).about.get(language, "")
        except ChronicleError:
            return ""

    async def find(self, tag: str) -> Document:
        """Return the document with that `document_tag`. Raises StaleError if there is none."""
        for document in (await self.library()).documents:
            if document_tag(document.name, document.sha256) == tag:
                return document
        raise StaleError

    def check_known(self, name: str) -> None:
        """Raise UnknownDocumentError if no document has that name or title, unless that would have to be read."""
        if self._version is not None and self._version == self._answering_version():
            _named(self._library, name)

    async def named(self, name: str) -> Document:
        """Return the document with that name or title. Raises UnknownDocumentError if there is none."""
        return _named(await self.library(), name)

    async def pages(self, document: Document) -> tuple[Page, ...]:
        """Return the pages of `document`."""
        if document.sha256 not in self._pages:
            self._pages[document.sha256] = await asyncio.to_thread(paginate, document)
        return self._pages[document.sha256]


def _named(library: Library, name: str) -> Document:
    wanted = name.strip().casefold()
    for document in library.documents:
        if wanted in (document.name.casefold(), document.title.casefold()):
            return document
        if wanted and document.sha256.startswith(wanted):
            return document
    raise UnknownDocumentError
