"""Questions that follow up on another: which one, for how long, and who may know of it."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.services.conversation import Conversation, Scene
from tests.bot.conftest import Running, Stage, response, shown

FIRST = "Why was Behemoth delayed?"


def mention(stage: Stage, question: str) -> str:
    return f"<@{stage.bot.user.id}> {question}"


def previous(stage: Stage) -> list[str | None]:
    """Return the question before each that was asked."""
    return [query.previous for query in stage.world.queries]


async def thread_in(stage: Stage) -> ChannelHandle:
    cached = stage.bot.get_channel(stage.channel.id)
    assert isinstance(cached, discord.TextChannel)
    await cached.create_thread(name="talk", type=discord.ChannelType.public_thread)
    await stage.env.settle()
    return stage.channel.threads[0]


def answer_in(channel: ChannelHandle) -> Any:
    return channel.history()[-1]


@pytest.mark.parametrize("question", ["and why?", "who else", "那後來呢"])
async def test_a_follow_up_of_the_same_person_is_completed_and_the_card_shows_what_was_searched(
    stage: Stage, question: str
) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    await stage.alice.send(stage.channel, mention(stage, question))

    assert previous(stage) == [None, FIRST]
    assert f"{FIRST} {question}".replace(".", r"\.") in shown(answer_in(stage.channel)).split("\n")[1]


async def test_a_chain_of_follow_ups_keeps_its_topic(stage: Stage) -> None:
    for question in (FIRST, "and who left?", "who else?"):
        await stage.alice.send(stage.channel, mention(stage, question))

    assert previous(stage)[-1] == f"{FIRST} and who left?"


async def test_somebody_elses_question_in_the_channel_is_no_previous_one(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    await stage.bob.send(stage.channel, mention(stage, "and why?"))

    assert previous(stage) == [None, None]


async def test_the_same_persons_question_in_another_channel_is_no_previous_one(stage: Stage) -> None:
    other = stage.guild.create_text_channel("other")
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    await stage.alice.send(other, mention(stage, "and why?"))

    assert previous(stage) == [None, None]


async def test_a_reply_to_somebody_elses_answer_uses_that_answers_question(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    answer = answer_in(stage.channel)
    await stage.bob.send(stage.channel, mention(stage, "How many are left?"))
    await stage.bob.send(stage.channel, "and why?", reply_to=answer)

    assert previous(stage) == [None, None, FIRST]


async def test_a_reply_to_a_slash_answer_or_to_the_question_itself_uses_that_question(stage: Stage) -> None:
    await stage.alice.slash(stage.channel, "ask", question=FIRST)
    await stage.bob.send(stage.channel, mention(stage, "and why?"), reply_to=answer_in(stage.channel))
    question = await stage.alice.send(stage.channel, mention(stage, "How many are left?"))
    await stage.bob.send(stage.channel, mention(stage, "and why?"), reply_to=question)

    assert previous(stage) == [None, FIRST, FIRST, "How many are left?"]


async def test_in_a_thread_the_last_question_of_anybody_is_followed_up(stage: Stage) -> None:
    thread = await thread_in(stage)
    await stage.alice.send(thread, mention(stage, FIRST))
    await stage.bob.send(thread, mention(stage, "and why?"))

    assert previous(stage) == [None, FIRST]


async def test_a_slash_question_follows_up_on_a_mention_and_the_reverse(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    await stage.alice.slash(stage.channel, "ask", question="and why?")
    await stage.alice.send(stage.channel, mention(stage, "who else?"))

    assert previous(stage) == [None, FIRST, f"{FIRST} and why?"]


async def test_a_direct_message_follows_up_on_the_one_before(stage: Stage) -> None:
    await stage.alice.send_dm(FIRST)
    await stage.alice.send_dm("那後來呢")

    assert previous(stage) == [None, FIRST]


async def test_what_was_asked_in_private_completes_no_public_question(stage: Stage) -> None:
    await stage.alice.slash(stage.channel, "ask", question=FIRST, private=True)
    await stage.alice.send(stage.channel, mention(stage, "and why?"))
    await stage.alice.slash(stage.channel, "ask", question="who else?", private=True)

    assert previous(stage) == [None, None, FIRST]


async def test_after_some_minutes_a_question_stands_alone_unless_it_is_a_reply(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    answer = answer_in(stage.channel)
    await stage.env.advance_time(11 * 60)
    await stage.alice.send(stage.channel, mention(stage, "and why?"))
    await stage.alice.send(stage.channel, "who else?", reply_to=answer)

    assert previous(stage) == [None, None, FIRST]


async def test_no_id_of_a_conversation_is_on_disk_or_in_the_log(
    running: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    async with running(log_questions=True) as stage:
        await stage.alice.send(stage.channel, mention(stage, FIRST))
        await stage.bob.send(stage.channel, "and why?", reply_to=answer_in(stage.channel))
        ids = [str(each.id) for each in (stage.alice, stage.bob, stage.channel, stage.guild, stage.bot.user)]
        logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    with sqlite3.connect(tmp_path / "data" / "query_log.sqlite3") as connection:
        kept = "\n".join(connection.iterdump())

    for number in ids:
        assert number not in logged
        assert number not in kept


async def test_the_menu_on_a_reply_to_an_answer_uses_that_answers_question(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, FIRST))
    reply = await stage.bob.send(stage.channel, "and why?", reply_to=answer_in(stage.channel))
    carol = stage.guild.add_member(stage.env.create_user("carol"))
    await carol.context_menu(stage.channel, "Ask about this", reply)

    assert previous(stage) == [None, FIRST, FIRST]


async def test_a_question_of_the_menu_is_asked_in_its_own_right(stage: Stage) -> None:
    message = await stage.bob.send(stage.channel, FIRST)
    result = await stage.alice.context_menu(stage.channel, "Ask about this", message)

    assert previous(stage) == [None]
    assert "line 4" in shown(response(result))


def test_never_more_than_so_many_questions_are_remembered() -> None:
    conversation = Conversation()
    for number in range(6_000):
        conversation.remember("?", Scene(number, in_thread=True), person=number, messages=[number, -number])

    sizes = [len(cache) for cache in (conversation._by_message, conversation._by_thread, conversation._by_speaker)]
    assert max(sizes) <= 5_000
    assert conversation.question_of(5_999) == "?"


def test_what_a_person_asked_is_forgotten_on_request() -> None:
    conversation, scene = Conversation(), Scene(1, in_thread=True)
    conversation.remember("theirs", Scene(2), person=2, messages=[20])
    conversation.remember("mine", scene, person=1, messages=[10])
    conversation.forget(1)

    assert conversation.previous(scene, person=1) is None
    assert conversation.question_of(10) is None
    assert conversation.previous(Scene(2), person=2) == "theirs"


@pytest.mark.parametrize(
    ("question", "line"),
    [("and why?", "About what?"), ("那後來呢", "你問的是哪件事？"), ("还有谁", "你问的是哪件事？")],
)
async def test_a_follow_up_on_nothing_is_asked_back_in_one_line(stage: Stage, question: str, line: str) -> None:
    await stage.alice.send(stage.channel, mention(stage, question))

    text = shown(answer_in(stage.channel))
    assert text.startswith(line)
    assert "\n" not in text


async def test_what_was_asked_back_is_no_previous_question(stage: Stage) -> None:
    for question in ("who else?", FIRST, "and why?"):
        await stage.alice.send(stage.channel, mention(stage, question))

    assert previous(stage) == [None, None, FIRST]
