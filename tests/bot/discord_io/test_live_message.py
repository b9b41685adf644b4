"""Live messages and responders: no network fault ends the work that they show."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest

from bot.discord_io.faults import NetworkGuard
from bot.discord_io.live_message import ChannelLiveMessage, InteractionLiveMessage
from bot.discord_io.respond import Interaction, respond
from bot.discord_io.responders import MessageResponder
from bot.locales import messages_in
from bot.rendering.layout import notice


class Response:
    """What discord.HTTPException reads of a response."""

    status = 503
    reason = "Service Unavailable"


FAULTS = [
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "Connection reset by peer"),
    aiohttp.ClientPayloadError("truncated"),
    TimeoutError(),
    OSError("no route to host"),
    discord.DiscordServerError(cast(Any, Response()), "unavailable"),
]


class FlakyChannel:
    """A channel and its messages; sending and editing raise the faults of a list until it is empty."""

    id = 1

    def __init__(self, faults: list[Exception]) -> None:
        self.faults = faults
        self.shown: list[object] = []

    async def send(self, *, view: object, **_options: object) -> FlakyChannel:
        await self.edit(view=view)
        return self

    async def edit(self, *, view: object) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.shown.append(view)

    async def typing(self) -> None:
        await self.edit(view=None)


def channel_message(channel: FlakyChannel) -> ChannelLiveMessage:
    return ChannelLiveMessage(cast(discord.abc.Messageable, channel))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_a_report_survives_a_network_fault_and_is_shown_by_the_next_update(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    channel = FlakyChannel([fault])
    live_message = channel_message(channel)

    assert not await live_message.show(notice("one"))
    assert await live_message.show(notice("two"))
    assert len(channel.shown) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_consecutive_network_faults_are_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    channel = FlakyChannel(list(FAULTS))
    live_message = channel_message(channel)
    for _ in FAULTS:
        await live_message.show(notice("text"))
    assert await live_message.show(notice("text"))
    channel.faults = [TimeoutError()]
    await live_message.show(notice("text"))

    assert len(caplog.records) == 2


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_a_report_that_cannot_move_to_a_channel_survives(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_io.live_message._TOKEN_SECONDS", -1.0)

    async def fail(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr("bot.discord_io.live_message.respond", fail)
    interaction = cast(Interaction, type("FakeInteraction", (), {"channel": None})())

    await InteractionLiveMessage(interaction, messages_in("en")).show(notice("text"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_a_question_survives_a_typing_indicator_and_a_progress_notice_that_cannot_be_shown(
    fault: Exception,
) -> None:
    channel = FlakyChannel([fault, fault])
    message = type("FakeMessage", (), {"channel": channel, "to_reference": lambda *_, **__: None})()
    responder = MessageResponder(message)
    await responder.acknowledge()
    await responder.show_progress(notice("getting ready"))
    await responder.show(notice("answer"))

    assert len(channel.shown) == 1


async def test_an_answer_waits_for_no_typing_indicator_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord_io.responders._TYPING_SECONDS", 0.01)
    channel = FlakyChannel([])
    monkeypatch.setattr(channel, "typing", asyncio.Event().wait)
    message = type("FakeMessage", (), {"channel": channel, "to_reference": lambda *_, **__: None})()

    await asyncio.wait_for(MessageResponder(message).acknowledge(), 10)


async def test_a_display_that_hangs_is_given_up_in_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    guard = NetworkGuard("a report", seconds=0.01)

    assert not await asyncio.wait_for(guard.attempt(asyncio.Event().wait()), 10)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("fault", FAULTS[:2], ids=lambda fault: type(fault).__name__)
async def test_an_answer_is_shown_though_the_connection_breaks_once(fault: Exception) -> None:
    channel = FlakyChannel([fault])

    class Deferred:
        response = SimpleNamespace(
            is_done=lambda: True, type=discord.InteractionResponseType.deferred_channel_message
        )

        async def edit_original_response(self, *, view: object) -> FlakyChannel:
            await channel.edit(view=view)
            return channel

    assert await respond(cast(Interaction, Deferred()), notice("answer")) == channel.id
    assert len(channel.shown) == 1


def refusal() -> discord.Forbidden:
    return discord.Forbidden(cast(Any, type("Refused", (), {"status": 403, "reason": "Forbidden"})()), "no")


async def test_a_report_that_is_refused_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    channel = FlakyChannel([refusal()])
    live_message = channel_message(channel)

    assert not await live_message.show(notice("one"))
    assert not await live_message.show(notice("two"))
    assert channel.shown == []
    assert len(caplog.records) == 1
