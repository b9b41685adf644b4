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
    """Reads the store's documents off the event loop, once a version."""

    def __init__(self, store: Path, version: Callable[[], str | None]) -> None:
        self._store = store
        self._answering = version
        self._lock = asyncio.Lock()
        self._version: str | None = None
        self._library = Library(documents=())
        self._pages: dict[str, tuple[Page, ...]] = {}

    @property
    def version(self) -> str:
        """Give the version that was read last; empty before the first."""
        return self._version or ""

    async def library(self) -> Library:
        """Give the library of the version that answers, or the store's while nothing answers yet."""
        async with self._lock:
            version = self._answering()
            if version is None:
                version = (await asyncio.to_thread(index.read_info, self._store)).version
            if version != self._version:
                self._library = await asyncio.to_thread(index.read_library, self._store, version)
                self._version = version
                self._pages.clear()
            return self._library

    async def about(self, language: Language) -> str:
        """Give what the documents are about in `language`; empty when they do not say, or cannot be read."""
        try:
            return (await self.library()).about.get(language, "")
        except ChronicleError:
            return ""

    async def find(self, mark: str) -> Document:
        """Give the document whose document_tag is `mark`; raise StaleError when there is none."""
        for document in (await self.library()).documents:
            if document_tag(document.name, document.sha256) == mark:
                return document
        raise StaleError

    async def named(self, name: str) -> Document:
        """Give the document of that name or title; raise UnknownDocumentError when there is none."""
        wanted = name.strip().casefold()
        for document in (await self.library()).documents:
            if wanted in (document.name.casefold(), document.title.casefold()):
                return document
            if wanted and document.sha256.startswith(wanted):
                return document
        raise UnknownDocumentError

    async def pages(self, document: Document) -> tuple[Page, ...]:
        """Give the pages of `document`."""
        if document.sha256 not in self._pages:
            self._pages[document.sha256] = await asyncio.to_thread(paginate, document)
        return self._pages[document.sha256]
