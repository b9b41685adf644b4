"""The bot's arrival in a server: a welcome once, and `/setup` for its admins."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.container import Services
from bot.discord_io.faults import NETWORK_FAULTS
from bot.discord_io.invite import invite_link, missing_permissions
from bot.discord_io.language import language_of_interaction
from bot.discord_io.respond import Interaction, respond
from bot.locales import language_of_locale
from bot.rendering.setup import Setup, setup_layout, welcome_layout
from index import ChronicleError, Library

log = logging.getLogger(__name__)


class SetupCog(commands.Cog):
    """Greets a server that the bot was added to, without notifying anybody, and helps its admins."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services

    @app_commands.command(
        name=locale_str("setup"),
        description=locale_str("Which permissions the bot lacks here, and what to do next (admins only)"),
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def setup(self, interaction: Interaction) -> None:
        """Show an admin what the bot can do, which permissions it lacks in this channel, and what to do next."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        server = interaction.guild_id or 0
        setup = Setup(
            name=self._bot.user.display_name if self._bot.user else "",
            server=server,
            missing=missing_permissions(interaction.app_permissions),
            admins_maintain=server in self._services.settings.admin_guilds,
            invite=invite_link(interaction.application_id),
        )
        language = language_of_interaction(interaction)
        await respond(interaction, setup_layout(setup, library=await self._library(), language=language))

    @commands.Cog.listener("on_guild_join")
    async def greet(self, guild: discord.Guild) -> None:
        """Post the welcome in the server's channel for such messages, or in the first where everybody may read."""
        channel = greeting_channel(guild)
        if channel is None:
            log.info("added to a server, where no channel could be greeted: /setup says what is missing")
            return
        language = language_of_locale(guild.preferred_locale)
        layout = welcome_layout(await self._library(), name=guild.me.display_name, languages=(language,))
        try:
            await channel.send(view=layout, silent=True)
        except NETWORK_FAULTS as error:
            log.warning("the welcome could not be sent: %s: %s", type(error).__name__, error)

    async def _library(self) -> Library:
        """Return the documents, none if they cannot be read: a server is set up all the same."""
        try:
            return await self._services.documents.library()
        except ChronicleError:
            return Library(documents=())


def greeting_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Return a channel that everybody reads and the bot may write in: the one for system messages, or the first."""
    offered = [guild.system_channel, *guild.text_channels]
    return next((each for each in offered if each is not None and _is_public(each)), None)


def _is_public(channel: discord.TextChannel) -> bool:
    everybody = channel.permissions_for(channel.guild.default_role)
    return everybody.view_channel and not missing_permissions(channel.permissions_for(channel.guild.me))
