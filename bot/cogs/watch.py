"""Watching the documents folder: what changes is built, and reported in a channel."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.container import Services
from bot.discord_io.live_message import ChannelLiveMessage, LiveMessage, NullLiveMessage
from bot.locales import Messages, language_of_locale, messages_in
from bot.services.folder_watch import FolderWatch, changes_in

log = logging.getLogger(__name__)


class WatchCog(commands.Cog):
    """Watches while the bot runs; a rollback holds it off until the next `/rebuild`."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._watch = FolderWatch(changes_in(services.settings.documents), self.rebuild)

    async def cog_load(self) -> None:
        """FolderWatch from now on."""
        self._watch.start()

    async def cog_unload(self) -> None:
        """FolderWatch no more."""
        await self._watch.close()

    async def rebuild(self) -> None:
        """Build what changed, unless a rollback holds it off."""
        if self._services.versions.paused:
            log.info("watch: the documents changed; not rebuilt, because of the rollback")
            return
        live_message, messages = await self._board()
        await self._services.versions.rebuild_unasked(live_message, messages)

    async def _board(self) -> tuple[LiveMessage, Messages]:
        """Find the channel for the report, and the language that its server prefers."""
        number = self._services.settings.watch_channel
        channel: object = self._bot.get_channel(number) if number else None
        if number and channel is None:
            try:
                channel = await self._bot.fetch_channel(number)
            except discord.HTTPException as error:
                log.warning("watch: no channel %d to report in: %s", number, error)
        if not isinstance(channel, discord.abc.Messageable):
            return NullLiveMessage(), messages_in("en")
        guild = getattr(channel, "guild", None)
        language = language_of_locale(guild.preferred_locale if guild else None)
        return ChannelLiveMessage(channel), messages_in(language)
