"""Examines what Discord holds: the application, its commands, and its permissions in each server and channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

import discord

from bot.client import ChronicleBot, intents
from bot.command_sync import find_differences
from bot.container import Services
from bot.discord_io.faults import NETWORK_FAULTS
from bot.discord_io.invite import invite_link, missing_permissions
from bot.doctor.findings import Finding, error, ok, skipped, warning
from bot.settings import BotSettings

_SECONDS: Final = 60.0
# Four requests each; Discord allows fifty a second.
_MOST_SERVERS: Final = 25
_NAMED: Final = 5  # channels in one line
_FEW_STARTS: Final = 50  # of the 1,000 a day that Discord allows
_PORTAL: Final = "Discord developer portal, your application"


class ExaminedBot(ChronicleBot):
    """The bot with its commands, which neither answers nor sends them."""

    async def setup_hook(self) -> None:
        """Add the commands alone."""
        await self.add_commands()


async def check_discord(settings: BotSettings) -> list[Finding]:
    """Return what Discord says of the account with the token in the settings."""
    token = settings.discord_token.get_secret_value().strip()
    if not token:
        remedy = (
            f"set DISCORD_TOKEN ({_PORTAL}, Bot, Reset Token) to have login, commands and permissions examined"
        )
        return [skipped("discord", "there is no token", remedy=remedy)]
    bot = ExaminedBot(Services.from_settings(settings.model_copy(update={"watch": False})))
    findings: list[Finding] = []
    try:
        async with asyncio.timeout(_SECONDS):
            await bot.login(token)
            async for finding in examine_account(bot):
                findings.append(finding)  # noqa: PERF401 -- those before a fault are kept
    except discord.LoginFailure:
        remedy = f"set DISCORD_TOKEN to the one of {_PORTAL}, Bot, Reset Token"
        findings.append(error("login", "Discord refuses the token", remedy=remedy))
    except NETWORK_FAULTS as fault:
        through = " through the proxy" if bot.http.proxy else ""
        remedy = (
            "check the network, a firewall and CHRONICLE_PROXY: the bot needs discord.com and gateway.discord.gg"
        )
        findings.append(error("login", f"Discord cannot be reached{through}: {_named(fault)}", remedy=remedy))
    finally:
        await bot.close()
    return findings


async def examine_account(bot: ChronicleBot) -> AsyncIterator[Finding]:
    """Yield what Discord says of the account that `bot` is logged in to. Raises a network fault."""
    application = bot.application
    if application is None or bot.user is None:
        return
    yield ok("login", f"{bot.user} (application {application.id})")
    for finding in _check_application(application):
        yield finding
    differences = await find_differences(bot.tree)
    if differences:
        yield warning("commands", str(differences), remedy="start the bot, which sends them")
    else:
        yield ok("commands", f"{len(bot.tree.get_commands())} in sync")
    async for finding in _check_shards(bot):
        yield finding
    servers = [server async for server in bot.fetch_guilds(limit=_MOST_SERVERS, with_counts=False)]
    for finding in _check_server_settings(bot.services.settings, servers):
        yield finding
    for server in servers:
        for finding in await _check_server(bot, server):
            yield finding
    yield ok("invite", invite_link(application.id))


def _check_application(application: discord.AppInfo) -> Iterator[Finding]:
    wanted = intents()
    if wanted.message_content or wanted.members or wanted.presences:
        yield warning("intents", "privileged ones are asked for", remedy=f"switch them on: {_PORTAL}, Bot")
    else:
        yield ok("intents", "none that is privileged is asked for")
    if application.bot_require_code_grant:
        remedy = f"switch 'Requires OAuth2 Code Grant' off: {_PORTAL}, Bot"
        yield error("invite", "the invite link cannot be used", remedy=remedy)
    if not application.bot_public:
        remedy = f"to let others add it, switch 'Public Bot' on: {_PORTAL}, Bot"
        yield warning("invite", "only the application's owner can add the bot to a server", remedy=remedy)


async def _check_shards(bot: ChronicleBot) -> AsyncIterator[Finding]:
    """Yield whether the bot has as many connections as Discord asks for, and whether it may start often enough."""
    try:
        wanted, _, limit = await bot.http.get_bot_gateway()
    except discord.GatewayNotFound:
        yield skipped("shards", "Discord does not say how many it wants", remedy="run it again later")
        return
    set_to = bot.services.settings.shards
    if 0 < set_to < wanted:
        yield warning(
            "shards", f"Discord asks for {wanted}, and {set_to} is set", remedy="set CHRONICLE_SHARDS=auto"
        )
    else:
        yield ok("shards", f"Discord asks for {wanted}")
    if limit["remaining"] < _FEW_STARTS:
        hours = limit["reset_after"] / 3_600_000
        remedy = "find out in the log why the bot starts so often"
        yield warning("starts", f"{limit['remaining']} are left for {hours:.0f} hours", remedy=remedy)


def _check_server_settings(settings: BotSettings, servers: Sequence[discord.Guild]) -> Iterator[Finding]:
    """Yield whether the bot is in a server, and in those that the settings name."""
    if not servers:
        yield warning("servers", "the bot is in none", remedy="open the invite link")
    if len(servers) >= _MOST_SERVERS:
        remedy = "for another one, use /setup there"
        yield skipped("servers", f"only the first {_MOST_SERVERS} are examined", remedy=remedy)
        return
    present = {server.id for server in servers}
    for number in settings.admin_guilds:
        if number not in present:
            remedy = "invite it, or remove the id from CHRONICLE_ADMIN_GUILDS"
            yield warning("servers", f"the bot is not in the server {number}", remedy=remedy)


async def _check_server(bot: ChronicleBot, partial: discord.Guild) -> list[Finding]:
    """Return in which channels of a server the bot can answer, and whether its commands are there, once."""
    area = f"server {partial.name}"
    try:
        server = await bot.fetch_guild(partial.id, with_counts=False)
        missing = await _missing_permissions(server, bot)
    except discord.HTTPException as fault:
        return [skipped(area, f"Discord does not tell its channels: {_named(fault)}", remedy="run it again later")]
    findings = list(_check_channels(area, missing))
    findings += _check_named_channels(area, bot.services.settings, missing)
    try:
        duplicates = await bot.tree.fetch_commands(guild=server)
    except discord.Forbidden:
        remedy = "open the invite link again: it adds the scope applications.commands"
        return [*findings, error(area, "its members see no commands", remedy=remedy)]
    if duplicates:
        remedy = "remove them: another program sent them for this server alone"
        findings.append(warning(area, f"{len(duplicates)} commands are shown twice", remedy=remedy))
    return findings


async def _missing_permissions(
    server: discord.Guild, bot: ChronicleBot
) -> dict[discord.abc.GuildChannel, tuple[str, ...]]:
    """Return which permissions the bot lacks in each channel where people write."""
    me = await server.fetch_member(bot.user.id if bot.user else 0)
    channels = [each for each in await server.fetch_channels() if _is_written_in(each)]
    return {channel: missing_permissions(channel.permissions_for(me)) for channel in channels}


def _check_channels(area: str, missing: dict[discord.abc.GuildChannel, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield how many channels the bot answers in; one that it cannot see is hidden on purpose."""
    usable = [channel for channel, names in missing.items() if not names]
    seen = {channel: names for channel, names in missing.items() if names and "view_channel" not in names}
    count = f"{len(usable)} of {len(missing)} channels"
    if not usable:
        yield error(
            area, "the bot can answer in no channel", remedy="give its role the permissions of the invite link"
        )
    elif seen:
        listed = "; ".join(f"#{channel.name} lacks {_words(names)}" for channel, names in [*seen.items()][:_NAMED])
        more = f"; and {len(seen) - _NAMED} more" if len(seen) > _NAMED else ""
        remedy = "grant them in the channel's settings, or hide the channel from the bot"
        yield warning(area, f"answers in {count}: {listed}{more}", remedy=remedy)
    else:
        yield ok(area, f"answers in {count}")


def _check_named_channels(
    area: str, settings: BotSettings, missing: dict[discord.abc.GuildChannel, tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield the channels that the settings name and the bot cannot use."""
    for channel, names in missing.items():
        if not names:
            continue
        for setting, wanted in (
            ("CHRONICLE_WATCH_CHANNEL", (settings.watch_channel,)),
            ("CHRONICLE_ASK_CHANNELS", settings.ask_channels),
        ):
            if channel.id in wanted:
                remedy = f"grant it there, or set {setting} to another channel"
                yield error(area, f"#{channel.name} of {setting} lacks {_words(names)}", remedy=remedy)


def _is_written_in(channel: object) -> bool:
    return isinstance(channel, discord.TextChannel | discord.ForumChannel)


def _words(names: Sequence[str]) -> str:
    """Return permissions as Discord's clients call them in English."""
    return ", ".join(name.replace("_", " ").title() for name in names)


def _named(fault: BaseException) -> str:
    if isinstance(fault, discord.HTTPException):
        return f"{fault.status} {fault.text}".strip()
    return type(fault).__name__
