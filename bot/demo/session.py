"""One demo from start to end."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.client import ChronicleBot
from bot.container import Services
from bot.demo.copies import copy_library
from bot.demo.pages import ChannelPages
from bot.demo.server import GUILD, create_server
from bot.errors import UnavailableError
from bot.log import set_up_logging
from bot.settings import BotSettings
from index import ModelError, SettingsError

if TYPE_CHECKING:
    from simcord.env import Env

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
        copied = await copy_library(settings, Path(folder))
        changes = {"data": Path(folder, "data"), "admin_guilds": (GUILD,), "cooldown_seconds": 0.0, "watch": False}
        bot = ChronicleBot(Services.from_settings(copied.model_copy(update=changes)))
        try:
            async with simcord.run(bot, settle_timeout=_SETTLE_SECONDS, check_errors=False) as env:
                await _until_stopped(_serve(bot, env, port=settings.demo_port))
                await bot.services.close()
        except simcord.SetupError as error:
            raise SettingsError(f"the demo cannot be served: {error}") from error
        except UnavailableError as error:
            raise ModelError("the documents cannot be searched: the line above says why") from error
    return 0


async def _serve(bot: ChronicleBot, env: Env, *, port: int) -> None:
    """Show the simulated server until a person ends the session."""
    await bot.services.answers.wait_until_ready()
    pages = ChannelPages(env, await create_server(env, bot))
    async with pages.serve(port=port) as address:
        print(f"The bot is in a simulated Discord at {address} ({address}/operators for its admins)", flush=True)
        await pages.wait_closed()


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
