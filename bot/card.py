"""Cards: finished Components V2 layouts, and the parts they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.escape import plain
from bot.presses import Press, custom_id

Item: TypeAlias = ui.Item[Any]

# Discord's limits are 4000 and 40; the margin is for what a client may count differently.
TEXT_UNITS = 3900
COMPONENTS = 40
LABEL = 80

ANSWERED = discord.Colour(0x2F80ED)
DECLINED = discord.Colour(0x8E9297)
NEUTRAL = discord.Colour(0x5B6770)


class Card(ui.LayoutView):
    """A layout on which nobody listens: its presses are read by `bot.cogs.buttons`."""

    def __init__(self, items: Sequence[Item], *, colour: discord.Colour) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*items, accent_colour=colour))
        # A finished view is not kept by discord.py, which would hold every card ever sent.
        self.stop()


@dataclass(frozen=True, slots=True)
class Key:
    """A button to be: what it says, what its press means, and how it looks."""

    label: str
    press: Press
    emoji: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    disabled: bool = False

    def button(self) -> ui.Button[Any]:
        """Make the button."""
        return ui.Button(
            label=plain(self.label, limit=LABEL),
            custom_id=custom_id(self.press),
            emoji=self.emoji,
            style=self.style,
            disabled=self.disabled,
        )


def row(keys: Sequence[Key]) -> ui.ActionRow[Any]:
    """Put up to five buttons in a row."""
    return ui.ActionRow(*(key.button() for key in keys))


def line() -> Item:
    """Draw a separating line."""
    return ui.Separator()


def notice(text: str, *, colour: discord.Colour = NEUTRAL) -> Card:
    """Say one thing."""
    return Card([ui.TextDisplay(text)], colour=colour)
