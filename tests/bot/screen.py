"""How many lines a layout takes on a screen, without a browser: within one or two of what Chromium shows."""

from __future__ import annotations

import re
import unicodedata

from simcord.components import walk_components

from bot.rendering.layout import Layout
from tests.bot.payloads import components_of

# Pixels that text has in a card in a window of 760 and of 390 pixels, as measured in simcord's preview.
WIDE, NARROW = 563, 262
# A Chinese character is as wide as its font is high, a Latin one on average this share of it.
_LATIN = 0.5
_TEXT, _SMALL, _QUOTE_INDENT = 16.0, 13.0, 16
# A button's padding, emoji and the gap to the next one.
_BUTTON = 32 + 24 + 8
_BUTTON_TEXT = 14.0


def line_count(layout: Layout, width: int) -> int:
    """Return the lines of text and rows of buttons of `layout` in `width` pixels."""
    return sum(_lines(item, width) for item in walk_components(components_of(layout)))


def _lines(item: dict[str, object], width: int) -> int:
    if item.get("type") == 10:
        return sum(_wrapped(line, width) for line in str(item["content"]).split("\n"))
    if item.get("type") == 1:
        rows, used = 1, 0.0
        for button in item["components"]:  # type: ignore[attr-defined]
            size = _pixels(button["label"], _BUTTON_TEXT) + _BUTTON
            if used and used + size > width:
                rows, used = rows + 1, 0.0
            used += size
        return rows
    return 0


def _wrapped(line: str, width: int) -> int:
    """Return how many lines one line of Markdown takes."""
    size = _SMALL if line.startswith(("-# ", "> -# ")) else _TEXT
    room = width - (_QUOTE_INDENT if line.startswith("> ") else 0)
    shown = re.sub(r"^(?:> )?(?:-# |### )?", "", line).replace("**", "").replace("\\", "")
    used, rows = 0.0, 1
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", shown):
        size_of = _pixels(word.rstrip(), size)
        if used and used + size_of > room:
            rows, used = rows + 1, 0.0
        used += _pixels(word, size)
    return rows


def _pixels(text: str, size: float) -> float:
    return sum(size if unicodedata.east_asian_width(character) in "WF" else size * _LATIN for character in text)
