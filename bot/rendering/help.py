"""What the bot tells about itself: /help, and its reply to an empty mention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.layout import NEUTRAL, Item, Layout, bold_label, notice, separator, starter_row
from bot.rendering.text.markdown import inline, is_blank
from index import Language

_ABOUT_UNITS = 400
_STARTERS = 3


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days an answer's record is kept, and whether the question is in it."""

    days: int
    keeps_questions: bool


def help_layout(*, retention: Retention, about: str, starters: Sequence[str], language: Language) -> Layout:
    """Return what the bot does, with documents about `about`, how to ask, questions to press, and what is stored."""
    messages = messages_in(language)
    usage = (messages.usage_command, messages.usage_mention, messages.usage_menu, messages.usage_library)
    lines = [
        f"### {messages.purpose_title}",
        *about_lines(about, messages),
        messages.purpose,
        f"### {messages.usage_title}",
        *(f"- {way}" for way in usage),
    ]
    notes = [f"### {messages.notes_title}", f"- {messages.note_model}", f"- {messages.note_documents}"]
    stored = messages.stored_questions if retention.keeps_questions else messages.stored_counts
    items = [
        ui.TextDisplay("\n".join(lines)),
        *starter_items(starters, language=language),
        ui.TextDisplay("\n".join(notes)),
        separator(),
        ui.TextDisplay(bold_label(messages.stored, stored.format(days=retention.days), messages=messages)),
    ]
    return Layout(items, colour=NEUTRAL)


def greeting_layout(*, about: str, language: Language) -> Layout:
    """Return the reply to a person who has not asked anything."""
    messages = messages_in(language)
    return notice("\n".join([*about_lines(about, messages), messages.ask_me]))


def starter_items(starters: Sequence[str], *, language: Language) -> list[Item]:
    """Return a row of the first few starter questions, to be pressed; nothing if there are none."""
    return [starter_row(starters[:_STARTERS], language=language)] if starters else []


def about_lines(about: str, messages: Messages) -> list[str]:
    """Return the line that says what the documents are about, if they say so."""
    if is_blank(about):
        return []
    return [bold_label(messages.about, inline(about, limit=_ABOUT_UNITS), messages=messages)]
