"""The admin commands: who may, what they show, and a rebuild while questions go on."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor

from bot.discord_io.live_message import NullLiveMessage
from bot.locales import messages_in
from bot.worker.protocol import Failed
from index import BuildReason, BuildReport, Skipped, SkippedKind
from tests.bot.conftest import GUILD, Running, Stage, response, shown
from tests.bot.world import until

REFUSED = "This is for admins"


def manager(stage: Stage, name: str = "manager") -> MemberActor:
    """Add somebody with Manage Server."""
    role = stage.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user(name), roles=[role])


@pytest.mark.parametrize("command", ["status", "rebuild", "rollback"])
async def test_manage_server_in_a_named_server_is_enough(running: Running, command: str) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        result = await manager(stage).slash(stage.channel, command)

        assert result.ephemeral is (command != "rollback")
        assert REFUSED not in shown(response(result))


@pytest.mark.parametrize("command", ["status", "rebuild", "rollback"])
async def test_manage_server_elsewhere_is_not(running: Running, command: str) -> None:
    async with running(admin_guilds=(7,)) as stage:
        result = await manager(stage).slash(stage.channel, command)

        assert result.ephemeral
        assert REFUSED in shown(response(result))
        assert stage.world.version == "1"


@pytest.mark.parametrize("command", ["status", "rebuild", "rollback"])
async def test_a_server_that_opens_the_commands_to_all_does_not_let_them_in(
    running: Running, command: str
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        registered = stage.env.backend.find_command(command, None, type=1)
        assert registered is not None
        stage.guild.set_command_permissions(int(registered["id"]), {stage.alice: True})
        result = await stage.alice.slash(stage.channel, command)

        assert REFUSED in shown(response(result))


@pytest.mark.parametrize("command", ["status", "rebuild", "rollback"])
async def test_the_commands_are_hidden_from_ordinary_members(stage: Stage, command: str) -> None:
    assert command not in stage.alice.available_commands(stage.channel)


async def test_the_owner_may_in_a_direct_message(stage: Stage) -> None:
    stage.bot.owner_id = stage.alice.id
    await stage.alice.send_dm("hello?")
    result = await stage.alice.user.slash("status")

    assert REFUSED not in shown(response(result))


async def test_status_shows_the_index_and_the_answers(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        await stage.alice.slash(stage.channel, "ask", question="How many are left?")
        await stage.alice.slash(stage.channel, "ask", question="How is the weather?")
        text = shown((await manager(stage).slash(stage.channel, "status")).response)

        assert "version 1" in text
        assert "2, in 9 passages" in text
        assert "**Model**: fake" in text
        assert "2 in the last 24 hours, 0.3 a day over 7 days; 1 not answered" in text
        assert "95th percentile" in text


async def test_a_rebuild_reports_what_changed_and_the_new_version_answers(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        text = shown((await manager(stage).slash(stage.channel, "rebuild")).response)
        await stage.alice.slash(stage.channel, "ask", question="How many are left?")

        assert "Version 2 answers now. Documents: 2; passages: 9 (5 added, 4 removed), built in 1.5 s." in text
        assert "Changed: rise.md (+5 −4)" in text
        assert stage.bot.services.answers.version == "2"


async def test_questions_are_answered_from_the_old_version_during_a_rebuild(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_hold.clear()
        rebuild = asyncio.ensure_future(
            stage.bot.services.versions.rebuild_automatically(NullLiveMessage(), messages_in("en"))
        )
        await until(lambda: len(stage.world.children) == 2)
        result = await stage.alice.slash(stage.channel, "ask", question="How many are left?")
        assert "line 4" in shown(response(result))
        assert stage.bot.services.answers.version == "1"

        second = await manager(stage).slash(stage.channel, "rebuild")
        assert "already running" in shown(second.response)
        stage.world.build_hold.set()
        await rebuild


async def test_a_rebuild_that_changes_nothing_says_so(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_result = BuildReport("1", False, (), (), 2, 9, 0, (BuildReason.NOTHING_CHANGED,), 0.1)
        text = shown((await manager(stage).slash(stage.channel, "rebuild")).response)

        assert "Nothing has changed" in text


async def test_a_rebuild_that_outlasts_the_token_reports_by_an_ordinary_message(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_io.live_message._TOKEN_SECONDS", -1.0)
    async with running(admin_guilds=(GUILD,)) as stage:
        await manager(stage).slash(stage.channel, "rebuild", private=False)

        assert "Version 2 answers now" in shown(stage.channel.history(viewer=stage.alice)[-1])


async def test_a_private_rebuild_that_outlasts_the_token_reports_by_a_direct_message(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_io.live_message._TOKEN_SECONDS", -1.0)
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        result = await admin.slash(stage.channel, "rebuild")

        assert "in a direct message" in shown(response(result))
        assert "Version 2 answers now" in shown(admin.user.dm_channel.history()[-1])
        assert stage.channel.history(viewer=stage.alice) == []


async def test_versions_are_named_by_their_minute_and_by_more_only_if_they_share_it(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        names = ("20261128T012459.500000Z", "20261128T012434.123456Z", "20261127T230000.000000Z")
        stage.world.version, stage.world.versions = names[0], names
        await stage.bot.services.answers.reload()
        admin = manager(stage)
        status = shown((await admin.slash(stage.channel, "status")).response).replace("\\", "")
        choices = await admin.autocomplete(stage.channel, "rollback", "version", "2026-11-2")
        rolled_back = shown((await admin.slash(stage.channel, "rollback", version="2026-11-27 23:00")).response)
        rolled_back = rolled_back.replace("\\", "")

        assert "**Index**: version 2026-11-28 01:24:59" in status
        assert "-# **2026-11-28 01:24:59 (current)**\n-# 2026-11-28 01:24:34\n-# 2026-11-27 23:00" in status
        assert [(each["name"], each["value"]) for each in choices] == [
            ("2026-11-28 01:24:34", names[1]),
            ("2026-11-27 23:00", names[2]),
        ]
        assert "Back to version 2026-11-27 23:00" in rolled_back
        assert stage.bot.services.answers.version == names[2]


async def test_status_shows_statistics_or_that_they_cannot_be_read(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.records.write_queue._RETRY_SECONDS", (60.0,))  # sooner, simcord waits for it
    async with running(admin_guilds=(GUILD,)) as stage:
        await stage.alice.slash(stage.channel, "ask", question="How many are left?")
        await stage.bot.services.query_log.close()
        (tmp_path / "data").rename(tmp_path / "elsewhere")
        (tmp_path / "data").write_text("in the way")
        text = shown((await manager(stage).slash(stage.channel, "status")).response)
        answer = shown((await stage.alice.slash(stage.channel, "ask", question="How many?")).response)

        assert "**Records**: not readable just now" in text
        assert "line 4" in answer


async def test_a_rebuild_names_what_it_left_out(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        skipped = (Skipped("@everyone.md", "not UTF-8", SkippedKind.DOCUMENT),)
        stage.world.build_result = BuildReport("2", True, (), skipped, 2, 9, 0, (), 0.1)
        text = shown((await manager(stage).slash(stage.channel, "rebuild")).response)

        assert "Document left out: \\@everyone.md — not UTF-8" in text


@pytest.mark.parametrize(
    ("reasons", "line"),
    [
        ((BuildReason.OTHER_MODEL, BuildReason.OTHER_NORMALIZATION), "The model is another one"),
        ((BuildReason.OTHER_OPENCC,), "The program’s text rules have changed"),
        ((BuildReason.DAMAGED,), "The last version was damaged"),
    ],
)
async def test_a_rebuild_of_everything_says_why(
    running: Running, reasons: tuple[BuildReason, ...], line: str
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_result = BuildReport("2", True, (), (), 2, 9, 9, reasons, 0.1)
        text = shown((await manager(stage).slash(stage.channel, "rebuild")).response)

        assert line in text


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (Failed("/secret/documents: no such folder"), "The rebuild failed"),
        (Failed("/secret/store is being built", busy=True), "already running"),
    ],
)
async def test_a_failed_rebuild_keeps_the_version_and_no_path_reaches_the_channel(
    running: Running, caplog: pytest.LogCaptureFixture, failure: Failed, line: str
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_result = failure
        text = shown((await manager(stage).slash(stage.channel, "rebuild")).response)

        assert line in text
        assert "/secret" not in text
        assert "/secret" in caplog.text
        assert stage.bot.services.answers.version == "1"


async def test_an_answer_is_one_log_line_without_the_question(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running() as stage:
        await stage.alice.slash(stage.channel, "ask", question="How many llamas?")

    lines = [record for record in caplog.records if record.name == "bot.services.ask"]
    assert len(lines) == 1
    assert "llamas" not in caplog.text


async def test_questions_are_logged_when_the_admin_wants_them(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running(log_questions=True) as stage:
        await stage.alice.slash(stage.channel, "ask", question="How many llamas?")

    assert "How many llamas?" in caplog.text
