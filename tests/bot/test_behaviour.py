"""How the bot bears up: loading, cooldown, a full queue, errors of Discord and of its own, its end."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.rendering.answer import answer_layout
from bot.services.ask import AskRequest, AskService
from index import Query
from tests.bot.conftest import Running, Stage, last_reply, response, shown
from tests.bot.world import World, until

QUESTION = "Llama 團隊還剩下多少人？"


def warnings_and_errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_while_the_model_loads_it_says_so_and_then_answers(running: Running, world: World) -> None:
    world.hold_start.clear()
    async with running(wait=False) as stage:
        question = asyncio.ensure_future(stage.alice.slash(stage.channel, "ask", question=QUESTION))
        await until(lambda: any("準備中" in shown(message) for message in stage.channel.history()))
        stage.world.hold_start.set()
        result = await question

        assert "第 4 行" in shown(response(result))
        assert len(stage.channel.history()) == 1


async def test_a_question_is_acknowledged_before_it_is_looked_at(stage: Stage) -> None:
    await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    first = next(entry for entry in stage.env.http_requests if "/interactions/" in entry.path)
    assert first.json == {"type": 5}


async def test_a_person_waits_a_moment_between_two_questions(running: Running) -> None:
    async with running(cooldown_seconds=30.0) as stage:
        await stage.alice.slash(stage.channel, "ask", question=QUESTION)
        second = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
        other = await stage.bob.slash(stage.channel, "ask", question=QUESTION)
        assert second.ephemeral
        assert "30 秒後再問" in shown(second.response)
        assert "第 4 行" in shown(other.response)

        await stage.env.advance_time(31)
        third = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
        assert "第 4 行" in shown(third.response)


async def test_a_full_queue_is_described_to_the_asker_alone(running: Running) -> None:
    async with running(queue_limit=1) as stage:
        stage.world.killed.clear()
        waiting = asyncio.ensure_future(stage.bot.services.answers.ask(Query("stuck")))
        await asyncio.sleep(0)
        result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

        assert result.ephemeral
        assert "佇列已滿" in shown(response(result))
        waiting.cancel()
        stage.world.children[-1].kill()


async def test_an_answer_that_takes_too_long_is_given_up_in_one_line(running: Running) -> None:
    async with running(answer_timeout_seconds=0.3) as stage:
        responder = FakeResponder(1)
        await stage.bot.services.ask_service.ask(AskRequest("stuck?", "en"), responder)

        assert "took too long" in responder.messages[-1]


async def test_a_store_that_cannot_be_opened_is_described_without_its_path(running: Running) -> None:
    async with running(wait=False) as stage:
        stage.world.store_broken = True
        stage.world.children[-1].kill()
        await until(lambda: stage.world.starts == 2)
        await until(lambda: not stage.bot.services.answers.ready)
        result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

        assert "目前無法搜尋文件" in shown(response(result))
        assert "/secret" not in shown(response(result))
        stage.world.store_broken = False


async def test_a_crash_in_a_command_is_one_line_for_the_person_and_one_in_the_log(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.ask.answer_layout", lambda *_args, **_options: 1 / 0)
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    monkeypatch.setattr("bot.services.ask.answer_layout", answer_layout)
    again = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    assert "我這邊出了點問題" in shown(response(result))
    assert "division" not in shown(response(result))
    assert warnings_and_errors(caplog) == ["ask failed"]
    assert "第 4 行" in shown(response(again))
    assert len(stage.env.errors) == 1


async def test_a_crash_on_a_message_is_described_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.ask.answer_layout", lambda *_args, **_options: 1 / 0)
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")

    assert "我這邊出了點問題" in shown(last_reply(stage))
    assert warnings_and_errors(caplog) == ["message failed"]
    assert len(stage.env.errors) == 1


async def test_a_crash_in_a_button_is_described_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    layout = response(await stage.alice.slash(stage.channel, "ask", question=QUESTION))
    monkeypatch.setattr("bot.components.handlers.notice", lambda _text: 1 / 0)
    result = await stage.bob.click(layout, label="有幫助")

    assert "went wrong on my side" in shown(response(result))
    assert warnings_and_errors(caplog) == ["button failed"]
    assert len(stage.env.errors) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_when_discord_fails_the_bot_goes_on(
    stage: Stage, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=status)
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    again = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    assert "我這邊出了點問題" in shown(response(result))
    assert len(warnings_and_errors(caplog)) == 1
    assert "第 4 行" in shown(response(again))
    assert len(stage.env.errors) == 1


async def test_a_lost_interaction_is_one_log_line(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=None)
    await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    assert len(warnings_and_errors(caplog)) == 1
    assert len(stage.env.errors) == 1


async def test_where_the_bot_may_not_write_a_mention_is_one_log_line(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")

    assert len(stage.channel.history()) == 1
    assert len(warnings_and_errors(caplog)) == 1
    assert len(stage.env.errors) == 1


async def test_where_the_bot_may_not_write_a_command_still_answers(running: Running) -> None:
    async with running() as stage:
        assert stage.guild.me is not None
        silent = stage.guild.create_text_channel(
            "silent", overwrites={stage.guild.me: discord.PermissionOverwrite(send_messages=False)}
        )
        result = await stage.alice.slash(silent, "ask", question=QUESTION)

        assert "第 4 行" in shown(response(result))


async def test_an_answer_is_shown_even_when_it_cannot_be_recorded(
    running: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.records.write_queue._RETRY_SECONDS", (60.0,))  # sooner, simcord waits for it
    (tmp_path / "data").touch()
    async with running() as stage:
        result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

        assert "第 4 行" in shown(response(result))
        assert not stage.env.errors
    assert all("records" in line for line in warnings_and_errors(caplog))


async def test_twenty_people_asking_at_once_are_all_answered(stage: Stage) -> None:
    ask_service: AskService = stage.bot.services.ask_service
    responders = [FakeResponder(number) for number in range(20)]
    questions = [ask_service.ask(question_of(number), responder) for number, responder in enumerate(responders)]
    await asyncio.gather(*questions)

    assert all("line 4" in responder.messages[-1] for responder in responders)
    assert all(responder.acknowledged for responder in responders)


async def test_the_end_does_not_wait_for_a_model_that_is_still_loading(running: Running, world: World) -> None:
    world.hold_start.clear()
    async with running(wait=False) as stage:
        responder = FakeResponder(1)
        early = asyncio.ensure_future(stage.bot.services.ask_service.ask(question_of(1), responder))
        await until(lambda: bool(responder.messages))
        began = time.perf_counter()
        await stage.bot.services.close()
        await early

        assert time.perf_counter() - began < 1
        assert "restarting" in responder.messages[-1]


async def test_the_end_waits_for_answers_in_flight_and_takes_no_more(running: Running) -> None:
    async with running() as stage:
        ask_service = stage.bot.services.ask_service
        responder, too_late = FakeResponder(1), FakeResponder(2)
        under_way = asyncio.ensure_future(ask_service.ask(question_of(1), responder))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(stage.bot.services.close())
        await asyncio.sleep(0)
        await ask_service.ask(question_of(2), too_late)
        await closing

        assert under_way.done()
        assert "line 4" in responder.messages[-1]
        assert "restarting" in too_late.messages[-1]


def question_of(number: int) -> AskRequest:
    return AskRequest(f"How many are left, {number}?", "en")


class FakeResponder:
    """Records what was shown."""

    def __init__(self, asker: int) -> None:
        self.asker = asker
        self.may_stay_silent = False
        self.acknowledged = False
        self.messages: list[str] = []

    async def acknowledge(self) -> None:
        self.acknowledged = True

    async def show(self, layout: Any) -> int | None:
        self.messages.append(
            "\n".join(item.content for item in layout.walk_children() if hasattr(item, "content"))
        )
        return None

    async def show_progress(self, layout: Any) -> None:
        await self.show(layout)
