"""Lay out the front desk's reply as text for a terminal."""

from __future__ import annotations

from rich.text import Text

from index.answering.front_desk.replies import front_desk_reply
from index.cli.views.line_breaking import wrap
from index.text.sanitize import visible
from index.types import FrontDeskIntent, Language, Library


def front_desk_text(intent: FrontDeskIntent, library: Library, *, width: int, language: Language) -> Text:
    """Return one or two lines for a reader of `language`, broken where they are wider than `width` columns."""
    shown = [visible(line) for line in front_desk_reply(intent, library, language=language)]
    lines = ("".join(text[part.start : part.stop]).rstrip() for text in shown for part in wrap(text, width=width))
    return Text("\n").join(Text(line) for line in lines)
