"""Watching a real folder: a burst of writes is one build, and a rollback pauses watching."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cogs.watch import WatchCog
from bot.services.versions import folder_watch
from bot.services.versions.folder_watch import FolderWatch, changes_in
from tests.bot.cogs.test_admin import manager
from tests.bot.conftest import GUILD, Running
from tests.bot.services.versions.test_index_versions import idle
from tests.bot.world import until

# Debounced within tenths of a second: what is tested does not depend on how long it takes.
_STEP_MS = 300
_QUIET_SECONDS = 3 * _STEP_MS / 1000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to watch."""
    monkeypatch.setattr(folder_watch, "_STEP_MS", _STEP_MS)
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


async def write_until(folder: Path, seen: asyncio.Event) -> None:
    """Change a file until it is seen: the operating system does not say when it begins to watch."""
    for number in range(1000):
        (folder / "first.txt").write_text(str(number), "utf-8")
        try:
            await asyncio.wait_for(seen.wait(), _QUIET_SECONDS)
        except TimeoutError:
            continue
        await asyncio.sleep(_QUIET_SECONDS)
        return


async def test_a_burst_of_writes_is_one_build(folder: Path) -> None:
    builds: list[int] = []
    written: list[str] = []
    seen = asyncio.Event()

    async def rebuild() -> bool:
        builds.append(len(written))
        seen.set()
        return True

    watch = FolderWatch(lambda: changes_in(folder), rebuild)
    watch.start()
    await write_until(folder, seen)
    builds.clear()
    for number in range(20):
        written.append(f"{number:02}.txt")
        (folder / written[-1]).write_text("text", "utf-8")
        await asyncio.sleep(_STEP_MS / 1000 / 10)
    await until(lambda: bool(builds))
    await asyncio.sleep(_QUIET_SECONDS)
    await watch.close()

    assert builds == [20]


async def test_a_written_file_is_built_and_not_after_a_rollback(
    folder: Path, running: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("bot.cogs.watch.WatchCog.cog_load", idle)
    async with running(admin_guilds=(GUILD,), watch=True, documents=folder) as stage:
        cog: Any = stage.bot.get_cog("WatchCog")
        seen, rebuild = asyncio.Event(), cog._watch._rebuild

        async def rebuild_and_tell() -> bool:
            done: bool = await rebuild()
            seen.set()
            return done

        cog._watch._rebuild = rebuild_and_tell
        cog._watch.start()
        await write_until(folder, seen)
        assert stage.bot.services.answers.version == stage.world.versions[0] != "1"

        await manager(stage).slash(stage.channel, "rollback", version="1")
        seen.clear()
        await write_until(folder, seen)
        assert stage.bot.services.answers.version == "1"
        assert "because of the rollback" in caplog.text


@dataclass
class Watching:
    """watchfiles in place of the system: what each watch yields, then nothing more; None stands for a refusal."""

    scripts: list[list[set[str]] | None]
    folders: list[object] = field(default_factory=list)

    def awatch(self, folder: object, **_: object) -> AsyncIterator[set[str]]:
        self.folders.append(folder)
        return self._changes(self.scripts[len(self.folders) - 1] if len(self.folders) <= len(self.scripts) else [])

    async def _changes(self, script: list[set[str]] | None) -> AsyncIterator[set[str]]:
        if script is None:
            raise FileNotFoundError(2, "No such file or directory")
        for changes in script:
            await asyncio.sleep(0)
            yield changes
        await asyncio.Event().wait()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "_RETRY_SECONDS", 0.0)


async def first(changes: AsyncGenerator[object, None]) -> object:
    return await asyncio.wait_for(anext(changes), 10)


async def test_another_folder_in_place_of_the_watched_one_is_a_change_and_watched_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    watching = Watching([[set()], [{"changed"}]])
    monkeypatch.setattr("watchfiles.awatch", watching.awatch)
    identities = iter([(1, 1), (1, 2), (1, 2), (1, 2), (1, 2)])  # as after `mv`, or `rm` and `mkdir`
    monkeypatch.setattr(folder_watch, "_identity", lambda _: next(identities))
    async with aclosing(changes_in(folder)) as changes:
        assert await first(changes) == folder
        assert await first(changes) == {"changed"}
    assert len(watching.folders) == 2


async def test_a_folder_that_was_removed_and_made_anew_is_another_one_whatever_number_the_system_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr("watchfiles.awatch", Watching([[{"first"}, set()], []]).awatch)
    async with aclosing(changes_in(folder)) as changes:
        assert await first(changes) == {"first"}
        folder.rmdir()
        folder.mkdir()
        assert await first(changes) == folder


@pytest.mark.usefixtures("soon")
async def test_a_folder_that_cannot_be_watched_is_said_once_and_tried_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watching = Watching([None, None, None, [{"changed"}]])
    monkeypatch.setattr("watchfiles.awatch", watching.awatch)
    async with aclosing(changes_in(tmp_path)) as changes:
        assert await first(changes) == {"changed"}
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["watch"]


@pytest.mark.usefixtures("soon")
async def test_a_watch_that_ends_for_any_reason_is_said_and_begins_again_with_a_build(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watches: list[int] = []
    built = asyncio.Event()

    async def changes() -> AsyncIterator[object]:
        watches.append(1)
        if len(watches) == 1:
            raise ZeroDivisionError("unforeseen")
        await asyncio.Event().wait()
        yield None

    async def rebuild() -> bool:
        built.set()
        return True

    watch = FolderWatch(changes, rebuild)
    watch.start()
    await asyncio.wait_for(built.wait(), 10)
    await watch.close()
    assert len(watches) == 2
    assert "watch: it ended, and begins again" in caplog.text


async def no_change() -> AsyncIterator[object]:
    """Watch a folder in which nothing changes."""
    await asyncio.Event().wait()
    yield None


async def watch_until(done: asyncio.Event, rebuild: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    """Build once by `rebuild`, and watch until it is `done`."""
    watch = FolderWatch(no_change, rebuild)
    watch.start()
    watch.check()
    await asyncio.wait_for(done.wait(), 10)
    await watch.close()


async def test_a_build_that_fails_is_tried_again_later_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "_RETRY_SECONDS", 0.01)
    moments: list[float] = []
    done = asyncio.Event()

    async def rebuild() -> bool:
        moments.append(time.monotonic())
        if len(moments) == 3:
            raise ZeroDivisionError("unforeseen")
        if len(moments) == 6:
            done.set()
        return len(moments) == 6

    await watch_until(done, rebuild)
    assert all(moments[at + 1] - moments[at] >= 0.01 * 2**at for at in range(5))


@pytest.mark.usefixtures("soon")
async def test_a_change_while_another_process_builds_is_built_afterwards() -> None:
    built: list[bool] = []
    done = asyncio.Event()

    async def rebuild() -> bool:
        built.append(len(built) == 2)
        if built[-1]:
            done.set()
        return built[-1]

    await watch_until(done, rebuild)
    assert built == [False, False, True]


async def test_what_changed_while_the_bot_was_down_is_built_when_it_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = asyncio.Event()

    async def rebuild(_: object) -> bool:
        built.set()
        return True

    monkeypatch.setattr(WatchCog, "rebuild", rebuild)
    services: Any = SimpleNamespace(settings=SimpleNamespace(documents=folder))
    bot: Any = None
    cog = WatchCog(bot, services)
    await cog.cog_load()
    await asyncio.wait_for(built.wait(), 10)
    await cog.cog_unload()
