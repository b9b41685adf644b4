"""Any sequence of faults and commands ends answering from a whole version, or saying why not."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import index
from bot.errors import BotError, UnavailableError
from index import Answer, Query
from tests.bot.services.versions.small_store import damage, publish
from tests.bot.services.versions.test_broken_versions import House, at_once
from tests.conftest import examples

HOUR = 3600.0


class AnySequence(RuleBasedStateMachine):
    """A bot without Discord whose worker, builder, store and system fail in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(asyncio, "to_thread", at_once)
        self.patch.setattr("os.fsync", lambda _: None)
        self.folder = Path(tempfile.mkdtemp())
        self.house = House(self.folder / "store")
        self.withdrawn: set[str] = set()  # by a person
        self.tasks: list[asyncio.Task[Any]] = []
        self.questions: list[asyncio.Task[Answer]] = []
        publish(self.house.store)
        self.house.start()

    @rule()
    def ask(self) -> None:
        self.questions.append(self.house.loop.begin(self.house.answers.ask(Query("who?"))))

    @rule(seconds=st.sampled_from([0, 1, 30, 700]))
    def let_time_pass(self, seconds: int) -> None:
        self.house.wait(seconds)

    @rule()
    def kill_the_worker(self) -> None:
        if self.house.processes.workers:
            self.house.loop.call(self.house.processes.workers[-1].kill)

    @rule(fault=st.sampled_from(["crashing", "hanging", "damaged"]))
    def break_the_current_version(self, fault: str) -> None:
        current = index.Store(self.house.store).current()
        if fault == "damaged":
            damage(self.house.store, current or "")
        else:
            getattr(self.house.processes, fault).add(current)

    @rule()
    def heal(self) -> None:
        self.house.processes.crashing.clear()
        self.house.processes.hanging.clear()

    @rule()
    def let_the_system_run_out_of_processes(self) -> None:
        self.house.processes.is_exhausted = not self.house.processes.is_exhausted

    @precondition(lambda self: self.house.versions.running is None)
    @rule(fails=st.booleans())
    def rebuild(self, fails: bool) -> None:
        self.house.processes.build_fails = fails
        self.tasks.append(self.house.rebuild())

    @rule()
    def build_by_another_process(self) -> None:
        publish(self.house.store)

    @rule()
    def build_with_the_clock_ahead(self) -> None:
        publish(self.house.store, after="30000101T000000.000000Z")

    @precondition(lambda self: self.house.versions.running is None)
    @rule()
    def roll_back(self) -> None:
        rollback = self.house.loop.begin(self.house.versions.roll_back(None))
        self.house.wait(700)
        if rollback.done() and rollback.exception() is None:
            chosen = rollback.result()
            newer = {name for name in index.Store(self.house.store).versions() if name > chosen}
            self.withdrawn = (self.withdrawn | newer) - {chosen}
        self.tasks.append(rollback)

    @rule()
    def reload(self) -> None:
        self.tasks.append(self.house.loop.begin(self.house.answers.reload()))

    @rule()
    def prune(self) -> None:
        store = index.Store(self.house.store)
        with store.write_lock():
            store.prune(2)

    @invariant()
    def nothing_that_a_person_withdrew_answers(self) -> None:
        if self.house.answers.ready:
            assert self.house.answers.version not in self.withdrawn

    def teardown(self) -> None:
        house = self.house
        house.processes.is_exhausted = False
        house.wait(2 * HOUR)
        for task in (*self.tasks, *self.questions):
            assert task.done()
            assert task.exception() is None or isinstance(task.exception(), BotError)
        assert house.versions.running is None
        if house.answers.ready:
            last = house.loop.begin(house.answers.ask(Query("and now?")))
            house.wait(1)
            assert last.result().version == house.answers.version
        else:
            self._says_why_not()
        house.loop.close()
        self.patch.undo()
        shutil.rmtree(self.folder)

    def _says_why_not(self) -> None:
        """No version that is left can be opened, and a question is refused once the start under way has failed."""
        processes, store = self.house.processes, index.Store(self.house.store)
        whole = [name for name in store.fallbacks() if processes.is_whole(name)]
        assert not [name for name in (store.current(), *whole[:1]) if self._opens(name)]
        refused = self.house.loop.begin(self.house.answers.ask(Query("and now?")))
        self.house.wait(1000)
        assert isinstance(refused.exception(), UnavailableError)

    def _opens(self, name: str | None) -> bool:
        processes = self.house.processes
        return name is not None and processes.is_whole(name) and name not in processes.crashing | processes.hanging


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=examples(15), stateful_step_count=15)
