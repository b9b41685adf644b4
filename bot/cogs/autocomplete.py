"""The choices that commands offer while a person types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from discord import app_commands

from bot.errors import BotError
from bot.rendering.text.markdown import plain
from bot.services.document_catalog import Choice
from bot.services.documents import DocumentLibrary
from index import ChronicleError

Found = TypeVar("Found")

_LABEL_LENGTH = 100
# Discord waits three seconds for choices; without any the person can go on typing.
_PATIENCE_SECONDS = 2.0


async def document_choices(documents: DocumentLibrary, typed: str) -> list[app_commands.Choice[str]]:
    """Return the documents whose title, qualifier or name contains `typed`; none while they cannot be read."""
    catalog = await _in_time(documents.catalog())
    if catalog is None:
        return []
    return _choices(await asyncio.to_thread(catalog.document_choices, typed))


async def section_choices(documents: DocumentLibrary, document: str, typed: str) -> list[app_commands.Choice[str]]:
    """Return the sections of `document` whose label contains `typed`; none while it cannot be read."""
    catalog = await _in_time(documents.catalog())
    if catalog is None:
        return []
    try:
        found = catalog.named(document)
    except BotError:
        return []
    return _choices(await asyncio.to_thread(catalog.section_choices, found, typed))


async def _in_time(reading: Awaitable[Found]) -> Found | None:
    """Return the result of `reading`, None if it fails or takes too long; it goes on in the latter case."""
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(reading)), _PATIENCE_SECONDS)
    except (ChronicleError, TimeoutError):
        return None


def _choices(found: Iterable[Choice]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=plain(choice.label, limit=_LABEL_LENGTH), value=choice.value) for choice in found
    ]
