"""For the operator: `/status` and `/rebuild`."""

from __future__ import annotations

import asyncio
import time

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import index
from bot.card import notice
from bot.errors import NotAdminError
from bot.locales import texts_in
from bot.reports import progress_text, rebuilt_text, status_card
from bot.services import Services
from bot.telling import Interaction, Told, answer, language_of_interaction
from bot.worker import Progress
from index import BuildReport

# An edit every two seconds stays far below Discord's rate limit.
_EDIT_SECONDS = 2.0
# An interaction's token lives 15 minutes; after that an ordinary message reports.
_TOKEN_SECONDS = 14 * 60


class AdminCog(commands.Cog):
    """One store serves all servers, so the operator alone may change it."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services

    @app_commands.command(
        name=locale_str("status"), description=locale_str("How the bot is doing (operator only)")
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def status(self, interaction: Interaction) -> None:
        """Show the state of the index and of the answers."""
        async with Told(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._check_admin(interaction)
            info = await asyncio.to_thread(index.read_info, self._services.settings.store)
            statistics = await self._services.feedback.statistics()
            texts = texts_in(language_of_interaction(interaction))
            card = status_card(info, statistics, since=self._services.answers.since, texts=texts)
            await answer(interaction, card)

    @app_commands.command(
        name=locale_str("rebuild"),
        description=locale_str("Build the index anew from the documents (operator only)"),
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rebuild(self, interaction: Interaction) -> None:
        """Build the index anew and answer from it."""
        async with Told(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._check_admin(interaction)
            began = time.monotonic()
            texts = texts_in(language_of_interaction(interaction))
            report = await self._build(interaction)
            if report.built or report.version != self._services.answers.version:
                await self._services.answers.reload()
            card = notice(rebuilt_text(report, texts))
            if time.monotonic() - began < _TOKEN_SECONDS:
                await answer(interaction, card)
            elif isinstance(interaction.channel, discord.abc.Messageable):
                await interaction.channel.send(view=card)

    async def _build(self, interaction: Interaction) -> BuildReport:
        """Run the build, and show how far it is every few seconds."""
        texts = texts_in(language_of_interaction(interaction))
        began = time.monotonic()
        heard: list[Progress] = []
        build = asyncio.ensure_future(self._services.rebuilds.run(heard.append))
        try:
            await answer(interaction, notice(texts.rebuild_started))
            while not build.done():
                await asyncio.wait([build], timeout=_EDIT_SECONDS)
                if heard and not build.done() and time.monotonic() - began < _TOKEN_SECONDS:
                    await answer(interaction, notice(progress_text(heard[-1], texts)))
                    heard.clear()
            return build.result()
        finally:
            build.cancel()

    async def _check_admin(self, interaction: Interaction) -> None:
        """Raise NotAdminError unless this is the owner, or Manage Server in a server the operator named."""
        if await self._bot.is_owner(interaction.user):
            return
        named = interaction.guild_id in self._services.settings.admin_guilds
        if not (named and interaction.permissions.manage_guild):
            raise NotAdminError
