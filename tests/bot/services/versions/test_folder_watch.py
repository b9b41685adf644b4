"""Watching a real folder: a burst of writes is one build, and a rollback pauses watching."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

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
