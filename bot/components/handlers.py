"""What each action of a component does; its result is shown to the person who clicked, and to nobody else."""

from __future__ import annotations

import asyncio
import io
from pathlib import PurePosixPath
from typing import Any, assert_never, cast

import discord

from bot.components.deletion import delete_answer, deletion_offered
from bot.discord_io.respond import Interaction, respond
from bot.discord_io.responders import InteractionResponder
from bot.errors import StaleError, TooLargeError
from bot.locales import messages_in
from bot.rendering.answer import Asked, more_layout
from bot.rendering.custom_id import (
    Action,
    AskStarter,
    CancelRebuild,
    DeleteAnswer,
    Download,
    GiveReason,
    JumpToSection,
    PassageAction,
    ReadPage,
    ShowContext,
    ShowConverted,
    ShowMore,
    ShowSource,
    SwapScript,
    TurnPage,
    TurnSources,
    Vote,
    question_tag,
    version_tag,
)
from bot.rendering.layout import Layout, notice
from bot.rendering.library import sources_layout
from bot.rendering.pages.pagination import page_of
from bot.rendering.passage import Viewer, context_layout, script_layout, source_layout
from bot.rendering.records.rating import reason_layout
from bot.rendering.text.markdown import inline
from bot.services.ask import AskRequest, AskService
from bot.services.documents import DocumentLibrary, original_bytes
from bot.services.permissions import Permissions
from bot.services.quote_serialization import load_quotes
from bot.services.reading import DocumentReading
from bot.services.records.query_log import QueryLog
from bot.services.scenes import scene_of_interaction
from bot.services.versions.index_versions import IndexVersions
from bot.types import Rating
from index import Document, Span, quote_at

# Discord's upload limit for a bot where the server has no boost.
_UPLOAD_BYTES = 10 * 1024 * 1024
_NAME_UNITS = 100


class ActionHandlers:
    """Handles actions."""

    def __init__(
        self,
        ask_service: AskService,
        documents: DocumentLibrary,
        *,
        query_log: QueryLog,
        versions: IndexVersions,
        permissions: Permissions,
    ) -> None:
        self._ask_service = ask_service
        self._documents = documents
        self._reading = DocumentReading(documents, query_log)
        self._query_log = query_log
        self._versions = versions
        self._permissions = permissions

    async def handle(self, action: Action, interaction: Interaction) -> None:
        """Acknowledge `action` and perform it. Raises BotError."""
        match action:
            case SwapScript() | TurnPage() | TurnSources() | JumpToSection() | GiveReason():
                await interaction.response.defer()
                await interaction.edit_original_response(view=await self._updated(action, interaction))
            case DeleteAnswer():
                await delete_answer(action, interaction)
            case AskStarter():
                await self._ask(action, interaction)
            case CancelRebuild():
                self._permissions.check(interaction)
                self._versions.cancel(action.build, by=interaction.user.display_name)
                await interaction.response.defer()
            case Download():
                await interaction.response.defer(ephemeral=True, thinking=True)
                await self._download(action, interaction)
            case _:
                await interaction.response.defer(ephemeral=True, thinking=True)
                await respond(interaction, await self._result(action, interaction))

    async def _updated(
        self, action: SwapScript | TurnPage | TurnSources | JumpToSection | GiveReason, interaction: Interaction
    ) -> Layout:
        """Return what the message with the component shows from now on."""
        match action:
            case SwapScript():
                return await self._script(action, converted=bool(action.converted))
            case TurnPage():
                return await self._page(action)
            case TurnSources():
                return await self._sources(action)
            case JumpToSection():
                return await self._section(action, interaction)
            case GiveReason():
                self._query_log.rate(action.answer, action.reason, person=interaction.user.id)
                return notice(messages_in(action.language).thanks_unhelpful)
            case _:
                assert_never(action)

    async def _result(
        self,
        action: ShowContext | ShowConverted | ShowSource | ShowMore | Vote | ReadPage,
        interaction: Interaction,
    ) -> Layout:
        """Return what the person is shown in a message of their own."""
        match action:
            case ShowContext():
                return await self._context(action, interaction)
            case ShowConverted():
                return await self._script(action, converted=True)
            case ShowSource():
                return await self._source(action)
            case ShowMore():
                return await self._more(action)
            case Vote():
                return self._vote(action, person=interaction.user.id)
            case ReadPage():
                return await self._page(action)
            case _:
                assert_never(action)

    async def _context(self, action: ShowContext, interaction: Interaction) -> Layout:
        document, span = await self._passage(action.document_tag, action.start, action.end)
        pages = (await self._documents.paged(document)).pages
        quote = await self._reading.quote(document, span, record=action.record) or quote_at(document, span)
        viewer = self._viewer(action, asked=action.version_tag, record=action.record)
        delete = deletion_offered(action, interaction)
        return context_layout(quote, document, pages=pages, viewer=viewer, delete=delete)

    async def _ask(self, action: AskStarter, interaction: Interaction) -> None:
        """Answer a starter question to the person alone. Raises StaleError if it is no longer offered."""
        responder = InteractionResponder(interaction, private=True)
        await responder.acknowledge()
        starters = await self._documents.starters(action.language)
        question = next((each for each in starters if question_tag(each) == action.question_tag), None)
        if question is None:
            raise StaleError
        request = AskRequest(question, action.language, scene=scene_of_interaction(interaction, private=True))
        await self._ask_service.ask(request, responder)

    async def _script(self, action: ShowConverted | SwapScript, *, converted: bool) -> Layout:
        document, span = await self._passage(action.document_tag, action.start, action.end)
        asked = action.version_tag if isinstance(action, ShowConverted) else None
        viewer = self._viewer(action, asked=asked)
        return script_layout(document, span, converted=converted, viewer=viewer)

    async def _source(self, action: ShowSource) -> Layout:
        document, span = await self._passage(action.document_tag, action.start, action.end)
        pages = (await self._documents.paged(document)).pages
        viewer = self._viewer(action, asked=action.version_tag, record=action.record)
        return source_layout(document, span, pages=pages, viewer=viewer)

    async def _more(self, action: ShowMore) -> Layout:
        logged = await self._query_log.find(action.answer)
        quotes = load_quotes(logged.quotes, (await self._documents.catalog()).tagged)
        version = self._documents.version
        note = "" if version == logged.version else messages_in(logged.language).changed_since
        asked = Asked(record=action.answer, asker=None, language=logged.language, version=version)
        return more_layout(quotes, asked=asked, offset=action.offset, note=note)

    def _vote(self, action: Vote, *, person: int) -> Layout:
        rating = Rating.HELPFUL if action.helpful else Rating.UNHELPFUL
        self._query_log.rate(action.answer, rating, person=person)
        if action.helpful:
            return notice(messages_in(action.language).thanks_helpful)
        return reason_layout(action.answer, language=action.language)

    async def _page(self, action: ReadPage | TurnPage) -> Layout:
        document = await self._documents.find(action.document_tag)
        return await self._reading.page(document, action.page, reading=action)

    async def _section(self, action: JumpToSection, interaction: Interaction) -> Layout:
        document = await self._documents.find(action.document_tag)
        paged = await self._documents.paged(document)
        chosen = int(_chosen(interaction))
        if chosen >= len(paged.sections):
            raise StaleError
        number = page_of(paged.pages, paged.sections[chosen].start)
        return await self._reading.page(document, number, reading=action)

    async def _sources(self, action: TurnSources) -> Layout:
        return sources_layout(await self._documents.library(), page=action.page, language=action.language)

    async def _download(self, action: Download, interaction: Interaction) -> None:
        document = await self._documents.find(action.document_tag)
        messages = messages_in(action.language)
        original = await asyncio.to_thread(original_bytes, document)
        content = document.text.encode("utf-8") if original is None else original
        if len(content) > _UPLOAD_BYTES:
            raise TooLargeError
        name = PurePosixPath(document.name).name
        note = messages.download_note
        if original is None:
            note = messages.download_extracted.format(name=inline(name, limit=_NAME_UNITS))
            name = f"{name}.txt"
        file = discord.File(io.BytesIO(content), filename=name)
        await interaction.edit_original_response(content=note, attachments=[file])

    def _viewer(self, action: PassageAction, *, asked: str | None, record: int = 0) -> Viewer:
        """Return who looks; with a note if the index has changed since the version with the tag `asked`."""
        current = version_tag(self._documents.version)
        changed = asked is not None and asked != current
        note = messages_in(action.language).changed_since if changed else ""
        return Viewer(action.language, current, note=note, outcome=action.outcome, record=record)

    async def _passage(self, tag: str, start: int, end: int) -> tuple[Document, Span]:
        document = await self._documents.find(tag)
        if not start < end <= len(document.text):
            raise StaleError
        return document, Span(start, end)


def _chosen(interaction: Interaction) -> str:
    """Return the value that was chosen in a menu."""
    data = cast(dict[str, Any], interaction.data or {})
    values = data.get("values") or ["0"]
    return str(values[0])
