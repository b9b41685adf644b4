"""Who may change the store: the application's owner, or Manage Server in a server that the settings name."""

from __future__ import annotations

import time
from collections.abc import Collection
from math import inf

import discord
from discord.ext import commands

from bot.discord_io.respond import Interaction
from bot.errors import NotAdminError

_TEAM_ROLES = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)
# For which Discord's word on who owns the application is good.
_FRESH_SECONDS = 60.0


class Permissions:
    """Decides in memory, so that a command can be refused before it is acknowledged, and confirms it with Discord."""

    def __init__(self, bot: commands.Bot, *, guilds: Collection[int]) -> None:
        self._bot = bot
        self._guilds = guilds
        self._application: discord.AppInfo | None = None
        self._asked_at = -inf

    def check(self, interaction: Interaction) -> None:
        """Raise NotAdminError for everybody who may not; one store serves all servers."""
        if not self._manages_server(interaction) and interaction.user.id not in self._owners():
            raise NotAdminError

    async def confirm(self, interaction: Interaction) -> None:
        """Raise NotAdminError for an owner who is none any more: Discord is asked, at most once a minute.

        Call it after the command is acknowledged. Raises discord.HTTPException if Discord does not say.
        """
        if self._manages_server(interaction) or self._bot.owner_id:
            return
        if time.monotonic() - self._asked_at > _FRESH_SECONDS:
            self._application = await self._bot.application_info()
            self._asked_at = time.monotonic()
        self.check(interaction)

    def _manages_server(self, interaction: Interaction) -> bool:
        return interaction.guild_id in self._guilds and interaction.permissions.manage_guild

    def _owners(self) -> Collection[int]:
        """Return the user ids of the application's owner, or of its team's admins and developers."""
        if self._bot.owner_id:
            return (self._bot.owner_id,)
        application = self._application or self._bot.application
        if application is None:
            return ()
        if application.team is None:
            return (application.owner.id,)
        return tuple(member.id for member in application.team.members if member.role in _TEAM_ROLES)
