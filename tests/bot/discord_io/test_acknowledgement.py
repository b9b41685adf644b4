"""Every command acknowledges before it reads, waits or asks Discord anything."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.bot.cogs.test_admin import manager
from tests.bot.conftest import GUILD, Running, Stage
from tests.bot.world import FakeStore

COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": "How many?", "document": "exodus.txt"}),
    ("sources", {}),
    ("read", {"document": "rise.md"}),
    ("help", {}),
    ("status", {}),
    ("rebuild", {}),
    ("rollback", {}),
]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list in which acknowledgements and reads are noted as they begin."""
    order: list[str] = []
    defer = discord.InteractionResponse.defer

    async def noted_defer(self: Any, **options: Any) -> Any:
        order.append("acknowledged")
        return await defer(self, **options)

    monkeypatch.setattr(discord.InteractionResponse, "defer", noted_defer)
    return order


def note_reads(order: list[str], monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    for name in ("info", "library", "versions", "rollback"):
        real = getattr(FakeStore, name)

        def noted(*arguments: Any, real: Any = real, name: str = name) -> Any:
            order.append(name)
            return real(*arguments)

        monkeypatch.setattr(FakeStore, name, noted)
    stage.bot.services.documents._version = None


@pytest.mark.parametrize(("command", "options"), COMMANDS, ids=[command for command, _ in COMMANDS])
async def test_a_command_is_acknowledged_before_anything_is_read(
    running: Running, monkeypatch: pytest.MonkeyPatch, order: list[str], command: str, options: dict[str, Any]
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        admin = manager(stage)
        note_reads(order, monkeypatch, stage)
        await admin.slash(stage.channel, command, **options)

    assert order[0] == "acknowledged"
