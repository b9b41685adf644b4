"""Who may change the store: the bot's owner, or Manage Server in a server that the operator named."""

from __future__ import annotations

from collections.abc import Collection

from discord.ext import commands

from bot.discord_io.respond import Interaction
from bot.errors import NotAdminError


class Permissions:
    """One store serves all servers, so the operator alone may change it."""

    def __init__(self, bot: commands.Bot, *, guilds: Collection[int]) -> None:
        self._bot = bot
        self._guilds = guilds

    async def check(self, interaction: Interaction) -> None:
        """Raise NotAdminError for everybody else; permissions are looked at anew each time."""
        if interaction.guild_id in self._guilds and interaction.permissions.manage_guild:
            return
        if not await self._bot.is_owner(interaction.user):
            raise NotAdminError
