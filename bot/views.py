"""What a press does: each shows its result to the person who pressed, and to nobody else."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any, assert_never, cast

import discord

from bot.card import Card, notice
from bot.cards import Viewer, context_card, page_card, script_card
from bot.errors import NotAskerError, StaleError, TooLargeError
from bot.feedback import Feedback
from bot.locales import texts_in
from bot.operators import Operators
from bot.pages import sections
from bot.presses import (
    CancelRebuild,
    DeleteAnswer,
    Download,
    JumpToSection,
    Press,
    ReadPage,
    ShowContext,
    ShowConverted,
    ShowMore,
    SwapScript,
    TurnPage,
    Vote,
    edition,
)
from bot.recall import recall
from bot.render import Asked, more_card
from bot.shelf import Shelf
from bot.telling import Interaction, answer, language_of_interaction
from bot.versions import Versions
from index import Document, Language, Span

# Discord's upload limit for a bot where the server has no boost.
_UPLOAD_BYTES = 10 * 1024 * 1024


class Views:
    """Carries presses out."""

    def __init__(self, shelf: Shelf, feedback: Feedback, *, versions: Versions, operators: Operators) -> None:
        self._shelf = shelf
        self._feedback = feedback
        self._versions = versions
        self._operators = operators

    async def carry_out(self, press: Press, interaction: Interaction) -> None:
        """Acknowledge `press` at once and do what it says; raise BotError for what cannot be done."""
        match press:
            case SwapScript() | TurnPage() | JumpToSection():
                await interaction.response.defer()
                await interaction.edit_original_response(view=await self._changed(press, interaction))
            case DeleteAnswer():
                await _delete(press, interaction)
            case CancelRebuild():
                await self._operators.check(interaction)
                self._versions.cancel(press.build, by=interaction.user.display_name)
                await interaction.response.defer()
            case Download():
                await interaction.response.defer(ephemeral=True, thinking=True)
                await self._download(press, interaction)
            case _:
                await interaction.response.defer(ephemeral=True, thinking=True)
                await answer(interaction, await self._shown(press, interaction))

    async def _changed(self, press: SwapScript | TurnPage | JumpToSection, interaction: Interaction) -> Card:
        """Give what the message with the button shows from now on."""
        match press:
            case SwapScript():
                return await self._script(press, interaction, converted=bool(press.converted))
            case TurnPage():
                return await self._page(press.sha, press.page, interaction)
            case JumpToSection():
                return await self._section(press, interaction)
            case _:
                assert_never(press)

    async def _shown(
        self, press: ShowContext | ShowConverted | ShowMore | Vote | ReadPage, interaction: Interaction
    ) -> Card:
        """Give what the presser is shown in a message of their own."""
        match press:
            case ShowContext():
                return await self._context(press, interaction)
            case ShowConverted():
                return await self._script(press, interaction, converted=True)
            case ShowMore():
                return await self._more(press)
            case Vote():
                return await self._vote(press, interaction)
            case ReadPage():
                return await self._page(press.sha, press.page, interaction)
            case _:
                assert_never(press)

    async def _context(self, press: ShowContext, interaction: Interaction) -> Card:
        document, span = await self._passage(press.sha, press.start, press.end)
        pages = await self._shelf.pages(document)
        return context_card(document, span, pages=pages, viewer=self._viewer(interaction, asked=press.edition))

    async def _script(
        self, press: ShowConverted | SwapScript, interaction: Interaction, *, converted: bool
    ) -> Card:
        document, span = await self._passage(press.sha, press.start, press.end)
        asked = press.edition if isinstance(press, ShowConverted) else None
        return script_card(document, span, converted=converted, viewer=self._viewer(interaction, asked=asked))

    async def _more(self, press: ShowMore) -> Card:
        remembered = await self._feedback.find(press.answer)
        quotes = recall(remembered.quotes, await self._shelf.library())
        language = cast(Language, remembered.language)
        version = self._shelf.version
        note = "" if version == remembered.version else texts_in(language).changed_since
        asked = Asked(record=press.answer, asker=None, language=language, version=version)
        return more_card(quotes, asked=asked, offset=press.offset, note=note)

    async def _vote(self, press: Vote, interaction: Interaction) -> Card:
        texts = texts_in(language_of_interaction(interaction))
        await self._feedback.vote(press.answer, person=interaction.user.id, helpful=bool(press.helpful))
        return notice(texts.thanks_helpful if press.helpful else texts.thanks_unhelpful)

    async def _page(self, sha: str, number: int, interaction: Interaction) -> Card:
        document = await self._shelf.find(sha)
        pages = await self._shelf.pages(document)
        return page_card(document, pages, number=number, language=language_of_interaction(interaction))

    async def _section(self, press: JumpToSection, interaction: Interaction) -> Card:
        document = await self._shelf.find(press.sha)
        starts = list(sections(await self._shelf.pages(document)).values())
        chosen = int(_chosen(interaction))
        if chosen >= len(starts):
            raise StaleError
        return await self._page(press.sha, starts[chosen], interaction)

    async def _download(self, press: Download, interaction: Interaction) -> None:
        document = await self._shelf.find(press.sha)
        content = document.text.encode("utf-8")
        if len(content) > _UPLOAD_BYTES:
            raise TooLargeError
        note = texts_in(language_of_interaction(interaction)).download_note
        file = discord.File(io.BytesIO(content), filename=PurePosixPath(document.name).name)
        await interaction.edit_original_response(content=note, attachments=[file])

    def _viewer(self, interaction: Interaction, *, asked: str | None) -> Viewer:
        """Say who looks, and that the index changed since edition `asked`, when it did."""
        language = language_of_interaction(interaction)
        present = edition(self._shelf.version)
        changed = asked is not None and asked != present
        return Viewer(language, present, note=texts_in(language).changed_since if changed else "")

    async def _passage(self, sha: str, start: int, end: int) -> tuple[Document, Span]:
        document = await self._shelf.find(sha)
        if not start < end <= len(document.text):
            raise StaleError
        return document, Span(start, end)


async def _delete(press: DeleteAnswer, interaction: Interaction) -> None:
    if interaction.user.id != press.asker:
        raise NotAskerError
    await interaction.response.defer()
    await interaction.delete_original_response()


def _chosen(interaction: Interaction) -> str:
    """Give the value that was chosen in a menu."""
    data = cast(dict[str, Any], interaction.data or {})
    values = data.get("values") or ["0"]
    return str(values[0])
