"""What Discord refuses: told as what it is, once, and never asked for again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord
import pytest

from tests.bot.conftest import Running, Stage, last_reply, response, shown
from tests.bot.world import until

QUESTION = "Llama 團隊還剩下多少人？"
MESSAGES = "/channels/*/messages"


def mention(stage: Stage, question: str = QUESTION) -> str:
    return f"<@{stage.bot.user.id}> {question}"


def written(stage: Stage) -> list[str]:
    """Return what the bot wrote in the channel."""
    return [shown(message) for message in stage.channel.history() if message.author.id == stage.bot.user.id]


def requests(stage: Stage) -> list[str]:
    """Return the requests that the bot sent about messages and typing."""
    paths = [(entry.method, entry.path) for entry in stage.env.http_requests]
    return [f"{method} {path}" for method, path in paths if "/messages" in path or "/typing" in path]


def acknowledge_errors(stage: Stage) -> None:
    stage.env._errors_acknowledged = len(stage.env.errors)


def overwrites(stage: Stage, **denied: bool) -> Any:
    assert stage.guild.me is not None
    return {stage.guild.me: discord.PermissionOverwrite(**denied)}


async def test_where_the_bot_may_not_read_the_history_it_sends_without_a_reference(stage: Stage) -> None:
    channel = stage.guild.create_text_channel("quiet", overwrites=overwrites(stage, read_message_history=False))
    await stage.alice.send(channel, mention(stage))
    answers = [entry.json for entry in stage.env.http_requests if entry.path.endswith("/messages")]

    assert "第 4 行" in shown(channel.history()[-1])
    assert [body.get("message_reference") for body in answers] == [None]


async def test_a_reply_that_is_refused_for_want_of_the_history_is_sent_without_the_reference(stage: Stage) -> None:
    stage.env.inject_error("POST", MESSAGES, status=403, code=160002)
    await stage.alice.send(stage.channel, mention(stage))

    assert "第 4 行" in shown(last_reply(stage))
    assert last_reply(stage).reference is None


async def test_automod_is_named_as_what_stopped_the_answer(stage: Stage) -> None:
    stage.env.inject_error("POST", MESSAGES, status=400, code=200000)
    await stage.alice.send(stage.channel, mention(stage))
    acknowledge_errors(stage)

    assert written(stage) == ["這個伺服器的 AutoMod 擋下了我的回答，管理員可以放行。"]


async def test_automod_is_named_in_a_response_too(stage: Stage) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=400, code=200000)
    result = await stage.alice.slash(stage.channel, "ask", question="How many are left?")
    acknowledge_errors(stage)

    assert shown(response(result)) == "This server’s AutoMod blocked my answer. Its moderators can allow it."


@pytest.mark.parametrize(("code", "line"), [(50013, "I lack the permission"), (50083, "This thread is archived")])
async def test_a_refusal_of_a_button_is_named_without_trying_again(stage: Stage, code: int, line: str) -> None:
    message = response(await stage.alice.slash(stage.channel, "ask", question="How many are left?"))
    card = response(await stage.alice.click(message, label="Context"))
    stage.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=code)
    result = await stage.alice.click(card, label="Delete the answer")
    acknowledge_errors(stage)

    said = shown(result.followups[-1])
    assert line in said
    assert "again" not in said


@pytest.mark.parametrize("refused", ["typing", "messages"])
async def test_a_mention_where_the_bot_may_not_write_costs_one_refused_request(stage: Stage, refused: str) -> None:
    refuse_everything(stage, ["typing", "messages"] if refused == "typing" else ["messages"])
    await stage.alice.send(stage.channel, mention(stage))
    acknowledge_errors(stage)

    assert [request.rsplit("/", 1)[1] for request in requests(stage)] == (
        ["typing"] if refused == "typing" else ["typing", "messages"]
    )
    assert written(stage) == []


def refuse_everything(stage: Stage, kinds: Sequence[str]) -> None:
    for kind in kinds:
        stage.env.inject_error("POST", f"/channels/*/{kind}", status=403, code=50013, times=None)


async def test_after_a_refusal_a_hundred_mentions_cost_no_further_request(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    refuse_everything(stage, ["typing", "messages"])
    for _ in range(100):
        await stage.alice.send(stage.channel, mention(stage))
    acknowledge_errors(stage)

    assert len(requests(stage)) == 1
    assert len(caplog.records) == 1


async def test_the_refusal_is_forgotten_after_a_minute(stage: Stage) -> None:
    stage.env.inject_error("POST", "/channels/*/typing", status=403, code=50013)
    await stage.alice.send(stage.channel, mention(stage))
    await stage.env.advance_time(61)
    await stage.alice.send(stage.channel, mention(stage))
    acknowledge_errors(stage)

    assert "第 4 行" in shown(last_reply(stage))


async def test_where_the_bot_knows_that_it_may_not_write_it_asks_nothing(stage: Stage) -> None:
    channel = stage.guild.create_text_channel("silent", overwrites=overwrites(stage, send_messages=False))
    await stage.alice.send(channel, mention(stage))

    assert requests(stage) == []
    assert len(channel.history()) == 1


async def test_a_closed_direct_message_is_left_in_silence(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.env.inject_error("POST", MESSAGES, status=403, code=50007, times=None)
    await stage.alice.send_dm(QUESTION)
    acknowledge_errors(stage)

    assert len([request for request in requests(stage) if request.endswith("/messages")]) == 1
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"]


async def test_in_a_locked_archived_thread_the_bot_is_silent(stage: Stage) -> None:
    stage.env.inject_error("POST", MESSAGES, status=400, code=50083, times=None)
    await stage.alice.send(stage.channel, mention(stage))
    acknowledge_errors(stage)

    assert len([request for request in requests(stage) if request.endswith("/messages")]) == 1


async def test_a_question_that_is_deleted_meanwhile_is_answered_without_an_error(stage: Stage) -> None:
    stage.world.hold_answer.clear()
    asking = asyncio.ensure_future(stage.alice.send(stage.channel, mention(stage)))
    await until(lambda: bool(stage.world.asked))
    [question] = stage.channel.history()
    stage.env.backend.delete_message(stage.channel.id, question.id)
    stage.world.hold_answer.set()
    await asking

    assert "第 4 行" in written(stage)[0]


async def test_a_hundred_mentions_inside_the_cooldown_bring_one_refusal(running: Running) -> None:
    async with running(cooldown_seconds=30.0) as stage:
        for _ in range(100):
            await stage.alice.send(stage.channel, mention(stage))
        await stage.bob.send(stage.channel, mention(stage))

        answer, refusal, other = written(stage)
        assert "第 4 行" in answer
        assert "再問" in refusal
        assert "第 4 行" in other


@pytest.mark.parametrize("question", ["", "問" * 1900], ids=["bare", "too long"])
async def test_what_is_no_question_is_told_once_a_cooldown(running: Running, question: str) -> None:
    async with running(cooldown_seconds=30.0) as stage:
        for _ in range(10):
            await stage.alice.send(stage.channel, mention(stage, question))

        assert len(written(stage)) == 1


async def test_a_command_inside_the_cooldown_is_always_answered_to_the_asker_alone(running: Running) -> None:
    async with running(cooldown_seconds=30.0) as stage:
        results = [await stage.alice.slash(stage.channel, "ask", question=QUESTION) for _ in range(4)]

        assert [result.ephemeral for result in results] == [False, True, True, True]
        assert all("再問" in shown(response(result)) for result in results[1:])


@pytest.mark.parametrize("later", [False, True])
async def test_a_message_that_the_gateway_delivers_twice_is_answered_once(stage: Stage, later: bool) -> None:
    seen: list[discord.Message] = []

    async def redeliver(message: discord.Message) -> None:
        if not message.author.bot and not seen:
            seen.append(message)
            if not later:
                stage.bot.dispatch("message", message)

    stage.bot.add_listener(redeliver, "on_message")
    await stage.alice.send(stage.channel, mention(stage))
    if later:
        stage.bot.dispatch("message", seen[0])
        await stage.env.settle()

    assert len(written(stage)) == 1
    assert stage.world.asked == [(QUESTION,)]


async def test_marks_of_direction_are_neither_asked_nor_shown(stage: Stage) -> None:
    await stage.alice.send(stage.channel, mention(stage, "\u202eWho left?\u2066 \u200fמי עזב?"))

    assert stage.world.asked == [("Who left? מי עזב?",)]
    assert "202E" not in written(stage)[0]
