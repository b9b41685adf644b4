"""The commands about the documents: `/sources`, `/read` and `/help`."""

from __future__ import annotations

import asyncio

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.cogs.autocomplete import document_choices, section_choices
from bot.container import Services
from bot.discord_io.language import language_of_interaction
from bot.discord_io.respond import Interaction, respond
from bot.rendering.custom_id import Reading
from bot.rendering.help import Retention, help_layout
from bot.rendering.library import sources_layout
from bot.rendering.pages.pagination import page_of
from bot.rendering.pages.sections import find_section
from bot.services.reading import DocumentReading


class LibraryCog(commands.Cog):
    """Commands whose results are shown to the person alone."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._reading = DocumentReading(services.documents, services.query_log)

    @app_commands.command(
        name=locale_str("sources"),
        description=locale_str("The documents, where they come from, and the sources they name"),
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def sources(self, interaction: Interaction) -> None:
        """List the documents."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        library = await self._services.documents.library()
        await respond(interaction, sources_layout(library, language=language_of_interaction(interaction)))

    @app_commands.command(
        name=locale_str("read"),
        description=locale_str("Read a document page by page, or download it"),
    )
    @app_commands.rename(document=locale_str("document"), section=locale_str("section"))
    @app_commands.describe(
        document=locale_str("The document to read"), section=locale_str("Start at this section")
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def read(self, interaction: Interaction, document: str, section: str | None = None) -> None:
        """Open a document at its start or at a section."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        documents = self._services.documents
        chosen = await documents.named(document)
        paged = await documents.paged(chosen)
        found = await asyncio.to_thread(find_section, paged.sections, section or "")
        number = page_of(paged.pages, found.start) if found else 0
        reading = Reading(language_of_interaction(interaction))
        await respond(interaction, await self._reading.page(chosen, number, reading=reading))

    @read.autocomplete("document")
    async def _documents(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await document_choices(self._services.documents, typed)

    @read.autocomplete("section")
    async def _sections(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        document: str = interaction.namespace.document or ""
        return await section_choices(self._services.documents, document, typed)

    @app_commands.command(
        name=locale_str("help"), description=locale_str("What this bot does, how to ask, and what it stores")
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: Interaction) -> None:
        """Show what the bot does, how to ask, and what it stores."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = language_of_interaction(interaction)
        documents, settings = self._services.documents, self._services.settings
        layout = help_layout(
            retention=Retention(settings.retention_days, settings.keep_questions),
            about=await documents.about(language),
            starters=await documents.starters(language),
            language=language,
        )
        await respond(interaction, layout)
