"""The operator's commands: `/status`, `/rebuild` and `/rollback`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import index
from bot.cogs.autocomplete import version_choices
from bot.container import Services
from bot.discord_io.error_reply import explain, log_error
from bot.discord_io.language import language_of_interaction
from bot.discord_io.live_message import InteractionLiveMessage
from bot.discord_io.respond import Interaction, respond
from bot.errors import RebuildRunningError, RecordsUnavailableError
from bot.locales import Messages, messages_in
from bot.rendering.layout import notice
from bot.rendering.status import running_layout, status_layout
from bot.rendering.text.markdown import inline
from bot.services.permissions import Permissions
from bot.types import QueryStatistics

_VERSION_UNITS = 100


class AdminCog(commands.Cog):
    """Commands that show or change the store, for the operator alone: one store serves all servers."""

    def __init__(self, permissions: Permissions, services: Services) -> None:
        self._permissions = permissions
        self._services = services

    @app_commands.command(name=locale_str("status"), description=locale_str("How the bot is doing (admins only)"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def status(self, interaction: Interaction) -> None:
        """Show the state of the index and the statistics of the answers."""
        self._permissions.check(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._permissions.confirm(interaction)
        info = await asyncio.to_thread(index.open_store(self._services.settings.store).info)
        statistics = await self._statistics()
        messages = messages_in(language_of_interaction(interaction))
        watching, since = self._watching(messages, info.versions), self._services.answers.since
        layout = status_layout(info, statistics, since=since, watching=watching, messages=messages)
        await respond(interaction, layout)

    @app_commands.command(
        name=locale_str("rebuild"),
        description=locale_str("Build the index anew from the documents (admins only)"),
    )
    @app_commands.rename(private=locale_str("private"))
    @app_commands.describe(private=locale_str("Report to you alone, as it does unless you say False"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rebuild(self, interaction: Interaction, private: bool = True) -> None:
        """Build the index and switch to it, and report to the person alone or to everybody in the channel."""
        self._permissions.check(interaction)
        versions = self._services.versions
        messages = messages_in(language_of_interaction(interaction))
        if versions.running is not None:  # also one that is shown in the log alone can be cancelled
            line = explain(RebuildRunningError(versions.running.by), messages)
            await respond(interaction, running_layout(line, build=versions.running.number, messages=messages))
            return
        await interaction.response.defer(ephemeral=private, thinking=True)
        await self._permissions.confirm(interaction)
        live_message = InteractionLiveMessage(interaction, messages, private=private)
        await versions.rebuild(live_message, messages, by=interaction.user.display_name)

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
        """Switch to an earlier version, visibly for everybody in the channel."""
        self._permissions.check(interaction)
        self._services.versions.check_free()
        await interaction.response.defer(thinking=True)
        await self._permissions.confirm(interaction)
        chosen = await self._services.versions.roll_back(version.strip() if version else None)
        messages = messages_in(language_of_interaction(interaction))
        name = inline(await self._services.versions.label(chosen), limit=_VERSION_UNITS)
        await respond(interaction, notice(messages.rolled_back.format(version=name)))

    @rollback.autocomplete("version")
    async def _versions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the versions except the one that answers, newest first."""
        store, answering = index.open_store(self._services.settings.store), self._services.answers.version
        return await version_choices(store, typed, answering=answering)

    async def _statistics(self) -> QueryStatistics | None:
        """Return the statistics of the answers; None where the records cannot be read, which the log explains."""
        try:
            return await self._services.query_log.statistics()
        except RecordsUnavailableError as error:
            log_error(error, where="status")
            return None

    def _watching(self, messages: Messages, versions: Sequence[str]) -> str:
        broken = self._services.versions.fell_back_from
        if broken is not None:
            label = index.version_label(broken, versions)
            return messages.watch_fell_back.format(version=inline(label, limit=_VERSION_UNITS))
        if not self._services.settings.watch:
            return messages.watch_off
        return messages.watch_paused if self._services.versions.paused else messages.watch_on
