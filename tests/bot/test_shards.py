"""One connection to Discord, or several: by the settings, in the metrics and the health, and named when too few."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord.ext import commands

from bot.__main__ import run
from bot.client import ChronicleBot, ShardedBot, create_bot
from bot.container import Services
from bot.settings import BotSettings


def bot_with(**settings: Any) -> ChronicleBot:
    return create_bot(Services.from_settings(BotSettings(**settings)))


def test_one_connection_is_the_default() -> None:
    assert not isinstance(bot_with(), commands.AutoShardedBot)


@pytest.mark.parametrize(("written", "count"), [("auto", None), ("4", 4)])
def test_discord_or_the_settings_say_how_many(
    monkeypatch: pytest.MonkeyPatch, written: str, count: int | None
) -> None:
    monkeypatch.setenv("CHRONICLE_SHARDS", written)
    bot = create_bot(Services.from_settings(BotSettings.load()))

    assert isinstance(bot, commands.AutoShardedBot)
    assert bot.shard_count == count


class Shard:
    """The connection of one shard."""

    def __init__(self, *, stands: bool) -> None:
        self._stands = stands

    def is_closed(self) -> bool:
        return not self._stands


@pytest.fixture
def half_connected(monkeypatch: pytest.MonkeyPatch) -> ChronicleBot:
    """Return a bot with two shards, of which the second has lost its connection."""
    bot = bot_with(shards=2)
    shards = {0: Shard(stands=True), 1: Shard(stands=False)}
    monkeypatch.setattr(ShardedBot, "shards", property(lambda _: shards))
    monkeypatch.setattr(bot, "is_ready", lambda: True)
    return bot


def test_a_bot_that_hears_a_part_of_the_servers_is_not_well(half_connected: ChronicleBot) -> None:
    assert not half_connected._health().discord


def test_the_metrics_show_each_shard(half_connected: ChronicleBot) -> None:
    registry = half_connected.services.metrics.registry
    found = [registry.get_sample_value("chronicle_shard_connected", {"shard": number}) for number in "01"]

    assert found == [1.0, 0.0]


@pytest.mark.parametrize(
    ("code", "remedy"), [(4011, "set CHRONICLE_SHARDS=auto"), (4004, "set DISCORD_TOKEN"), (4012, "(code 4012)")]
)
def test_what_closes_the_connection_for_good_is_one_line_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, remedy: str
) -> None:
    async def close(*_: object, **__: object) -> None:
        socket: Any = type("Socket", (), {"close_code": code})
        raise discord.ConnectionClosed(socket, shard_id=None)

    monkeypatch.setattr("bot.__main__._serve", close)
    assert run(BotSettings(DISCORD_TOKEN="a.b.c")) == 1  # noqa: S106
    [line] = capsys.readouterr().err.splitlines()
    assert remedy in line
