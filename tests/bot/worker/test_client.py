"""The client of the worker: batches, limits, timeouts, restarts, hot swap, shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.errors import (
    AnswerTimeoutError,
    BusyError,
    ClosingError,
    LostError,
    UnavailableError,
)
from bot.worker.client import AnswerClient, Limits
from index import Query, QuestionError, Settings
from tests.bot.world import World, until

SETTINGS = Settings(model="fake")
Start = Callable[..., Awaitable[AnswerClient]]


@pytest.fixture
async def start(world: World) -> AsyncIterator[Start]:
    """Return a function that starts a client of the world's worker."""
    started: list[AnswerClient] = []

    async def start(*, queue: int = 50, seconds: float = 5.0, wait: bool = True) -> AnswerClient:
        answers = AnswerClient(SETTINGS, Limits(queue, seconds), spawn=world.spawn)
        started.append(answers)
        answers.start()
        if wait:
            await answers.wait_until_ready()
        return answers

    yield start
    for answers in started:
        await answers.close(grace=0.1)


async def test_twenty_questions_at_once_are_all_answered_in_few_passes(start: Start, world: World) -> None:
    answers = await start()
    found = await asyncio.gather(*(answers.ask(Query(f"question {number}")) for number in range(20)))

    assert [answer.question for answer in found] == [f"question {number}" for number in range(20)]
    assert len(world.asked) <= 3


async def test_questions_for_different_documents_are_not_mixed(start: Start) -> None:
    answers = await start()
    asked = [
        answers.ask(Query(f"{name} {n}"), document=name) for n in range(4) for name in ("rise.md", "exodus.txt")
    ]
    for answer in await asyncio.gather(*asked):
        assert {quote.document for quote in answer.quotes} == {answer.question.split()[0]}


async def test_one_unusable_question_does_not_spoil_the_others(start: Start) -> None:
    answers = await start()
    first, bad, last = await asyncio.gather(
        answers.ask(Query("first")),
        answers.ask(Query("unusable")),
        answers.ask(Query("last")),
        return_exceptions=True,
    )

    assert isinstance(bad, QuestionError)
    assert not isinstance(first, BaseException)
    assert not isinstance(last, BaseException)


async def test_a_question_that_comes_while_the_model_loads_waits(start: Start, world: World) -> None:
    world.hold_start.clear()
    answers = await start(wait=False)
    question = asyncio.ensure_future(answers.ask(Query("early")))
    await asyncio.sleep(0)
    assert not answers.ready

    world.hold_start.set()
    assert (await question).question == "early"


async def test_a_full_queue_refuses_honestly(start: Start, world: World) -> None:
    world.hold_start.clear()
    answers = await start(queue=2, wait=False)
    waiting = [asyncio.ensure_future(answers.ask(Query(f"{number}"))) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await answers.ask(Query("one too many"))

    world.hold_start.set()
    await asyncio.gather(*waiting)


async def test_a_stuck_worker_is_ended_and_the_others_are_answered(start: Start, world: World) -> None:
    answers = await start(seconds=0.3)
    stuck, other = await asyncio.gather(
        answers.ask(Query("stuck")), answers.ask(Query("other")), return_exceptions=True
    )

    assert isinstance(stuck, AnswerTimeoutError)
    assert not isinstance(other, BaseException) or isinstance(other, AnswerTimeoutError)
    assert (await answers.ask(Query("after"))).question == "after"
    assert world.starts == 2


async def test_a_question_that_kills_the_worker_twice_is_given_up(start: Start, world: World) -> None:
    answers = await start()
    poison, other = await asyncio.gather(
        answers.ask(Query("poison")), answers.ask(Query("other")), return_exceptions=True
    )

    assert isinstance(poison, LostError)
    assert not isinstance(other, BaseException)
    assert world.starts == 3


async def test_a_killed_worker_is_restarted_and_its_question_answered(start: Start, world: World) -> None:
    answers = await start()
    world.children[-1].kill()

    assert (await answers.ask(Query("again"))).question == "again"


async def test_a_worker_that_cannot_start_fails_its_questions_and_is_tried_again(
    start: Start, world: World
) -> None:
    world.store_broken = True
    world.hold_start.clear()
    answers = await start(wait=False)
    question = asyncio.ensure_future(answers.ask(Query("early")))
    await asyncio.sleep(0)
    world.hold_start.set()
    with pytest.raises(UnavailableError):
        await question
    with pytest.raises(UnavailableError):
        await answers.ask(Query("meanwhile"))

    world.store_broken = False
    await until(lambda: answers.ready)
    assert (await answers.ask(Query("later"))).question == "later"


async def test_reloading_swaps_the_version_between_two_answers(start: Start, world: World) -> None:
    answers = await start()
    before = asyncio.ensure_future(answers.ask(Query("before")))
    await asyncio.sleep(0)
    world.version = "2"
    await answers.reload()

    assert (await before).version == "1"
    assert (await answers.ask(Query("after"))).version == "2"
    assert answers.version == "2"


async def test_a_version_that_cannot_be_opened_leaves_the_old_one_answering(start: Start, world: World) -> None:
    answers = await start()
    world.store_broken = True
    with pytest.raises(UnavailableError):
        await answers.reload()

    assert (await answers.ask(Query("still"))).version == "1"


async def test_closing_finishes_what_is_in_flight_and_takes_no_more(start: Start) -> None:
    answers = await start()
    in_flight = [asyncio.ensure_future(answers.ask(Query(f"{number}"))) for number in range(5)]
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(answers.close(grace=5))
    await asyncio.sleep(0)
    with pytest.raises(ClosingError):
        await answers.ask(Query("too late"))

    await closing
    assert [answer.question for answer in await asyncio.gather(*in_flight)] == list("01234")


async def test_a_question_whose_asker_is_gone_leaves_the_queue(start: Start, world: World) -> None:
    world.hold_start.clear()
    answers = await start(queue=1, wait=False)
    question = asyncio.ensure_future(answers.ask(Query("gone")))
    await asyncio.sleep(0)
    question.cancel()
    await asyncio.wait([question])

    answers.check_room()
    world.hold_start.set()
