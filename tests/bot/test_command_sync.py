"""Discord's commands are compared with the bot's own, and only what differs is sent."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client import ChronicleBot
from bot.command_sync import compare_commands, find_differences, sync_if_different
from bot.container import Services
from tests.bot.conftest import Running, Stage


def requests(stage: Stage, method: str) -> int:
    """Count the requests about commands so far."""
    paths = [entry for entry in stage.env.http_requests if entry.method == method]
    return sum(entry.path.endswith("/commands") for entry in paths)


def theirs(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return the commands that Discord has, by name."""
    return {command["name"]: command for command in stage.env.backend.commands[None].values()}


async def test_a_start_with_the_same_commands_sends_none(stage: Stage) -> None:
    sent, asked = requests(stage, "PUT"), requests(stage, "GET")

    assert await sync_if_different(stage.bot.tree)
    assert requests(stage, "PUT") == sent
    assert requests(stage, "GET") == asked + 1


async def test_a_restart_brings_back_commands_that_another_program_overwrote(running: Running) -> None:
    async with running() as stage:
        assert "ask" in stage.alice.available_commands(stage.channel)
        await stage.bot.http.bulk_upsert_global_commands(stage.bot.application_id or 0, [])
        assert "ask" not in stage.alice.available_commands(stage.channel)

        services = Services.from_settings(stage.bot.services.settings, spawn=stage.world.spawn)
        again = ChronicleBot(services)
        await stage.bot.services.close()
        await stage.env.restart_bot(again)
        await again.services.answers.wait_until_ready()

        assert "ask" in stage.alice.available_commands(stage.channel)
        await again.services.close()


@pytest.mark.parametrize(
    "change",
    [
        {"description": "another"},
        {"name_localizations": {"zh-TW": "提問"}},
        {"default_member_permissions": "8"},
        {"contexts": [0]},
        {"options": []},
    ],
)
async def test_a_command_that_was_changed_at_discord_is_sent_again(stage: Stage, change: dict[str, Any]) -> None:
    theirs(stage)["ask"].update(change)

    found = await find_differences(stage.bot.tree)
    assert found.changed == ("ask",)
    assert str(found) == "changed: ask"
    assert await sync_if_different(stage.bot.tree)
    assert not await find_differences(stage.bot.tree)


async def test_a_command_of_another_program_is_removed(stage: Stage) -> None:
    stage.bot.tree.remove_command("help")
    assert (await find_differences(stage.bot.tree)).surplus == ("help",)

    await sync_if_different(stage.bot.tree)

    assert "help" not in theirs(stage)


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_refused_sync_is_tried_again_once_the_gateway_is_ready(stage: Stage, method: str) -> None:
    theirs(stage)["ask"].update(description="another")
    stage.env.inject_error(method, "/applications/*/commands", status=403)
    stage.bot._has_synced = await sync_if_different(stage.bot.tree) is not None
    assert not stage.bot._has_synced

    await stage.bot.on_ready()

    assert theirs(stage)["ask"]["description"] != "another"


async def test_a_broken_connection_does_not_end_the_start(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object, **_options: object) -> None:
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(stage.bot.http, "request", broken)

    assert not await sync_if_different(stage.bot.tree)


def as_discord_returns(command: dict[str, Any]) -> dict[str, Any]:
    """Return a command with what Discord adds, and without what it leaves out."""
    permissions = command.get("default_member_permissions")
    options = [
        {key: value for key, value in option.items() if value is not False}
        for option in command.get("options", ())
    ]
    returned = {
        **command,
        "id": "1",
        "application_id": "2",
        "version": "3",
        "dm_permission": True,
        "nsfw": False,
        "default_member_permissions": None if permissions is None else str(permissions),
        "contexts": command.get("contexts") or [0, 1, 2],
        "integration_types": [*reversed(command.get("integration_types") or [0])],
    }
    return {**returned, "options": options} if options else {**returned, "description_localizations": None}


OPTION = st.fixed_dictionaries(
    {"type": st.just(3), "name": st.sampled_from("abc"), "description": st.text(min_size=1, max_size=3)},
    optional={
        "required": st.booleans(),
        "autocomplete": st.booleans(),
        "min_value": st.integers(0, 3),
        "choices": st.just([{"name": "none", "value": 0}]),
        "name_localizations": st.just({"zh-TW": "甲"}),
    },
)
COMMAND = st.fixed_dictionaries(
    {"name": st.sampled_from("xyz"), "description": st.text(min_size=1, max_size=3)},
    optional={
        "type": st.just(1),
        "options": st.lists(OPTION, max_size=2),
        "contexts": st.sampled_from([None, [0], [0, 1]]),
        "integration_types": st.sampled_from([None, [0, 1]]),
        "default_member_permissions": st.sampled_from([None, 0, 32]),
    },
)


@given(st.lists(COMMAND, max_size=3, unique_by=lambda command: command["name"]))
def test_what_discord_adds_and_leaves_out_is_no_difference(commands: list[dict[str, Any]]) -> None:
    activity = {"name": "launch", "type": 4, "description": ""}

    assert not compare_commands(commands, [activity, *map(as_discord_returns, commands)])


@given(COMMAND, OPTION)
def test_a_changed_option_is_a_difference(command: dict[str, Any], option: dict[str, Any]) -> None:
    changed = {**command, "options": [{**option, "description": "another one"}]}

    assert compare_commands([command], [changed]).changed == (command["name"],)
