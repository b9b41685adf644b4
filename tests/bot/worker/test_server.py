"""The worker's loop: it follows the store's current version, and a version that hangs holds off no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from bot.worker.index_opener import OpenedIndex
from bot.worker.protocol import AbandonReload, AskBatch, BatchAnswered, Failed, Ready, Reload
from bot.worker.server import serve
from index import Answer, Query, StoreError
from tests.bot.virtual_time import answer_to

SOON = 10.0  # seconds, which pass only where the test fails


@dataclass
class Version:
    """An index that answers with its name."""

    version: str

    def ask_many(self, queries: Sequence[Query], *, top: int, document: str | None) -> list[Answer]:
        return [answer_to(query.text, self.version) for query in queries]


@dataclass
class Opener:
    """A store whose versions hang or cannot be opened."""

    name: str = "1"
    broken: set[str] = field(default_factory=set)
    hanging: dict[str, threading.Event] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def current(self) -> str | None:
        return self.name

    def __call__(self, *, recover: bool) -> OpenedIndex:
        name = self.name
        self.opened.append(name)
        if name in self.hanging:
            self.hanging[name].wait(SOON)
        if name in self.broken:
            raise StoreError(f"{name} is damaged")
        return OpenedIndex(Version(name))


@pytest.fixture
def opener() -> Opener:
    return Opener()


@pytest.fixture
def worker(opener: Opener) -> Iterator[Connection]:
    """Return the bot's end of a worker that answers from version 1."""
    ours, theirs = Pipe()
    thread = threading.Thread(target=serve, args=(theirs, opener), kwargs={"follow_seconds": 0.01}, daemon=True)
    thread.start()
    assert heard(ours) == Ready("1")
    yield ours
    for event in opener.hanging.values():
        event.set()
    ours.send(None)
    thread.join(SOON)
    assert not thread.is_alive()


def heard(worker: Connection) -> object:
    assert worker.poll(SOON), "the worker says nothing"
    return worker.recv()


def answering(worker: Connection) -> str:
    """Return the version that answers."""
    worker.send(AskBatch((Query("which?"),), top=1, document=None))
    reply = heard(worker)
    assert isinstance(reply, BatchAnswered)
    (answer,) = reply.results
    assert isinstance(answer, Answer)
    return answer.version


def test_what_another_process_builds_or_rolls_back_to_answers(worker: Connection, opener: Opener) -> None:
    for name in ("2", "1"):
        opener.name = name
        assert heard(worker) == Ready(name)
        assert answering(worker) == name


def test_a_worker_that_is_always_asked_follows_another_process_too(worker: Connection, opener: Opener) -> None:
    opener.name = "2"
    question = AskBatch((Query("which?"),), top=1, document=None)
    until = time.monotonic() + SOON
    worker.send(question)
    while (reply := heard(worker)) != Ready("2"):
        assert time.monotonic() < until
        if isinstance(reply, BatchAnswered):
            worker.send(question)  # at once: the worker never waits for a question


def test_a_followed_version_that_cannot_be_opened_is_tried_once_and_the_present_one_stays(
    worker: Connection, opener: Opener
) -> None:
    opener.broken.add("2")
    opener.name = "2"
    assert heard(worker) == Failed("2 is damaged")
    assert not worker.poll(0.05)
    assert (answering(worker), opener.opened.count("2")) == ("1", 1)
    opener.name = "3"
    assert heard(worker) == Ready("3")


def test_a_version_that_hangs_holds_off_neither_questions_nor_the_next_version(
    worker: Connection, opener: Opener
) -> None:
    opener.hanging["2"] = threading.Event()
    opener.name = "2"
    worker.send(Reload(1))
    assert answering(worker) == "1"
    worker.send(AbandonReload())
    opener.name = "3"
    worker.send(Reload(2))
    assert heard(worker) == Ready("3", reload=2)
    opener.hanging["2"].set()
    assert answering(worker) == "3"


def test_what_an_abandoned_reload_opens_at_last_does_not_answer(worker: Connection, opener: Opener) -> None:
    opener.hanging["2"] = threading.Event()
    opener.name = "2"
    worker.send(Reload(1))
    assert answering(worker) == "1"
    opener.name = "1"
    worker.send(AbandonReload())
    assert answering(worker) == "1"  # and so has read that the reload is abandoned
    opener.hanging["2"].set()
    assert not worker.poll(0.05)
    assert answering(worker) == "1"
