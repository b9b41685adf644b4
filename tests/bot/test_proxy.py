"""A proxy that the settings or the environment name is what Discord is reached through."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.client import ChronicleBot
from bot.container import Services
from bot.settings import BotSettings
from index import SettingsError

DISCORD = "https://discord.com/api/v10"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run without any proxy in the environment."""
    for name in [name for name in os.environ if name.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "MTIz.secret.token")
    monkeypatch.setattr("bot.log.set_up_logging", lambda *_args, **_options: None)


@asynccontextmanager
async def refusing_proxy(heard: list[str]) -> AsyncIterator[str]:
    """Serve a proxy that notes the first line of each request and refuses it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readline()).decode().strip())
        writer.write(b"HTTP/1.1 502 no\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("name", ["CHRONICLE_PROXY", "HTTPS_PROXY", "https_proxy"])
async def test_requests_and_the_gateway_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    heard: list[str] = []
    async with refusing_proxy(heard) as address:
        monkeypatch.setenv(name, address)
        bot = ChronicleBot(Services.from_settings(BotSettings.load()))
        for connecting in (bot.http.static_login("token"), bot.http.ws_connect("wss://gateway.discord.gg")):
            with suppress(aiohttp.ClientHttpProxyError):
                await connecting
        await bot.http.close()

    assert heard == ["CONNECT discord.com:443 HTTP/1.1", "CONNECT gateway.discord.gg:443 HTTP/1.1"]


def test_a_proxy_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHRONICLE_PROXY", "http://me:hidden@127.0.0.1:9")

    assert main([]) == 1
    printed = capsys.readouterr().err
    assert "cannot be reached through the proxy 127.0.0.1:9 (CHRONICLE_PROXY, HTTPS_PROXY)" in printed
    assert "hidden" not in printed
    assert "hidden" not in repr(BotSettings.load())


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://plain:1"}, None),
        ({"HTTPS_PROXY": "http://secure:1"}, "http://secure:1"),
        ({"HTTPS_PROXY": "secure:1"}, "http://secure:1"),
        ({"HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:1"}, "http://lower:1"),
        ({"HTTPS_PROXY": "http://secure:1", "NO_PROXY": "localhost,discord.com"}, None),
        ({"HTTPS_PROXY": "http://secure:1", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://secure:1", "NO_PROXY": "other.com"}, "http://secure:1"),
        ({"HTTPS_PROXY": "http://secure:1", "CHRONICLE_PROXY": "http://own:1"}, "http://own:1"),
        ({"NO_PROXY": "discord.com", "CHRONICLE_PROXY": "http://own:1"}, "http://own:1"),
    ],
)
def test_the_setting_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], proxy: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert BotSettings.load().proxy_for(DISCORD) == proxy


def test_a_socks_proxy_in_the_environment_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")

    with pytest.raises(SettingsError, match=r"CHRONICLE_PROXY .* NO_PROXY=discord\.com"):
        BotSettings.load().proxy_for(DISCORD)
