"""The command line `python -m bot [run|demo|doctor]`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.client import ChronicleBot
    from bot.settings import BotSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from index import ChronicleError

    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "demo":
                from bot.demo.session import demo

                return asyncio.run(demo(_settings()))
            case "doctor":
                return doctor(as_json=options.json)
            case _:
                return run(_settings())
    except ChronicleError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 0


def run(settings: BotSettings) -> int:
    """Run the bot on Discord until it is stopped; return the exit code."""
    import aiohttp
    import discord

    from bot.client import create_bot
    from bot.container import Services
    from bot.log import set_up_logging

    token = settings.token()
    set_up_logging(token)
    bot = create_bot(Services.from_settings(settings))
    try:
        asyncio.run(_serve(bot, token))
    except discord.LoginFailure:
        return _fail("Discord refuses the token: set DISCORD_TOKEN to the one on the developer portal's Bot page")
    except discord.PrivilegedIntentsRequired:
        return _fail("Discord refuses the intents: this bot asks for none that is privileged, so update it")
    except discord.ConnectionClosed as error:
        return _fail(f"Discord closed the connection for good (code {error.code}){_remedy(error.code)}")
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        return _fail(f"Discord cannot be reached{_through(bot.http.proxy)}: {type(error).__name__}")
    return 0


def doctor(*, as_json: bool) -> int:
    """Print what stands in the way of the bot, each with its remedy; return 1 if it does not work so."""
    import bot.doctor.findings as found
    from bot.doctor.examination import examine

    findings = examine()
    print(found.as_json(findings) if as_json else "\n".join(found.as_lines(findings)))
    return 0 if found.is_sound(findings) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="The Discord bot of Llama Chronicle.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="on Discord, with DISCORD_TOKEN set (the default)")
    commands.add_parser("demo", help="in a simulated Discord in the browser, no token")
    text = "whether everything is as the bot needs it, here and, with DISCORD_TOKEN set, at Discord"
    examination = commands.add_parser("doctor", help=text, description=f"Examine {text}.")
    examination.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser


async def _serve(bot: ChronicleBot, token: str) -> None:
    """Run `bot` until SIGTERM or SIGINT, then finish the answers in flight."""
    loop = asyncio.get_running_loop()
    closing: list[asyncio.Task[None]] = []

    def stop() -> None:
        closing.append(loop.create_task(bot.close()))

    with suppress(NotImplementedError):  # on Windows, where Ctrl-C raises KeyboardInterrupt instead
        loop.add_signal_handler(signal.SIGTERM, stop)
        loop.add_signal_handler(signal.SIGINT, stop)
    # What is imported by now is never freed. Without this, each full collection walks it and delays the gateway's
    # heartbeats (30 to 180 ms, measured in the tests' process).
    gc.collect()
    gc.freeze()
    async with bot:
        await bot.start(token)
        if closing:
            await asyncio.wait(closing)


def _remedy(code: int) -> str:
    """Return what to do after Discord closed the connection with `code`, if it is known."""
    remedies = {
        4004: ": set DISCORD_TOKEN to the token on the developer portal's Bot page",
        4010: ": set CHRONICLE_SHARDS=auto",
        4011: ": the bot is in too many servers for its connections; set CHRONICLE_SHARDS=auto",
    }
    return remedies.get(code, "")


def _through(proxy: str | None) -> str:
    """Return which proxy was used, without its credentials; empty without one."""
    if proxy is None:
        return ""
    parts = urlsplit(proxy)
    return f" through the proxy {parts.hostname}:{parts.port or 80} (CHRONICLE_PROXY, HTTPS_PROXY)"


def _settings() -> BotSettings:
    from bot.settings import BotSettings

    return BotSettings.load()


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
