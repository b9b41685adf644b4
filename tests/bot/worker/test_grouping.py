"""Grouping in a process of its own: its result, its faults, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from bot.errors import UnavailableError
from bot.worker import grouping
from bot.worker.grouping import QuestionGrouper
from bot.worker.process import Child, Listener, ProcessChild, Target
from bot.worker.protocol import QuestionsGrouped
from index import Settings
from tests.bot.worker.test_processes import Probe
from tests.bot.world import World, until

QUESTIONS = ("How many are left?", "Why?", "how many are left")


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    for child in world.children:
        child.kill()


def leave(connection: Connection, _settings: Settings) -> None:
    """End without a word."""
    connection.recv()


def hang(connection: Connection, _settings: Settings) -> None:
    """Never answer."""
    while connection.recv() is not None:
        pass


def read_late(connection: Connection, _settings: Settings) -> None:
    """Read only after a while."""
    time.sleep(0.7)
    connection.send(QuestionsGrouped(tuple((number,) for number, _ in enumerate(connection.recv().questions))))


@pytest.mark.usefixtures("forked")
async def test_more_questions_than_a_pipe_holds_do_not_stall_the_event_loop() -> None:
    questions, probe = [f"{number} " + "x" * 500 for number in range(2000)], Probe()
    async with probe.watching():
        assert len(await QuestionGrouper(Settings(), target=read_late).group(questions)) == 2000
    assert probe.longest < 0.5  # it would be 0.7; serializing a megabyte takes milliseconds


async def test_questions_are_grouped(world: World) -> None:
    grouper = QuestionGrouper(Settings(), spawn=world.spawn)

    assert await grouper.group(QUESTIONS) == ((0, 2), (1,))
    all_three, first_two = await asyncio.gather(grouper.group(QUESTIONS), grouper.group(QUESTIONS[:2]))
    assert (all_three, first_two) == (((0, 2), (1,)), ((0,), (1,)))


async def test_one_question_needs_no_process(world: World) -> None:
    assert await QuestionGrouper(Settings(), spawn=world.spawn).group(QUESTIONS[:1]) == ((0,),)
    assert world.children == []


async def test_a_model_that_is_missing_is_one_line_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.store_broken = True
    with pytest.raises(UnavailableError):
        await QuestionGrouper(Settings(), spawn=world.spawn).group(QUESTIONS)

    assert [record.getMessage() for record in caplog.records] == ["grouping questions: /secret/model: missing"]


async def test_a_process_that_cannot_be_started_is_named(caplog: pytest.LogCaptureFixture) -> None:
    def spawn(_target: Target, _settings: Settings, _listener: Listener) -> Child:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with pytest.raises(UnavailableError):
        await QuestionGrouper(Settings(), spawn=spawn).group(QUESTIONS)

    assert "no process can be started" in caplog.text


async def test_a_real_process_that_dies_ends_the_wait() -> None:
    with pytest.raises(UnavailableError):
        await QuestionGrouper(Settings(), target=leave).group(QUESTIONS)


async def test_a_real_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "_MOST_SECONDS", 0.01)
    children: list[ProcessChild] = []

    def spawn(target: Target, settings: Settings, listener: Listener) -> Child:
        children.append(ProcessChild(target, settings, listener))
        return children[0]

    with pytest.raises(UnavailableError):
        await QuestionGrouper(Settings(), target=hang, spawn=spawn).group(QUESTIONS)
    await until(lambda: not children[0]._process.is_alive())
