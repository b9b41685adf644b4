"""Versions that are damaged, or end whoever opens them: what answers then, and that nothing withdrawn comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import index
from bot.discord_io.live_message import NullLiveMessage
from bot.errors import RollbackFailedError
from bot.locales import messages_in
from bot.rendering.layout import Layout
from bot.services.versions.index_versions import IndexVersions
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from index import Settings
from tests.bot.services.versions.small_store import Processes, damage, publish
from tests.bot.virtual_time import VirtualLoop

SETTINGS = Settings(model="fake")
EN = messages_in("en")


async def at_once(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return function(*arguments, **options)


class House:
    """A bot without Discord, in virtual time."""

    def __init__(self, store: Path) -> None:
        self.loop = VirtualLoop()
        self.store = store
        self.processes = Processes(store)
        self.answers = AnswerClient(SETTINGS, Limits(64, 20.0), spawn=self.processes.spawn)
        builds = BuildRunner(SETTINGS, spawn=self.processes.spawn)
        self.versions = IndexVersions(builds, self.answers, store=store)

    def start(self) -> None:
        self.loop.call(self.answers.start)
        self.wait(0)

    def wait(self, seconds: float) -> None:
        """Advance the time until every process has done its work."""
        step = 10.0 if seconds <= 300 else 60.0
        for _ in range(max(1, int(seconds // step))):
            self.loop.call(self.processes.work)
            self.loop.advance(min(seconds, step), step=step)
        self.loop.call(self.processes.work)

    def current(self) -> str | None:
        return index.Store(self.store).current()

    def rebuild(self, live_message: Any = None) -> asyncio.Task[None]:
        return self.loop.begin(self.versions.rebuild(live_message or NullLiveMessage(), EN, by="boss"))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(asyncio, "to_thread", at_once)
    monkeypatch.setattr("os.fsync", lambda _: None)
    house = House(tmp_path / "store")
    yield house
    house.loop.close()


def test_a_rollback_cures_a_worker_that_cannot_be_started(house: House) -> None:
    old, new = publish(house.store), publish(house.store)
    house.processes.crashing.add(new)
    house.start()
    assert not house.answers.ready
    rollback = house.loop.begin(house.versions.roll_back(None))
    house.wait(1)
    assert rollback.result() == house.answers.version == house.current() == old


def test_a_rollback_that_cannot_be_opened_leaves_current_exactly_as_it_was(house: House) -> None:
    names = [publish(house.store) for _ in range(3)]
    house.processes.crashing |= set(names)
    house.start()
    for _ in range(3):
        rollback = house.loop.begin(house.versions.roll_back(None))
        house.wait(1)
        assert isinstance(rollback.exception(), RollbackFailedError)
        assert (house.current(), house.versions.paused) == (names[-1], False)


def test_a_version_that_ends_every_worker_gives_way_to_the_one_before_and_that_is_said(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = publish(house.store), publish(house.store)
    house.processes.crashing.add(new)
    house.start()
    house.wait(300)
    assert (house.answers.version, house.current(), house.versions.fell_back_from) == (old, old, new)
    assert house.versions.paused
    assert f"it does not start with version {new}; version {old} is current" in caplog.text


def test_where_the_version_before_does_not_start_either_the_version_was_not_at_fault(house: House) -> None:
    names = [publish(house.store) for _ in range(4)]
    house.processes.crashing |= set(names)
    house.start()
    house.wait(3600)
    assert (house.answers.ready, house.current(), house.versions.fell_back_from) == (False, names[-1], None)
    house.processes.crashing.clear()
    house.wait(120)
    assert house.answers.version == names[-1]


def test_a_rebuild_brings_back_a_worker_that_could_not_be_started(house: House) -> None:
    house.processes.crashing.add(publish(house.store))
    house.start()
    rebuild = house.rebuild()
    house.wait(30)
    assert rebuild.done()
    assert house.answers.version == house.current() == index.Store(house.store).versions()[0]


def test_damage_after_a_rollback_neither_brings_back_nor_builds_what_was_withdrawn(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    oldest, chosen, withdrawn = (publish(house.store) for _ in range(3))
    house.start()
    rollback = house.loop.begin(house.versions.roll_back(None))
    house.wait(1)
    assert rollback.result() == chosen
    damage(house.store, chosen)
    house.loop.call(house.processes.workers[-1].kill)
    house.wait(60)
    assert house.answers.version == house.current() == oldest
    assert (house.processes.builders, house.versions.paused) == ([], True)
    assert "not rebuilt, because of the rollback" in caplog.text
    assert withdrawn in index.Store(house.store).versions()


def test_damage_without_a_rollback_is_repaired_by_a_build(house: House) -> None:
    old, new = publish(house.store), publish(house.store)
    damage(house.store, new)
    house.start()
    assert house.answers.version == old
    house.wait(30)
    assert house.answers.version == house.current() == index.Store(house.store).versions()[0] not in (old, new)


def test_a_repair_that_fails_is_tried_again_until_it_succeeds(house: House) -> None:
    old, new = publish(house.store), publish(house.store)
    damage(house.store, new)
    house.processes.build_fails = True  # once
    house.start()
    house.wait(20)
    assert house.answers.version == house.current() == old
    house.wait(60)
    assert house.answers.version == house.current() not in (old, new)


def test_no_repair_undoes_a_rollback_that_came_meanwhile(house: House) -> None:
    first, second, third = (publish(house.store) for _ in range(3))
    damage(house.store, third)
    house.processes.build_fails = True
    house.start()
    assert house.answers.version == second
    rollback = house.loop.begin(house.versions.roll_back(None))
    house.wait(1)
    assert rollback.result() == first
    house.processes.build_fails = False
    house.wait(3600)
    assert house.answers.version == house.current() == first


def test_an_automatic_build_that_fails_is_to_be_tried_again(house: House) -> None:
    publish(house.store)
    house.start()
    house.processes.build_fails = True
    failing = house.loop.begin(house.versions.rebuild_automatically(NullLiveMessage(), EN))
    house.wait(30)
    house.processes.is_exhausted = True
    unstarted = house.loop.begin(house.versions.rebuild_automatically(NullLiveMessage(), EN))
    assert (failing.result(), unstarted.result()) == (False, False)


class Recorder:
    """Keeps what it is to show."""

    def __init__(self) -> None:
        self.shown: list[Layout] = []

    async def show(self, layout: Layout) -> bool:
        self.shown.append(layout)
        return True


@pytest.mark.parametrize(("is_retry", "reports"), [(False, 1), (True, 0)])
def test_the_failure_of_an_automatic_build_is_reported_once(house: House, is_retry: bool, reports: int) -> None:
    publish(house.store)
    house.start()
    house.processes.build_fails = True
    recorder = Recorder()
    _ = house.loop.begin(house.versions.rebuild_automatically(recorder, EN, is_retry=is_retry))
    house.loop.call(house.processes.work)
    house.loop.advance(1)
    assert len(recorder.shown) == reports


def test_an_automatic_build_waits_for_the_one_that_runs(house: House) -> None:
    publish(house.store)
    house.start()
    rebuild = house.rebuild()
    automatic = house.loop.begin(house.versions.rebuild_automatically(NullLiveMessage(), EN))
    assert len(house.processes.builders) == 1
    house.wait(30)
    assert (rebuild.done(), automatic.result(), len(house.processes.builders)) == (True, True, 2)


class BrokenDisplay:
    """Fails as nobody foresaw, or never returns."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.hangs = hangs

    async def show(self, _layout: Layout) -> bool:
        if self.hangs:
            await asyncio.Event().wait()
        raise RuntimeError("Session is closed")


@pytest.mark.parametrize("hangs", [False, True])
def test_whatever_befalls_the_display_the_build_ends_and_its_version_answers(house: House, hangs: bool) -> None:
    old = publish(house.store)
    house.start()
    rebuild = house.rebuild(BrokenDisplay(hangs=hangs))
    house.wait(120)
    assert rebuild.exception() is None
    assert house.answers.version == house.current() != old
    assert house.versions.running is None


def test_a_build_that_cannot_be_started_leaves_the_next_one_free(house: House) -> None:
    publish(house.store)
    house.start()
    house.processes.is_exhausted = True
    assert house.rebuild().exception() is not None
    house.processes.is_exhausted = False
    rebuild = house.rebuild()
    house.wait(30)
    assert rebuild.exception() is None
