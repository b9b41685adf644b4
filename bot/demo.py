"""The bot in a simulated Discord in the browser, without a token."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.client import ChronicleBot
from bot.container import Services
from bot.errors import UnavailableError
from bot.log import set_up_logging
from bot.settings import BotSettings
from index import ModelError, SettingsError

if TYPE_CHECKING:
    from simcord.env import Env

GUILD = 1_000_000_000_000_000_001
# The first start may unpack the model and build the index.
_SETTLE_SECONDS = 600.0


async def demo(settings: BotSettings) -> int:
    """Run the simulated Discord until it is closed or stopped; nothing that happens in it is kept."""
    try:
        import simcord
    except ImportError as error:
        raise SettingsError("the demo needs simcord: pip install 'llama-chronicle[demo]'") from error
    set_up_logging()
    with tempfile.TemporaryDirectory(prefix="chronicle-demo-") as folder:
        changes = {"data": Path(folder), "admin_guilds": (GUILD,), "cooldown_seconds": 0.0, "watch": False}
        bot = ChronicleBot(Services.from_settings(settings.model_copy(update=changes)))
        try:
            async with simcord.run(bot, settle_timeout=_SETTLE_SECONDS, check_errors=False) as env:
                await _until_stopped(_serve(bot, env, port=settings.demo_port or None))
                await bot.services.close()
        except simcord.SetupError as error:
            raise SettingsError(f"the demo cannot be served: {error}") from error
        except UnavailableError as error:
            raise ModelError("the documents cannot be searched: the line above says why") from error
    return 0


async def _serve(bot: ChronicleBot, env: Env, *, port: int | None) -> None:
    """Create a server with a member and an operator, and show it until the page ends the session."""
    guild = env.create_guild("Llama Chronicle", id=GUILD)
    channel = guild.create_text_channel("ask-the-documents")
    role = guild.create_role("operators", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(env.create_user("reader"))
    admin = guild.add_member(env.create_user("operator"), roles=[role])
    async with env.preview(channel, viewers=[member, admin], layout="channel", port=port) as preview:
        await bot.services.answers.wait_until_ready()
        print(f"The bot is in a simulated Discord at {preview.url}", flush=True)
        await preview.wait_closed()


async def _until_stopped(serving: Coroutine[Any, Any, None]) -> None:
    """Await `serving` until it ends, SIGTERM or SIGINT."""
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # on Windows, where Ctrl-C raises KeyboardInterrupt instead
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
