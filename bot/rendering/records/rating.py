"""Asking in one press why an answer did not help."""

from __future__ import annotations

from discord import ui

from bot.locales import messages_in
from bot.rendering.custom_id import GiveReason
from bot.rendering.layout import NEUTRAL, ButtonSpec, Layout, button_row
from bot.types import Rating
from index import Language


def reason_layout(answer: int, *, language: Language) -> Layout:
    """Return the thanks for a rating of the answer with that number, and a button for each reason."""
    messages = messages_in(language)
    reasons = {
        Rating.WRONG_PASSAGE: messages.reason_wrong_passage,
        Rating.NO_ANSWER: messages.reason_no_answer,
        Rating.OTHER: messages.reason_other,
    }
    buttons = [ButtonSpec(label, GiveReason(answer, rating, language)) for rating, label in reasons.items()]
    return Layout([ui.TextDisplay(messages.ask_reason), button_row(buttons)], colour=NEUTRAL)
