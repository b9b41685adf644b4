"""The choices that commands offer while a person types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import TypeVar

import discord
from discord import app_commands

import index
from bot.errors import BotError
from bot.locales import language_for, language_of_locale
from bot.rendering.text.markdown import is_blank, plain
from bot.services.document_catalog import Choice
from bot.services.documents import DocumentLibrary
from index import ChronicleError

Found = TypeVar("Found")

_LABEL_LENGTH = 100
_MOST_CHOICES = 25
# Discord waits three seconds for choices; without any the person can go on typing.
_PATIENCE_SECONDS = 2.0


async def starter_choices(
    documents: DocumentLibrary, typed: str, locale: discord.Locale
) -> list[app_commands.Choice[str]]:
    """Return starter questions in the language of `typed`, or of the client; none while they cannot be read."""
    library = await _in_time(documents.library())
    if library is None:
        return []
    language = language_of_locale(locale) if is_blank(typed) else language_for(typed, locale)
    offered = matching_starters(typed.strip(), library.starters.get(language, ()))
    fitting = [text for text in offered if len(text) <= _LABEL_LENGTH]
    return [app_commands.Choice(name=text, value=text) for text in fitting[:_MOST_CHOICES]]


def matching_starters(typed: str, starters: Sequence[str]) -> list[str]:
    """Return the starters that contain `typed`, after `typed` itself.

    Discord's clients choose the first one on Enter, which must never be another question than the one typed.
    """
    if not typed:
        return list(starters)
    wanted = typed.casefold()
    found = [starter for starter in starters if wanted in starter.casefold() and wanted != starter.casefold()]
    return [typed, *found] if found else []


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


async def version_choices(
    store: index.Store, typed: str, *, answering: str | None
) -> list[app_commands.Choice[str]]:
    """Return the versions whose label contains `typed` but for the one that answers; none while they cannot be read."""
    versions = await _in_time(asyncio.to_thread(store.versions))
    labels = {name: index.version_label(name, versions or ()) for name in versions or () if name != answering}
    offered = [(name, label) for name, label in labels.items() if typed.strip() in label]
    return [app_commands.Choice(name=label, value=name) for name, label in offered[:_MOST_CHOICES]]


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
