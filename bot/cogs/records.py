"""The commands about what is kept: `/gaps` for the operator, `/forget` for everybody."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Final

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.container import Services
from bot.discord_io.language import language_of_interaction
from bot.discord_io.respond import Interaction, respond
from bot.locales import messages_in
from bot.rendering.layout import notice
from bot.rendering.records.gaps import gaps_layout, gaps_table
from bot.services.permissions import Permissions

_DAYS: Final = 30
_MOST_DAYS: Final = 3650


class RecordsCog(commands.Cog):
    """Shows what the documents lack, and deletes what a person asked; both are shown to the person alone."""

    def __init__(self, permissions: Permissions, services: Services) -> None:
        self._permissions = permissions
        self._services = services

    @app_commands.command(
        name=locale_str("gaps"),
        description=locale_str("What was asked and not answered, or not helpfully (admins only)"),
    )
    @app_commands.rename(days=locale_str("days"))
    @app_commands.describe(days=locale_str("How many days to look back, 30 unless you say so"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def gaps(self, interaction: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = _DAYS) -> None:
        """Show what was asked in vain, grouped by meaning, and attach all of it as a table."""
        self._permissions.check(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._permissions.confirm(interaction)
        report = await self._services.gaps.find(days=days)
        language = language_of_interaction(interaction)
        if not report.gaps:
            await respond(interaction, gaps_layout(report, file=None, language=language))
            return
        name = f"gaps-{datetime.now(UTC):%Y-%m-%d}.csv"
        file = discord.File(io.BytesIO(await asyncio.to_thread(gaps_table, report)), filename=name)
        layout = gaps_layout(report, file=name, language=language)
        await interaction.edit_original_response(view=layout, attachments=[file])

    @app_commands.command(
        name=locale_str("forget"), description=locale_str("Delete what I have kept of the questions you asked")
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def forget(self, interaction: Interaction) -> None:
        """Delete every record of what the person asked, and what follow-ups would be understood by."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._services.conversation.forget(interaction.user.id)
        count = await self._services.query_log.forget(interaction.user.id)
        messages = messages_in(language_of_interaction(interaction))
        text = messages.forget_done.format(count=f"{count:,}") if count else messages.forget_none
        await respond(interaction, notice(f"{text}\n-# {messages.forget_note}"))
