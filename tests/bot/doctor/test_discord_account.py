"""The doctor at Discord: login, application, commands, servers, channels."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest

from bot.__main__ import main
from bot.discord_io.invite import NEEDED, invite_link, missing_permissions
from bot.doctor.discord_account import check_discord, examine_account
from bot.doctor.findings import Finding, Level
from bot.settings import BotSettings
from tests.bot.conftest import GUILD, Running, Stage
from tests.conftest import ROOT

TOKEN = "MTIz.secret.token"  # noqa: S105 -- a stand-in


async def examined(stage: Stage) -> list[Finding]:
    return [finding async for finding in examine_account(stage.bot)]


def of_server(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.area.startswith("server ")]


async def test_a_sound_account_has_only_good_findings_and_ends_with_the_invite_link(stage: Stage) -> None:
    findings = await examined(stage)

    assert {finding.level for finding in findings} == {Level.OK}
    assert [finding.area for finding in findings[:3]] == ["login", "intents", "commands"]
    assert findings[-1].message == invite_link(stage.bot.application_id or 0)


@pytest.fixture(autouse=True)
def gateway(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that changes what Discord recommends, which is one shard at first."""

    def say(*, shards: int = 1, remaining: int = 900) -> None:
        async def answer(_: object) -> tuple[int, str, dict[str, int]]:
            return shards, "wss://gateway", {"remaining": remaining, "reset_after": 3_600_000}

        monkeypatch.setattr(discord.http.HTTPClient, "get_bot_gateway", answer)

    say()
    return say


async def test_fewer_shards_than_discord_asks_for_are_a_warning_with_the_setting(
    stage: Stage, gateway: Callable[..., None]
) -> None:
    gateway(shards=3)

    [found] = [finding for finding in await examined(stage) if finding.area == "shards"]
    assert (found.level, found.message) == (Level.WARNING, "Discord asks for 3, and 1 is set")
    assert "CHRONICLE_SHARDS=auto" in found.remedy


async def test_few_starts_that_are_left_are_a_warning(stage: Stage, gateway: Callable[..., None]) -> None:
    gateway(remaining=7)

    [found] = [finding for finding in await examined(stage) if finding.area == "starts"]
    assert found.message == "7 are left for 1 hours"


async def test_commands_that_differ_are_a_warning(stage: Stage) -> None:
    await stage.bot.http.bulk_upsert_global_commands(stage.bot.application_id or 0, [])

    [found] = [finding for finding in await examined(stage) if finding.area == "commands"]
    assert found.level is Level.WARNING
    assert "missing" in found.message


async def test_a_channel_where_the_bot_may_not_write_is_named_with_what_it_lacks(stage: Stage) -> None:
    denied = discord.PermissionOverwrite(send_messages=False, read_message_history=False)
    stage.guild.create_text_channel("announcements", overwrites={stage.guild.default_role: denied})
    stage.guild.create_text_channel(
        "hidden", overwrites={stage.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )

    [found] = of_server(await examined(stage))
    assert found.level is Level.WARNING
    assert found.message == "answers in 1 of 3 channels: #announcements lacks Send Messages, Read Message History"


async def test_a_named_channel_where_the_bot_may_not_write_is_an_error(running: Running) -> None:
    async with running(watch_channel=1) as stage:
        denied = discord.PermissionOverwrite(send_messages=False)
        channel = stage.guild.create_text_channel("reports", overwrites={stage.guild.default_role: denied})
        object.__setattr__(stage.bot.services.settings, "watch_channel", channel.id)

        found = [finding for finding in of_server(await examined(stage)) if finding.level is Level.ERROR]
        assert [finding.message for finding in found] == [
            "#reports of CHRONICLE_WATCH_CHANNEL lacks Send Messages"
        ]


async def test_a_server_without_the_commands_scope_is_an_error_with_the_invite_link(stage: Stage) -> None:
    stage.env.inject_error("GET", "/applications/*/guilds/*/commands", status=403)

    *_, found = of_server(await examined(stage))
    assert found.level is Level.ERROR
    assert "applications.commands" in found.remedy


async def test_commands_of_one_server_beside_the_global_ones_are_a_warning(stage: Stage) -> None:
    command = {"name": "ask", "description": "old", "type": 1}
    await stage.bot.http.bulk_upsert_guild_commands(stage.bot.application_id or 0, GUILD, [command])

    *_, found = of_server(await examined(stage))
    assert found.message == "1 commands are shown twice"


async def test_a_server_that_does_not_answer_is_skipped_and_the_others_go_on(stage: Stage) -> None:
    stage.env.inject_error("GET", f"/guilds/{GUILD}", status=403)

    findings = await examined(stage)
    assert [finding.level for finding in of_server(findings)] == [Level.SKIPPED]
    assert findings[-1].area == "invite"


async def test_an_admin_server_that_the_bot_is_not_in_is_a_warning(running: Running) -> None:
    async with running(admin_guilds=(5, GUILD)) as stage:
        [found] = [finding for finding in await examined(stage) if finding.area == "servers"]
        assert found.message == "the bot is not in the server 5"


async def test_an_application_that_cannot_be_invited_is_an_error(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = SimpleNamespace(id=1, bot_public=False, bot_require_code_grant=True)
    monkeypatch.setattr(stage.bot, "_application", application)

    found = [finding.level for finding in await examined(stage) if finding.area == "invite"]
    assert found == [Level.ERROR, Level.WARNING, Level.OK]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (discord.LoginFailure(f"Improper token {TOKEN}"), "refuses the token"),
        (aiohttp.ClientConnectionError(TOKEN), "cannot be reached"),
        (TimeoutError(), "cannot be reached"),
    ],
)
async def test_a_login_that_fails_is_one_error(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    async def login(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(discord.http.HTTPClient, "static_login", login)

    [found] = await check_discord(BotSettings(discord_token=TOKEN))
    assert (found.area, found.level) == ("login", Level.ERROR)
    assert words in found.message
    assert TOKEN not in str(found)


async def test_without_a_token_discord_is_skipped() -> None:
    [found] = await check_discord(BotSettings(discord_token=""))

    assert found.level is Level.SKIPPED
    assert "DISCORD_TOKEN" in found.remedy


def test_the_link_asks_for_the_scopes_and_for_no_more_than_four_permissions() -> None:
    query = parse_qs(urlsplit(invite_link(123)).query)

    assert query["client_id"] == ["123"]
    assert query["scope"] == ["bot applications.commands"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert missing_permissions(asked) == ()
    assert sum(granted for _, granted in asked) == 4


def test_the_readme_has_the_link() -> None:
    link = invite_link(0).replace("client_id=0", "client_id=YOUR_APPLICATION_ID")

    assert link in (ROOT / "README.md").read_text("utf-8")


def test_missing_permissions_are_named() -> None:
    assert missing_permissions(discord.Permissions(view_channel=True, administrator=True)) == NEEDED[1:]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Examine an empty folder, with neither model nor network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHRONICLE_MODEL", str(tmp_path))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


@pytest.mark.usefixtures("alone")
def test_the_command_prints_json_and_ends_with_1_for_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 1

    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    assert {finding["area"] for finding in report["findings"]} >= {"python", "packages", "models", "documents"}
    assert all(finding["remedy"] for finding in report["findings"] if finding["level"] != "ok")


@pytest.mark.usefixtures("alone")
def test_a_wrong_setting_is_a_finding_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHRONICLE_COOLDOWN", "3")

    assert main(["doctor"]) == 1
    assert "error    settings  unknown setting CHRONICLE_COOLDOWN" in capsys.readouterr().out
