"""The Discord client: intents, cogs, and the handlers of uncaught errors."""

from __future__ import annotations

import logging
import sys

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.admin import AdminCog
from bot.cogs.ask import AskCog
from bot.cogs.library import LibraryCog
from bot.cogs.messages import MessageCog
from bot.cogs.records import RecordsCog
from bot.cogs.setup import SetupCog
from bot.cogs.watch import WatchCog
from bot.command_sync import sync_if_different
from bot.components.cog import ComponentCog
from bot.components.handlers import ActionHandlers
from bot.container import Services
from bot.discord_io.error_reply import log_error, reply_error, reply_error_to_message
from bot.discord_io.invite import invite_link
from bot.discord_io.respond import Interaction
from bot.locales.commands import CommandTranslator
from bot.monitoring.http_endpoint import Health, MonitoringServer
from bot.monitoring.service_manager import ServiceManager
from bot.rendering.front_desk import CommandMentions
from bot.services.permissions import Permissions

log = logging.getLogger(__name__)


def intents() -> discord.Intents:
    """Return the intents that the bot needs; none of them is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Tree(app_commands.CommandTree[commands.Bot]):
    """The command tree; every error of a command ends here."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Log `error` and describe it to the person."""
        await reply_error(interaction, error)


class ChronicleBot(commands.Bot):
    """The bot; it pings nobody and caches no messages and no members."""

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
            proxy=services.settings.proxy_for(discord.http.Route.BASE),
            shard_count=services.settings.shards if services.settings.shards > 1 else None,
        )
        self.services = services
        services.metrics.watch_shards(self.shards_connected)
        self._closing = False
        self._has_synced = False
        self._monitoring = MonitoringServer(self._health, services.metrics)
        self._service_manager = ServiceManager()

    async def setup_hook(self) -> None:
        """Start the worker, then add the commands; the model loads while the gateway connects."""
        self._service_manager.start()
        address = self.services.settings.metrics_address
        if address is not None:
            await self._monitoring.start(*address)
        self.services.answers.start()
        self.services.query_log.start()
        await self.add_commands()
        log.info("to add the bot to a server: %s", invite_link(self.application_id or 0))
        await self._sync()

    async def add_commands(self) -> None:
        """Add everything that commands, messages and components call."""
        services = self.services
        await self.tree.set_translator(CommandTranslator())
        await self.add_cog(AskCog(self, services))
        await self.add_cog(MessageCog(self, services))
        await self.add_cog(LibraryCog(services))
        await self.add_cog(SetupCog(self, services))
        permissions = Permissions(self, guilds=services.settings.admin_guilds)
        await self.add_cog(AdminCog(permissions, services))
        await self.add_cog(RecordsCog(permissions, services))
        handlers = ActionHandlers(
            services.ask_service,
            services.documents,
            query_log=services.query_log,
            versions=services.versions,
            permissions=permissions,
        )
        await self.add_cog(ComponentCog(handlers))
        if services.settings.watch:
            await self.add_cog(WatchCog(self, services))

    async def on_ready(self) -> None:
        """Log the connection; this may happen many times."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))
        self._service_manager.notify_ready()
        if not self._has_synced:
            await self._sync()

    async def _sync(self) -> None:
        """Compare the commands with Discord's, and learn their ids, by which messages mention them."""
        ids = await sync_if_different(self.tree)
        self._has_synced = ids is not None
        self.services.ask_service.commands = CommandMentions(ids or {})

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; there are no prefix commands."""

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log the error of an event and describe it to the person behind it."""
        error = sys.exc_info()[1]
        if error is None:
            return
        match args:
            case [discord.Interaction() as interaction]:
                await reply_error(interaction, error)
            case [discord.Message() as message]:
                await reply_error_to_message(message, error)
            case _:
                log_error(error, where=event_method)

    async def close(self) -> None:
        """Refuse new questions, finish those in flight, then leave Discord."""
        if self._closing:
            return
        self._closing = True
        await self._service_manager.close()
        await self._monitoring.close()
        await self.services.close()
        await super().close()

    def shards_connected(self) -> dict[int, bool]:
        """Return whether each connection to Discord stands, by the number of its shard."""
        return {0: self.is_ready()}

    def _health(self) -> Health:
        answers = self.services.answers
        is_connected = self.is_ready() and all(self.shards_connected().values())
        return Health(discord=is_connected, worker=answers.ready, version=answers.version or "")


class ShardedBot(ChronicleBot, commands.AutoShardedBot):
    """The bot with several connections to Discord, each of which hears a part of the servers."""

    def shards_connected(self) -> dict[int, bool]:
        """Return whether each connection to Discord stands, by the number of its shard."""
        return {number: not shard.is_closed() for number, shard in self.shards.items()}


def create_bot(services: Services) -> ChronicleBot:
    """Return the bot with as many connections to Discord as the settings say."""
    return ChronicleBot(services) if services.settings.shards == 1 else ShardedBot(services)
