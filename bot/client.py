"""The Discord client: intents, no mentions, the cogs, and where uncaught errors end."""

from __future__ import annotations

import logging
import sys

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.admin import AdminCog
from bot.cogs.ask import AskCog
from bot.cogs.library import LibraryCog
from bot.cogs.watch import WatchCog
from bot.command_sync import sync_if_changed
from bot.components.cog import ComponentCog
from bot.components.handlers import ActionHandlers
from bot.container import Services
from bot.discord_io.error_reply import log_error
from bot.discord_io.respond import Interaction, tell, tell_author
from bot.locales.commands import CommandTranslator
from bot.services.permissions import Permissions

log = logging.getLogger(__name__)

_SYNC_RECORD = "commands.sha256"


def intents() -> discord.Intents:
    """Give the events the bot needs; none of them is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Tree(app_commands.CommandTree[commands.Bot]):
    """The command tree; what a command did not foresee is told in one line."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell the person and the log."""
        await tell(interaction, error)


class ChronicleBot(commands.Bot):
    """The bot; it pings nobody, keeps no messages and no members."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=Tree,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.services = services
        self._closing = False

    async def setup_hook(self) -> None:
        """Start the worker, then make the commands: the model loads while the gateway connects."""
        services = self.services
        services.answers.start()
        await self.tree.set_translator(CommandTranslator())
        await self.add_cog(AskCog(self, services))
        await self.add_cog(LibraryCog(services))
        permissions = Permissions(self, guilds=services.settings.admin_guilds)
        await self.add_cog(AdminCog(permissions, services))
        views = ActionHandlers(
            services.documents, services.query_log, versions=services.versions, permissions=permissions
        )
        await self.add_cog(ComponentCog(views))
        if services.settings.watch:
            await self.add_cog(WatchCog(self, services))
        record = services.settings.data / _SYNC_RECORD
        await sync_if_changed(self.tree, application=self.application_id or 0, record=record)

    async def on_ready(self) -> None:
        """Log the connection; this can happen many times."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no prefix commands."""

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Tell the person behind a failed event, and the log."""
        error = sys.exc_info()[1]
        if error is None:
            return
        match args:
            case [discord.Interaction() as interaction]:
                await tell(interaction, error)
            case [discord.Message() as message]:
                await tell_author(message, error)
            case _:
                log_error(error, where=event_method)

    async def close(self) -> None:
        """Take no more questions, finish those in flight, then leave Discord."""
        if self._closing:
            return
        self._closing = True
        await self.services.close()
        await super().close()
