"""How many lines a text takes on a telephone, without a browser."""

from __future__ import annotations

import math
import re
import unicodedata

# Columns of a Latin letter's width in a card that is 390 pixels wide, as measured in Chromium; a Chinese character
# takes two. Small print has 13 pixels where other text has 16, a block quote is indented by two columns.
_COLUMNS = 32
_SMALL = 13 / 16
_INDENT = 2
_MARKS = re.compile(r"^(?:> )?(?:-# |### )?|\*\*|\\(?=[^\w\s])")


def phone_lines(markdown: str) -> int:
    """Return about how many lines `markdown` takes; it may be one or two off."""
    return sum(_wrapped(line) for line in markdown.split("\n"))


def _wrapped(line: str) -> int:
    size = _SMALL if line.removeprefix("> ").startswith("-# ") else 1.0
    room = _COLUMNS - _INDENT if line.startswith("> ") else _COLUMNS
    return max(1, math.ceil(_columns(_MARKS.sub("", line)) * size / room))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
