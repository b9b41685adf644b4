"""For the operator: `/status`, `/rebuild` and `/rollback`."""

from __future__ import annotations

import asyncio

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import index
from bot.container import Services
from bot.discord_io.live_message import InteractionLiveMessage
from bot.discord_io.respond import Interaction, Told, answer, language_of_interaction
from bot.locales import Messages, messages_in
from bot.rendering.layout import notice
from bot.rendering.markdown import inline
from bot.rendering.status import status_layout
from bot.services.permissions import Permissions

_CHOICES = 25
_VERSION_UNITS = 100


class AdminCog(commands.Cog):
    """One store serves all servers, so the operator alone may change it."""

    def __init__(self, permissions: Permissions, services: Services) -> None:
        self._operators = permissions
        self._services = services

    @app_commands.command(name=locale_str("status"), description=locale_str("How the bot is doing (admins only)"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def status(self, interaction: Interaction) -> None:
        """Show the state of the index and of the answers."""
        async with Told(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._operators.check(interaction)
            info = await asyncio.to_thread(index.read_info, self._services.settings.store)
            statistics = await self._services.query_log.statistics()
            messages = messages_in(language_of_interaction(interaction))
            since = self._services.answers.since
            layout = status_layout(
                info, statistics, since=since, watching=self._watching(messages), messages=messages
            )
            await answer(interaction, layout)

    @app_commands.command(
        name=locale_str("rebuild"),
        description=locale_str("Build the index anew from the documents (admins only)"),
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rebuild(self, interaction: Interaction) -> None:
        """Build the index anew, for all in the channel to see, and answer from it."""
        async with Told(interaction):
            await self._operators.check(interaction)
            versions = self._services.versions
            versions.check_free()
            await interaction.response.defer(thinking=True)
            messages = messages_in(language_of_interaction(interaction))
            await versions.rebuild(
                InteractionLiveMessage(interaction, messages), messages, by=interaction.user.display_name
            )

    @app_commands.command(
        name=locale_str("rollback"),
        description=locale_str("Answer from an earlier version of the index (admins only)"),
    )
    @app_commands.rename(version=locale_str("version"))
    @app_commands.describe(version=locale_str("The version to go back to; without it, the one before"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rollback(self, interaction: Interaction, version: str | None = None) -> None:
        """Go back to an earlier version, for all in the channel to see."""
        async with Told(interaction):
            await self._operators.check(interaction)
            self._services.versions.check_free()
            await interaction.response.defer(thinking=True)
            chosen = await self._services.versions.roll_back(version.strip() if version else None)
            messages = messages_in(language_of_interaction(interaction))
            shown = inline(chosen, limit=_VERSION_UNITS)
            await answer(interaction, notice(messages.rolled_back.format(version=shown)))

    @rollback.autocomplete("version")
    async def _versions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the versions but the one that answers, newest first."""
        store, answering = self._services.settings.store, self._services.answers.version
        versions = await asyncio.to_thread(index.read_versions, store)
        offered = [name for name in versions if typed.strip() in name and name != answering]
        return [app_commands.Choice(name=name, value=name) for name in offered[:_CHOICES]]

    def _watching(self, messages: Messages) -> str:
        if not self._services.settings.watch:
            return messages.watch_off
        return messages.watch_paused if self._services.versions.paused else messages.watch_on
