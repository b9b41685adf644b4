"""What a action does: each shows its result to the person who pressed, and to nobody else."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any, assert_never, cast

import discord

from bot.discord_io.respond import Interaction, answer, language_of_interaction
from bot.errors import NotAskerError, StaleError, TooLargeError
from bot.locales import messages_in
from bot.rendering.answer import Asked, more_layout
from bot.rendering.custom_id import (
    Action,
    CancelRebuild,
    DeleteAnswer,
    Download,
    JumpToSection,
    ReadPage,
    ShowContext,
    ShowConverted,
    ShowMore,
    SwapScript,
    TurnPage,
    Vote,
    version_tag,
)
from bot.rendering.layout import Layout, notice
from bot.rendering.library import page_layout
from bot.rendering.pagination import sections
from bot.rendering.passage import Viewer, context_layout, script_layout
from bot.services.documents import DocumentLibrary
from bot.services.index_versions import IndexVersions
from bot.services.permissions import Permissions
from bot.services.query_log import QueryLog
from bot.services.recall import recall
from index import Document, Language, Span

# Discord's upload limit for a bot where the server has no boost.
_UPLOAD_BYTES = 10 * 1024 * 1024


class ActionHandlers:
    """Carries actions out."""

    def __init__(
        self, documents: DocumentLibrary, query_log: QueryLog, *, versions: IndexVersions, permissions: Permissions
    ) -> None:
        self._shelf = documents
        self._feedback = query_log
        self._versions = versions
        self._operators = permissions

    async def carry_out(self, action: Action, interaction: Interaction) -> None:
        """Acknowledge `action` at once and do what it says; raise BotError for what cannot be done."""
        match action:
            case SwapScript() | TurnPage() | JumpToSection():
                await interaction.response.defer()
                await interaction.edit_original_response(view=await self._changed(action, interaction))
            case DeleteAnswer():
                await _delete(action, interaction)
            case CancelRebuild():
                await self._operators.check(interaction)
                self._versions.cancel(action.build, by=interaction.user.display_name)
                await interaction.response.defer()
            case Download():
                await interaction.response.defer(ephemeral=True, thinking=True)
                await self._download(action, interaction)
            case _:
                await interaction.response.defer(ephemeral=True, thinking=True)
                await answer(interaction, await self._shown(action, interaction))

    async def _changed(self, action: SwapScript | TurnPage | JumpToSection, interaction: Interaction) -> Layout:
        """Give what the message with the button shows from now on."""
        match action:
            case SwapScript():
                return await self._script(action, interaction, converted=bool(action.converted))
            case TurnPage():
                return await self._page(action.document_tag, action.page, interaction)
            case JumpToSection():
                return await self._section(action, interaction)
            case _:
                assert_never(action)

    async def _shown(
        self, action: ShowContext | ShowConverted | ShowMore | Vote | ReadPage, interaction: Interaction
    ) -> Layout:
        """Give what the presser is shown in a message of their own."""
        match action:
            case ShowContext():
                return await self._context(action, interaction)
            case ShowConverted():
                return await self._script(action, interaction, converted=True)
            case ShowMore():
                return await self._more(action)
            case Vote():
                return await self._vote(action, interaction)
            case ReadPage():
                return await self._page(action.document_tag, action.page, interaction)
            case _:
                assert_never(action)

    async def _context(self, action: ShowContext, interaction: Interaction) -> Layout:
        document, span = await self._passage(action.document_tag, action.start, action.end)
        pages = await self._shelf.pages(document)
        return context_layout(
            document, span, pages=pages, viewer=self._viewer(interaction, asked=action.version_tag)
        )

    async def _script(
        self, action: ShowConverted | SwapScript, interaction: Interaction, *, converted: bool
    ) -> Layout:
        document, span = await self._passage(action.document_tag, action.start, action.end)
        asked = action.version_tag if isinstance(action, ShowConverted) else None
        return script_layout(document, span, converted=converted, viewer=self._viewer(interaction, asked=asked))

    async def _more(self, action: ShowMore) -> Layout:
        remembered = await self._feedback.find(action.answer)
        quotes = recall(remembered.quotes, await self._shelf.library())
        language = cast(Language, remembered.language)
        version = self._shelf.version
        note = "" if version == remembered.version else messages_in(language).changed_since
        asked = Asked(record=action.answer, asker=None, language=language, version=version)
        return more_layout(quotes, asked=asked, offset=action.offset, note=note)

    async def _vote(self, action: Vote, interaction: Interaction) -> Layout:
        messages = messages_in(language_of_interaction(interaction))
        await self._feedback.vote(action.answer, person=interaction.user.id, helpful=bool(action.helpful))
        return notice(messages.thanks_helpful if action.helpful else messages.thanks_unhelpful)

    async def _page(self, sha: str, number: int, interaction: Interaction) -> Layout:
        document = await self._shelf.find(sha)
        pages = await self._shelf.pages(document)
        return page_layout(document, pages, number=number, language=language_of_interaction(interaction))

    async def _section(self, action: JumpToSection, interaction: Interaction) -> Layout:
        document = await self._shelf.find(action.document_tag)
        starts = list(sections(await self._shelf.pages(document)).values())
        chosen = int(_chosen(interaction))
        if chosen >= len(starts):
            raise StaleError
        return await self._page(action.document_tag, starts[chosen], interaction)

    async def _download(self, action: Download, interaction: Interaction) -> None:
        document = await self._shelf.find(action.document_tag)
        content = document.text.encode("utf-8")
        if len(content) > _UPLOAD_BYTES:
            raise TooLargeError
        note = messages_in(language_of_interaction(interaction)).download_note
        file = discord.File(io.BytesIO(content), filename=PurePosixPath(document.name).name)
        await interaction.edit_original_response(content=note, attachments=[file])

    def _viewer(self, interaction: Interaction, *, asked: str | None) -> Viewer:
        """Say who looks, and that the index changed since version_tag `asked`, when it did."""
        language = language_of_interaction(interaction)
        present = version_tag(self._shelf.version)
        changed = asked is not None and asked != present
        return Viewer(language, present, note=messages_in(language).changed_since if changed else "")

    async def _passage(self, sha: str, start: int, end: int) -> tuple[Document, Span]:
        document = await self._shelf.find(sha)
        if not start < end <= len(document.text):
            raise StaleError
        return document, Span(start, end)


async def _delete(action: DeleteAnswer, interaction: Interaction) -> None:
    if interaction.user.id != action.asker:
        raise NotAskerError
    await interaction.response.defer()
    await interaction.delete_original_response()


def _chosen(interaction: Interaction) -> str:
    """Give the value that was chosen in a menu."""
    data = cast(dict[str, Any], interaction.data or {})
    values = data.get("values") or ["0"]
    return str(values[0])
