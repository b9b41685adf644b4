"""Cards: finished Components V2 layouts, and the parts they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.rendering.custom_id import Action, encode_action
from bot.rendering.markdown import plain

Item: TypeAlias = ui.Item[Any]

# Discord's limits are 4000 and 40; the margin is for what a client may count differently.
TEXT_UNITS = 3900
COMPONENTS = 40
LABEL = 80

ANSWERED = discord.Colour(0x2F80ED)
DECLINED = discord.Colour(0x8E9297)
NEUTRAL = discord.Colour(0x5B6770)


class Layout(ui.LayoutView):
    """A layout on which nobody listens: its actions are read by `bot.components.cog`."""

    def __init__(self, items: Sequence[Item], *, colour: discord.Colour) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*items, accent_colour=colour))
        # A finished view is not kept by discord.py, which would hold every layout ever sent.
        self.stop()


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button to be: what it says, what its action means, and how it looks."""

    label: str
    action: Action
    emoji: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    disabled: bool = False

    def button(self) -> ui.Button[Any]:
        """Make the button."""
        return ui.Button(
            label=plain(self.label, limit=LABEL),
            custom_id=encode_action(self.action),
            emoji=self.emoji,
            style=self.style,
            disabled=self.disabled,
        )


def row(keys: Sequence[ButtonSpec]) -> ui.ActionRow[Any]:
    """Put up to five buttons in a row."""
    return ui.ActionRow(*(key.button() for key in keys))


def line() -> Item:
    """Draw a separating line."""
    return ui.Separator()


def notice(text: str, *, colour: discord.Colour = NEUTRAL) -> Layout:
    """Say one thing."""
    return Layout([ui.TextDisplay(text)], colour=colour)
