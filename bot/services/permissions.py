"""Who may change the store: the application's owner, or Manage Server in a server that the settings name."""

from __future__ import annotations

from collections.abc import Collection

import discord
from discord.ext import commands

from bot.discord_io.respond import Interaction
from bot.errors import NotAdminError

_TEAM_ROLES = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)


class Permissions:
    """Decides in memory, so that a command can be refused before it is acknowledged."""

    def __init__(self, bot: commands.Bot, *, guilds: Collection[int]) -> None:
        self._bot = bot
        self._guilds = guilds

    def check(self, interaction: Interaction) -> None:
        """Raise NotAdminError for everybody who may not; one store serves all servers."""
        if interaction.guild_id in self._guilds and interaction.permissions.manage_guild:
            return
        if interaction.user.id not in _owners(self._bot):
            raise NotAdminError


def _owners(bot: commands.Bot) -> Collection[int]:
    """Return the user ids of the application's owner, or of its team's admins and developers."""
    if bot.owner_id:
        return (bot.owner_id,)
    application = bot.application
    if application is None:
        return ()
    if application.team is None:
        return (application.owner.id,)
    return tuple(member.id for member in application.team.members if member.role in _TEAM_ROLES)
