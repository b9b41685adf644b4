"""Rebuilds, cancellations, rollbacks, watching, fallbacks: which version answers, and what is reported."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.discord_io.live_message import ChannelLiveMessage, NullLiveMessage
from bot.errors import BusyError, RebuildOverError
from bot.locales import messages_in
from bot.services.versions import folder_watch
from bot.services.versions.broken_version import BrokenVersion
from bot.services.versions.folder_watch import FolderWatch
from bot.worker.protocol import Failed
from index import Language, Query
from tests.bot.cogs.test_admin import manager
from tests.bot.conftest import GUILD, Running, Stage, response, shown
from tests.bot.world import until

Speak = Callable[[str], None]
Task = asyncio.Future[None]


@asynccontextmanager
async def rebuilding(stage: Stage, *, by: str = "boss", language: Language = "en") -> AsyncIterator[Task]:
    """Hold a rebuild in the channel after it has begun, and let it go on at the end.

    Not by the command: simcord runs one operation at a time, and the tests click buttons meanwhile.
    """
    stage.world.build_hold.clear()
    channel = stage.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    rebuild = stage.bot.services.versions.rebuild(ChannelLiveMessage(channel), messages_in(language), by=by)
    task = asyncio.ensure_future(rebuild)
    await until(lambda: bool(cancel_ids(stage)))
    yield task
    stage.world.build_hold.set()
    await task


def live_message(stage: Stage) -> Any:
    """Return the message that shows the rebuild."""
    return stage.channel.history()[-1]


def cancel_ids(stage: Stage) -> list[str]:
    history = stage.channel.history()
    return re.findall(r"cancel:\d+", str([part.to_dict() for part in history[-1].components])) if history else []


@pytest.mark.parametrize(
    ("locale", "done"),
    [
        ("zh-TW", "現在以版本 2 回答：2 份文件、9 個段落（新增 5 個，移除 4 個）"),
        ("zh-CN", "现在用版本 2 回答：2 份文档、9 个段落（新增 5 个，移除 4 个）"),
        ("en-US", "Version 2 answers now. Documents: 2; passages: 9 (5 added, 4 removed)"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"private": True}, {"private": False}])
async def test_a_rebuild_ends_with_the_difference_for_the_admin_or_for_all_to_see(
    running: Running, speak: Speak, locale: str, done: str, options: dict[str, bool]
) -> None:
    speak(locale)
    async with running(admin_guilds=(GUILD,)) as stage:
        result = await manager(stage).slash(stage.channel, "rebuild", **options)

        assert result.ephemeral is options.get("private", True)
        assert done in shown(response(result))
        assert stage.bot.services.answers.version == "2"


@pytest.mark.parametrize(
    ("language", "started", "progress"),
    [
        ("zh-Hant", "這段時間仍以目前的版本回答", "編碼 1/2 · 0 秒"),
        ("zh-Hans", "这段时间仍用当前版本回答", "编码 1/2 · 0 秒"),
        ("en", "Until it is done, I answer", "encoding 1/2 · 0 s"),
    ],
)
async def test_the_stage_the_count_and_the_time_are_shown_as_they_change(
    running: Running, monkeypatch: pytest.MonkeyPatch, language: Language, started: str, progress: str
) -> None:
    monkeypatch.setattr("bot.services.versions.build_report._EDIT_SECONDS", 0.02)
    async with running() as stage, rebuilding(stage, language=language):
        assert started in shown(live_message(stage))
        await until(lambda: progress in shown(live_message(stage)))


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hant", "manager 取消了重建"),
        ("zh-Hans", "manager 取消了重建"),
        ("en", "manager cancelled the rebuild"),
    ],
)
async def test_an_admin_cancels_a_rebuild_and_the_store_stays(
    running: Running, language: Language, line: str
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        async with rebuilding(stage, language=language) as rebuild:
            await admin.click(live_message(stage), custom_id=cancel_ids(stage)[0])
            await rebuild

        assert line in shown(live_message(stage))
        assert stage.world.version == stage.bot.services.answers.version == "1"
        await admin.slash(stage.channel, "rebuild")
        assert stage.bot.services.answers.version == "2"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hant", "中止得太晚：版本 2 已經建好，現在以它回答。"),
        ("zh-Hans", "中止得太晚：版本 2 已经建好，现在用它回答。"),
        ("en", "Stopped too late: version 2 was already finished, and answers now."),
    ],
)
@pytest.mark.parametrize("cancelled", [True, False])
async def test_a_rebuild_that_ends_after_it_switched_is_adopted_and_the_line_says_so(
    running: Running, language: Language, line: str, cancelled: bool
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        async with rebuilding(stage, language=language) as rebuild:
            stage.world.rebuild()  # the store is switched; the builder has not said so yet
            if cancelled:
                await admin.click(live_message(stage), custom_id=cancel_ids(stage)[0])
            else:
                stage.world.children[-1].kill()
            await rebuild

        assert shown(live_message(stage)) == line
        assert stage.bot.services.answers.version == "2"


@pytest.mark.parametrize(
    ("locale", "line"),
    [("zh-TW", "僅供管理員"), ("zh-CN", "仅供管理员"), ("en-US", "This is for admins")],
)
async def test_nobody_else_cancels_a_rebuild(running: Running, speak: Speak, locale: str, line: str) -> None:
    speak(locale)
    async with running(admin_guilds=(GUILD,)) as stage:
        async with rebuilding(stage) as rebuild:
            refused = await stage.alice.click(live_message(stage), custom_id=cancel_ids(stage)[0])
            assert line in shown(response(refused))
            assert refused.ephemeral
            assert not rebuild.done()

        assert stage.world.version == "2"


async def test_a_cancel_button_cancels_its_own_rebuild_only(running: Running) -> None:
    async with running() as stage:
        async with rebuilding(stage):
            number = int(cancel_ids(stage)[0].removeprefix("cancel:"))
        async with rebuilding(stage):
            with pytest.raises(RebuildOverError):
                stage.bot.services.versions.cancel(number, by="boss")

        assert stage.world.version == "3"


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("zh-TW", "\\@everyone 已經開始重建索引了"),
        ("zh-CN", "\\@everyone 已经开始重建索引了"),
        ("en-US", "\\@everyone has already started a rebuild"),
    ],
)
async def test_a_second_admin_is_shown_who_started_it(
    running: Running, speak: Speak, locale: str, line: str
) -> None:
    speak(locale)
    async with running(admin_guilds=(GUILD,)) as stage:
        async with rebuilding(stage, by="@everyone"):
            second = await manager(stage, name="second").slash(stage.channel, "rebuild")
            back = await manager(stage, name="third").slash(stage.channel, "rollback")

        assert second.ephemeral
        assert line in shown(response(second))
        assert line in shown(response(back))


@pytest.mark.parametrize(
    ("locale", "line"), [("zh-TW", "重建失敗"), ("zh-CN", "重建失败"), ("en-US", "The rebuild failed")]
)
async def test_a_failing_build_changes_nothing_and_says_one_line(
    running: Running, speak: Speak, caplog: pytest.LogCaptureFixture, locale: str, line: str
) -> None:
    speak(locale)
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_result = Failed("/secret/documents: disk full")
        result = await manager(stage).slash(stage.channel, "rebuild")

        assert line in shown(response(result))
        assert "\n" not in shown(response(result))
        assert "/secret" in caplog.text
        assert stage.bot.services.answers.version == "1"


async def test_where_no_message_may_be_written_the_response_says_where_to_look(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_io.live_message._TOKEN_SECONDS", -1.0)
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
        result = await manager(stage).slash(stage.channel, "rebuild")

        assert "I may not write messages here" in shown(response(result))
        assert stage.bot.services.answers.version == "2"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("zh-TW", ("已退回版本 1", "**1（目前）**")),
        ("zh-CN", ("已回退到版本 1", "**1（当前）**")),
        ("en-US", ("Back to version 1", "**1 (current)**")),
    ],
)
async def test_a_rollback_answers_from_the_version_before_and_a_rebuild_goes_on_from_it(
    running: Running, monkeypatch: pytest.MonkeyPatch, speak: Speak, locale: str, expected: tuple[str, str]
) -> None:
    speak(locale)
    monkeypatch.setattr("bot.cogs.watch.WatchCog.cog_load", idle)
    async with running(admin_guilds=(GUILD,), watch=True) as stage:
        admin = manager(stage)
        await admin.slash(stage.channel, "rebuild")
        back = await admin.slash(stage.channel, "rollback")
        assert expected[0] in shown(response(back))
        assert stage.bot.services.answers.version == "1"
        assert stage.bot.services.versions.paused
        status = shown(response(await admin.slash(stage.channel, "status")))
        assert expected[1] in status
        assert "/rebuild" in status

        await admin.slash(stage.channel, "rebuild")
        assert stage.bot.services.answers.version == "3"
        assert not stage.bot.services.versions.paused


async def test_a_named_version_is_offered_and_taken(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        for _ in range(2):
            await admin.slash(stage.channel, "rebuild")
        choices = await admin.autocomplete(stage.channel, "rollback", "version", "")
        assert [choice["value"] for choice in choices] == ["2", "1"]

        await admin.slash(stage.channel, "rollback", version="1")
        assert stage.bot.services.answers.version == "1"


@pytest.mark.parametrize(("version", "line"), [("9", "no such version"), (None, "no earlier version")])
async def test_a_version_that_is_not_there_is_refused(running: Running, version: str | None, line: str) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        options = {"version": version} if version else {}
        result = await manager(stage).slash(stage.channel, "rollback", **options)

        assert line in shown(response(result))
        assert not stage.bot.services.versions.paused


async def test_a_version_that_cannot_be_opened_is_given_up(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        await admin.slash(stage.channel, "rebuild")
        stage.world.unopenable = True
        result = await admin.slash(stage.channel, "rollback")

        assert "The rollback failed" in shown(response(result))
        assert "/secret" not in shown(response(result))
        assert stage.world.version == "2"
        assert stage.bot.services.answers.version == "2"


async def idle(_cog: object) -> None:
    """Start no watch: simcord waits for what a bot starts; tests start it themselves."""


class Folder:
    """A source of changes that tests make."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[object] = asyncio.Queue()

    async def __call__(self, _folder: object = None) -> AsyncIterator[object]:
        while True:
            yield await self.changes.get()


async def test_all_that_changes_during_a_build_brings_one_more() -> None:
    folder, gate = Folder(), asyncio.Event()
    builds: list[int] = []

    async def rebuild() -> bool:
        builds.append(len(builds))
        await gate.wait()
        return True

    watch = FolderWatch(folder, rebuild)
    watch.start()
    folder.changes.put_nowait("one")
    await until(lambda: len(builds) == 1)
    for name in ("two", "three", "four"):
        folder.changes.put_nowait(name)
    await until(folder.changes.empty)
    gate.set()
    await until(lambda: len(builds) == 2)
    for _ in range(20):
        await asyncio.sleep(0)
    await watch.close()

    assert builds == [0, 1]


async def test_watching_goes_on_after_a_build_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    folder = Folder()
    builds: list[int] = []

    async def rebuild() -> bool:
        builds.append(len(builds))
        if len(builds) == 1:
            raise RuntimeError("unforeseen")
        return True

    watch = FolderWatch(folder, rebuild)
    watch.start()
    folder.changes.put_nowait("one")
    await until(lambda: len(builds) == 1)
    folder.changes.put_nowait("two")
    await until(lambda: len(builds) == 2)
    await watch.close()

    said = [record.getMessage() for record in caplog.records if record.name == folder_watch.__name__]
    assert said == ["watch: a build failed, watching goes on"]


async def test_a_change_is_built_and_reported_in_the_channel_unless_a_rollback_holds_it_off(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder()
    monkeypatch.setattr("bot.cogs.watch.changes_in", folder)
    monkeypatch.setattr("bot.cogs.watch.WatchCog.cog_load", idle)
    async with running(admin_guilds=(GUILD,), watch=True) as stage:
        cog: Any = stage.bot.get_cog("WatchCog")
        monkeypatch.setattr(cog, "_services", _with_channel(stage))
        cog._watch.start()
        folder.changes.put_nowait("changed")
        await until(lambda: stage.bot.services.answers.version == "2")
        await until(lambda: bool(stage.channel.history()))
        assert "Version 2 answers now" in shown(stage.channel.history()[-1])

        admin = manager(stage)
        await admin.slash(stage.channel, "rollback")
        folder.changes.put_nowait("changed again")
        await until(folder.changes.empty)
        assert stage.bot.services.answers.version == "1"
        await admin.slash(stage.channel, "rebuild")
        folder.changes.put_nowait("and again")
        await until(lambda: stage.bot.services.answers.version == "4")


def _with_channel(stage: Stage) -> object:
    services = stage.bot.services
    return replace(services, settings=services.settings.model_copy(update={"watch_channel": stage.channel.id}))


async def test_questions_are_answered_while_the_new_version_is_being_opened(running: Running) -> None:
    async with running() as stage:
        answers, world = stage.bot.services.answers, stage.world
        world.hold_start.clear()
        world.rebuild()
        switching = asyncio.ensure_future(answers.reload())
        for number in range(5):
            assert (await answers.ask(Query(f"question {number}"))).version == "1"
        assert not switching.done()

        world.hold_start.set()
        assert await switching == "2"
        assert (await answers.ask(Query("and now"))).version == "2"


async def test_a_switch_that_is_asked_for_during_another_opens_what_is_current_then(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running() as stage:
        answers, world = stage.bot.services.answers, stage.world
        gate = threading.Semaphore(0)
        monkeypatch.setattr(world.hold_start, "wait", lambda seconds: gate.acquire(timeout=seconds))
        first, second = (asyncio.ensure_future(answers.reload()) for _ in range(2))
        await asyncio.sleep(0)
        gate.release()
        await first
        world.rebuild()
        gate.release()

        assert await second == answers.version == "2"


async def test_a_full_queue_does_not_keep_a_new_version_from_answering(running: Running) -> None:
    async with running(queue_limit=1) as stage:
        answers, world = stage.bot.services.answers, stage.world
        world.rebuild()
        world.hold_answer.clear()
        asked = asyncio.ensure_future(answers.ask(Query("and meanwhile")))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            answers.check_room()
        switching = asyncio.ensure_future(answers.reload())
        await asyncio.sleep(0)
        assert not switching.done()
        world.hold_answer.set()

        assert (await asked).version == "1"
        assert await switching == answers.version == "2"


async def test_a_fallback_for_a_damaged_version_is_rebuilt_meanwhile(running: Running) -> None:
    async with running(wait=False) as stage:
        stage.world.opens_fallback = True
        stage.world.children[-1].kill()
        await until(lambda: stage.bot.services.answers.version == "2")
        result = await stage.alice.slash(stage.channel, "ask", question="How many are left?")

        assert "line 4" in shown(response(result))


async def test_a_rebuild_that_no_message_shows_is_cancelled_from_the_answer_to_a_second_one(
    running: Running,
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        stage.world.build_hold.clear()
        versions = stage.bot.services.versions
        automatic = asyncio.ensure_future(versions.rebuild_automatically(NullLiveMessage(), messages_in("en")))
        await until(lambda: versions.running is not None)
        admin = manager(stage)
        refused = await admin.slash(stage.channel, "rebuild")
        button = re.findall(r"cancel:\d+", str(response(refused).components))
        await admin.click(response(refused), custom_id=button[0])
        await automatic

        assert refused.ephemeral
        assert stage.world.version == "1"


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("zh-TW", "版本 2 無法啟動，在下次 /rebuild 之前以前一個版本回答"),
        ("zh-CN", "版本 2 无法启动，在下次 /rebuild 之前用上一个版本回答"),
        ("en-US", "version 2 could not be started; the one before answers"),
    ],
)
async def test_status_says_that_a_version_could_not_be_started(
    running: Running, monkeypatch: pytest.MonkeyPatch, speak: Speak, locale: str, line: str
) -> None:
    speak(locale)
    monkeypatch.setattr(BrokenVersion, "version", "2")
    async with running(admin_guilds=(GUILD,)) as stage:
        assert line in shown(response(await manager(stage).slash(stage.channel, "status")))
