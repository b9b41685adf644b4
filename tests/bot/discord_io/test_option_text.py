"""What a person types into a slash command, with what Discord resolves of it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.discord_io.message_text import said_in_option
from bot.discord_io.respond import Interaction

ALICE, BOB, ME = 111111111111111111, 222222222222222222, 333333333333333333


def interaction(**resolved: Any) -> Interaction:
    """Return an interaction in a direct message of the bot with that number."""
    client = type("FakeClient", (), {"user": type("FakeUser", (), {"id": ME})()})()
    fields = {"data": {"resolved": resolved}, "client": client, "guild": None, "channel": None}
    return cast(Interaction, type("FakeInteraction", (), fields)())


@pytest.mark.parametrize(
    ("user", "member", "name"),
    [
        ({"username": "bob42"}, {}, "bob42"),
        ({"username": "bob42", "global_name": "Bob"}, {"nick": None}, "Bob"),
        ({"username": "bob42", "global_name": "Bob"}, {"nick": "Bobby"}, "Bobby"),
    ],
)
def test_a_person_is_shown_by_the_name_of_the_server(user: Any, member: Any, name: str) -> None:
    asked = interaction(users={str(BOB): user}, members={str(BOB): member})

    assert said_in_option(f"<@{BOB}> why?", asked).shown == f"@{name} why?"


def test_the_bot_and_those_that_discord_does_not_resolve_are_left_out() -> None:
    asked = interaction(users={str(ME): {"username": "Llama Chronicle"}})
    said = said_in_option(f"<@{ME}> <@{ALICE}> why?", asked)

    assert (said.text, said.shown) == ("why?", "why?")
