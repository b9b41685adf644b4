"""Components V2 layouts and the parts they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.locales import Messages
from bot.rendering.custom_id import Action, AskStarter, encode_action, question_tag
from bot.rendering.text.markdown import plain
from index import Language, Outcome

Item: TypeAlias = ui.Item[Any]

# Discord's limits are 4000 and 40; the margin covers clients that count differently.
TEXT_UNITS = 3900
COMPONENTS = 40
LABEL = 80

ANSWERED = discord.Colour(0x2F80ED)
UNSURE = discord.Colour(0xE0A030)
DECLINED = discord.Colour(0x8E9297)
NEUTRAL = discord.Colour(0x5B6770)


class Layout(ui.LayoutView):
    """A finished message; `bot.components.cog` handles its buttons by their `custom_id`."""

    def __init__(self, items: Sequence[Item], *, colour: discord.Colour) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*items, accent_colour=colour))
        # discord.py keeps every view it sends until the view is finished.
        self.stop()


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button: its label, its action and its looks."""

    label: str
    action: Action
    emoji: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    disabled: bool = False

    def button(self) -> ui.Button[Any]:
        """Return the discord.py button."""
        return ui.Button(
            label=plain(self.label, limit=LABEL),
            custom_id=encode_action(self.action),
            emoji=self.emoji,
            style=self.style,
            disabled=self.disabled,
        )


def button_row(buttons: Sequence[ButtonSpec]) -> ui.ActionRow[Any]:
    """Return a row of up to five buttons."""
    return ui.ActionRow(*(button.button() for button in buttons))


def starter_row(starters: Sequence[str], *, language: Language) -> ui.ActionRow[Any]:
    """Return a row of up to five starter questions, each of which is asked by a press."""
    tags = {question_tag(starter): starter for starter in starters}
    return button_row([ButtonSpec(starter, AskStarter(language, tag)) for tag, starter in tags.items()])


def separator() -> Item:
    """Return a separating line."""
    return ui.Separator()


def notice(text: str, *, colour: discord.Colour = NEUTRAL) -> Layout:
    """Return a layout of one text."""
    return Layout([ui.TextDisplay(text)], colour=colour)


def outcome_mark(outcome: Outcome, *, messages: Messages) -> str:
    """Return in bold what a passage is to its question where it does not surely answer it; else nothing."""
    marks = {Outcome.UNSURE: messages.not_sure, Outcome.DECLINED: messages.no_answer}
    return f"**{marks[outcome]}**" if outcome in marks else ""


def bold_label(label: str, text: str, *, messages: Messages) -> str:
    """Return `text` after a label in bold."""
    return messages.labelled.format(label=f"**{label}**", text=text)
