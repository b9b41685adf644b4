"""The choices that commands offer while a person types."""

from __future__ import annotations

from discord import app_commands

from bot.errors import BotError
from bot.rendering.citation import document_label
from bot.rendering.markdown import plain
from bot.rendering.sections import sections
from bot.services.documents import DocumentLibrary
from index import ChronicleError

_MOST_CHOICES = 25
_CHOICE_LENGTH = 100
# A document's name may be longer than a choice; this many digits of its hash never are.
_HASH_LENGTH = 16


async def document_choices(documents: DocumentLibrary, typed: str) -> list[app_commands.Choice[str]]:
    """Return the documents whose label or name contains `typed`."""
    try:
        library = await documents.library()
    except ChronicleError:
        return []
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(
            name=plain(document_label(document), limit=_CHOICE_LENGTH),
            value=document.name if len(document.name) <= _CHOICE_LENGTH else document.sha256[:_HASH_LENGTH],
        )
        for document in library.documents
        if wanted in document_label(document).casefold() or wanted in document.name.casefold()
    ][:_MOST_CHOICES]


async def section_choices(documents: DocumentLibrary, document: str, typed: str) -> list[app_commands.Choice[str]]:
    """Return the sections of `document` whose name contains `typed`."""
    try:
        pages = await documents.pages(await documents.named(document))
    except (BotError, ChronicleError):
        return []
    wanted = typed.strip().casefold()
    found = [section for section in sections(pages) if wanted in section.label.casefold()]
    return [
        app_commands.Choice(name=plain(section.label, limit=_CHOICE_LENGTH), value=section.choice)
        for section in found
    ][:_MOST_CHOICES]
