"""The worker under faults, in virtual time: each of waiting, answering, starting and opening has its own clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.errors import AnswerTimeoutError, LostError, RebuildFailedError, UnavailableError
from bot.types import BuildProgress
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from bot.worker.protocol import AbandonReload, AskBatch, BatchAnswered, Failed, Ready, Reload, Starting
from index import Answer, BuildStage, Query, Settings
from tests.bot.virtual_time import Nursery, VirtualLoop, answer_to

SETTINGS = Settings(model="fake")
HOUR = 3600.0


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    virtual = VirtualLoop()
    yield virtual
    virtual.close()


@pytest.fixture
def nursery() -> Nursery:
    return Nursery()


@pytest.fixture
def client(nursery: Nursery) -> AnswerClient:
    return AnswerClient(SETTINGS, Limits(64, 20.0), spawn=nursery.spawn)


@pytest.fixture
def ready(loop: VirtualLoop, nursery: Nursery, client: AnswerClient) -> AnswerClient:
    """Return a client whose worker answers from version 1."""
    loop.call(client.start)
    loop.call(nursery.last.say, Ready("1"))
    return client


def answer_batch(loop: VirtualLoop, nursery: Nursery, version: str = "1") -> None:
    """Answer the last batch that the worker was sent."""
    batch = nursery.last.sent_of(AskBatch)[-1]
    answers = tuple(answer_to(query.text, version) for query in batch.queries)
    loop.call(nursery.last.say, BatchAnswered(answers))


def error_of(task: asyncio.Task[Answer]) -> BaseException | None:
    return task.exception() if task.done() else None


# Waiting and answering


def test_long_questions_that_wait_their_turn_are_no_sign_of_a_stuck_worker(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    asked = [loop.begin(ready.ask(Query(f"{number} " + "x" * 990))) for number in range(64)]
    while not all(task.done() for task in asked):
        loop.advance(5)  # together they take five minutes
        answer_batch(loop, nursery)
    assert [task.result().question.split()[0] for task in asked] == [str(number) for number in range(64)]
    assert len(nursery.children) == 1


def test_a_batch_is_as_long_as_the_worker_can_answer_in_good_time(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    for length in (10, 10, 1000, 1000, 500, 10):
        _ = loop.begin(ready.ask(Query("x" * length)))
    for _ in range(3):
        answer_batch(loop, nursery)
    batches = [[len(query.text) for query in batch.queries] for batch in nursery.last.sent_of(AskBatch)]
    assert batches == [[10], [10, 1000], [1000, 500, 10]]


def test_a_question_that_waits_too_long_is_given_up_and_the_worker_left_alone(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    loop.call(client.start)
    asked = loop.begin(client.ask(Query("early")))
    for _ in range(11):
        loop.advance(60, step=60)
        loop.call(nursery.last.say, Starting())
    assert isinstance(error_of(asked), AnswerTimeoutError)
    assert (len(nursery.children), nursery.last.is_alive) == (1, True)


def test_a_worker_that_is_stuck_is_ended_and_each_question_of_the_batch_tried_alone(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    first = loop.begin(ready.ask(Query("first")))
    others = [loop.begin(ready.ask(Query(name))) for name in ("stuck", "other")]
    answer_batch(loop, nursery)
    loop.advance(21)
    assert len(nursery.children) == 2
    loop.call(nursery.last.say, Ready("1"))
    loop.advance(21)  # the first of the two, by itself, is stuck again
    loop.advance(2)
    loop.call(nursery.last.say, Ready("1"))
    answer_batch(loop, nursery)
    assert (first.done(), type(error_of(others[0])), others[1].result().question) == (
        True,
        AnswerTimeoutError,
        "other",
    )


def test_a_question_that_kills_every_worker_is_lost_and_no_other_with_it(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    asked = loop.begin(ready.ask(Query("poison")))
    loop.call(nursery.last.kill)
    loop.advance(2)
    loop.call(nursery.last.say, Ready("1"))
    loop.call(nursery.last.kill)
    assert isinstance(error_of(asked), LostError)


# Starting


def test_a_start_that_reports_progress_may_take_as_long_as_it_needs(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    loop.call(client.start)
    for _ in range(100):
        loop.advance(500, step=100)
        loop.call(nursery.last.say, Starting())
    loop.call(nursery.last.say, Ready("1"))
    loop.advance(HOUR, step=60)
    assert (client.ready, len(nursery.children)) == (True, 1)


def test_a_start_that_says_nothing_is_ended_and_tried_again(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    loop.call(client.start)
    asked = loop.begin(client.ask(Query("early")))
    loop.advance(601, step=100)
    assert not nursery.children[0].is_alive
    assert error_of(asked) is not None
    loop.advance(2)
    loop.call(nursery.last.say, Ready("1"))
    assert (client.ready, len(nursery.children)) == (True, 2)


def test_a_process_that_cannot_be_spawned_is_tried_again_and_questions_are_refused_meanwhile(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    nursery.is_exhausted = True
    loop.call(client.start)
    with pytest.raises(UnavailableError):
        loop.run(client.wait_until_ready())
    with pytest.raises(UnavailableError):
        loop.run(client.ask(Query("now")))
    loop.advance(200)
    nursery.is_exhausted = False
    loop.advance(61)
    loop.call(nursery.last.say, Ready("1"))
    assert client.ready


def test_starts_that_end_without_a_reason_are_told_from_the_third_and_those_with_one_never(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    told: list[int] = []
    client.add_broken_start_listener(lambda: told.append(len(nursery.children)))
    loop.call(client.start)
    for has_reason in (True, True, True, False, False, False, False):
        if has_reason:
            loop.call(nursery.last.say, Failed("no model"))
        loop.call(nursery.last.kill)
        loop.advance(61)
    assert told == [6, 7]


# Opening another version


def test_a_reload_during_a_start_opens_what_is_current_after_it(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    loop.call(client.start)
    reload = loop.begin(client.reload())
    loop.call(nursery.last.say, Ready("1"))
    assert not reload.done()
    (asked,) = nursery.last.sent_of(Reload)
    loop.call(nursery.last.say, Ready("2", reload=asked.number))
    assert reload.result() == client.version == "2"


def test_a_reload_that_hangs_is_given_up_and_holds_off_no_later_one(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    first = loop.begin(ready.reload())
    second = loop.begin(ready.reload())
    loop.advance(301, step=10)
    assert isinstance(first.exception(), UnavailableError)
    assert len(nursery.last.sent_of(AbandonReload)) == 1
    number = nursery.last.sent_of(Reload)[-1].number
    loop.call(nursery.last.say, Ready("2", reload=number))
    assert second.result() == "2"
    assert nursery.last.is_alive


def test_a_late_answer_to_a_reload_does_not_settle_the_next(
    loop: VirtualLoop, nursery: Nursery, ready: AnswerClient
) -> None:
    _ = loop.begin(ready.reload())
    second = loop.begin(ready.reload())
    loop.advance(301, step=10)
    loop.call(nursery.last.say, Failed("too late", reload=nursery.last.sent_of(Reload)[0].number))
    assert not second.done()


def test_where_no_worker_could_be_started_the_current_version_is_opened_by_a_new_start(
    loop: VirtualLoop, nursery: Nursery, client: AnswerClient
) -> None:
    loop.call(client.start)
    loop.call(nursery.last.kill)
    opening = loop.begin(client.open_current())
    assert len(nursery.children) == 2
    loop.call(nursery.last.say, Ready("1"))
    assert opening.result() == "1"


# Builds


def test_a_build_that_cannot_be_spawned_fails_and_the_next_one_may_run(
    loop: VirtualLoop, nursery: Nursery
) -> None:
    builds = BuildRunner(SETTINGS, spawn=nursery.spawn)
    nursery.is_exhausted = True
    with pytest.raises(RebuildFailedError):
        loop.run(builds.run(lambda _: None))
    nursery.is_exhausted = False
    _ = loop.begin(builds.run(lambda _: None))
    assert len(nursery.children) == 1


def test_a_build_without_progress_is_ended_and_one_with_it_may_take_hours(
    loop: VirtualLoop, nursery: Nursery
) -> None:
    builds = BuildRunner(SETTINGS, spawn=nursery.spawn)
    running = loop.begin(builds.run(lambda _: None))
    for done in range(20):
        loop.advance(1700, step=100)
        loop.call(nursery.last.say, BuildProgress(BuildStage.ENCODE, done, 20))
    assert not running.done()
    loop.advance(1900, step=100)
    assert isinstance(running.exception(), RebuildFailedError)
    assert builds.running is None


def test_a_build_that_nobody_waits_for_frees_the_next_one(loop: VirtualLoop, nursery: Nursery) -> None:
    builds = BuildRunner(SETTINGS, spawn=nursery.spawn)

    async def start() -> None:
        builds.start(lambda _: None, by="somebody whose command failed then")

    loop.run(start())
    free = loop.begin(builds.wait_free())
    loop.call(nursery.last.kill)
    assert free.done()
    loop.run(start())
