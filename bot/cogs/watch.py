"""Watching the documents folder: changes are built, and reported in a channel."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import discord
from discord.ext import commands

from bot.container import Services
from bot.discord_io.faults import NETWORK_FAULTS
from bot.discord_io.live_message import ChannelLiveMessage, LiveMessage, NullLiveMessage
from bot.errors import UnavailableError
from bot.locales import Messages, language_of_locale, messages_in
from bot.services.versions.folder_watch import FolderWatch, changes_in

log = logging.getLogger(__name__)

_MOST_SECONDS = 30.0  # for which a build waits for the channel to report in


class WatchCog(commands.Cog):
    """Builds after changes while the bot runs; a rollback pauses it until the next `/rebuild`."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._is_failing = False
        self._watch = FolderWatch(lambda: changes_in(services.settings.documents), self.rebuild)

    async def cog_load(self) -> None:
        """Start watching, and build what has changed while the bot was not running."""
        self._watch.start()
        self._watch.check()

    async def cog_unload(self) -> None:
        """Stop watching."""
        await self._watch.close()

    async def rebuild(self) -> bool:
        """Build what changed, unless a rollback pauses that; return False if it is to be tried again."""
        with suppress(UnavailableError):  # a first start may build the index itself
            await self._services.answers.wait_until_ready()
        if self._services.versions.paused:
            log.info("watch: the documents changed; not rebuilt, because of the rollback")
            return True
        live_message, messages = await self._report_destination()
        is_done = await self._services.versions.rebuild_automatically(
            live_message, messages, is_retry=self._is_failing
        )
        self._is_failing = not is_done
        return is_done

    async def _report_destination(self) -> tuple[LiveMessage, Messages]:
        """Return the channel for the report, and the messages in the language that its server prefers."""
        number = self._services.settings.watch_channel
        channel: object = self._bot.get_channel(number) if number else None
        if number and channel is None:
            try:
                async with asyncio.timeout(_MOST_SECONDS):
                    channel = await self._bot.fetch_channel(number)
            except (*NETWORK_FAULTS, discord.InvalidData) as error:
                log.warning("watch: no channel %d to report in: %s", number, error)
        if not isinstance(channel, discord.abc.Messageable):
            return NullLiveMessage(), messages_in("en")
        guild = getattr(channel, "guild", None)
        language = language_of_locale(guild.preferred_locale if guild else None)
        return ChannelLiveMessage(channel), messages_in(language)
