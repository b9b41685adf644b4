"""What the commands offer while a person types."""

from __future__ import annotations

from discord import app_commands

from bot.errors import BotError
from bot.rendering.markdown import plain
from bot.rendering.pagination import sections
from bot.services.documents import DocumentLibrary
from index import ChronicleError

_CHOICES = 25
_CHOICE = 100
# A document's name may exceed a choice; the start of its hash never does.
_HASH = 16


async def document_choices(documents: DocumentLibrary, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the documents whose title or name holds what was typed."""
    try:
        library = await documents.library()
    except ChronicleError:
        return []
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(
            name=plain(document.title, limit=_CHOICE),
            value=document.name if len(document.name) <= _CHOICE else document.sha256[:_HASH],
        )
        for document in library.documents
        if wanted in document.title.casefold() or wanted in document.name.casefold()
    ][:_CHOICES]


async def section_choices(documents: DocumentLibrary, document: str, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the sections of `document` whose name holds what was typed."""
    try:
        pages = await documents.pages(await documents.named(document))
    except (BotError, ChronicleError):
        return []
    wanted = typed.strip().casefold()
    found = [name for name in sections(pages) if wanted in name.casefold()]
    return [app_commands.Choice(name=plain(name, limit=_CHOICE), value=name[:_CHOICE]) for name in found][
        :_CHOICES
    ]
