"""Who may change the store, as Discord has it now and not as it was when the bot started."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.errors import NotAdminError
from bot.services import permissions
from bot.services.permissions import Permissions

ALICE, BOB = 11, 22


def team(*people: int) -> Any:
    members = [SimpleNamespace(id=person, role=discord.TeamMemberRole.developer) for person in people]
    return SimpleNamespace(team=SimpleNamespace(members=members))


@dataclass
class FakeBot:
    """A bot that logged in when Alice and Bob were in the team."""

    now: Any
    application: Any = field(default_factory=lambda: team(ALICE, BOB))
    owner_id: int | None = None
    asked: int = 0

    async def application_info(self) -> Any:
        self.asked += 1
        if isinstance(self.now, BaseException):
            raise self.now
        return self.now


def interaction(person: int, *, guild: int = 0, manages: bool = False) -> Any:
    return SimpleNamespace(
        user=SimpleNamespace(id=person), guild_id=guild, permissions=SimpleNamespace(manage_guild=manages)
    )


async def test_an_owner_who_has_left_the_team_may_no_more_without_a_restart() -> None:
    bot: Any = FakeBot(team(BOB))
    allowed = Permissions(bot, guilds=())
    allowed.check(interaction(ALICE))
    with pytest.raises(NotAdminError):
        await allowed.confirm(interaction(ALICE))
    with pytest.raises(NotAdminError):
        allowed.check(interaction(ALICE))
    await allowed.confirm(interaction(BOB))


async def test_discord_is_asked_at_most_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    bot: Any = FakeBot(team(ALICE))
    clock = SimpleNamespace()
    monkeypatch.setattr(permissions, "time", clock)
    allowed = Permissions(bot, guilds=())
    for now, asked in ((100.0, 1), (150.0, 1), (161.0, 2)):
        clock.monotonic = lambda now=now: now
        await allowed.confirm(interaction(ALICE))
        assert bot.asked == asked


async def test_where_discord_does_not_say_nobody_is_confirmed() -> None:
    bot: Any = FakeBot(ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        await Permissions(bot, guilds=()).confirm(interaction(ALICE))


async def test_who_manages_a_named_server_is_known_from_the_request() -> None:
    bot: Any = FakeBot(team())
    await Permissions(bot, guilds=(7,)).confirm(interaction(ALICE, guild=7, manages=True))
    assert bot.asked == 0
