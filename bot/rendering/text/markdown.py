"""Escape text for Discord: a reader sees it as it is, and nothing in it acts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index import visible

# Discord's Markdown takes a backslash before any ASCII punctuation, and shows only the punctuation.
_SPECIAL = re.compile(r"[\\`*_~|<>#\[\]:@/]")
_LIST_NUMBER = re.compile(r"^([ \t]*\d+)\.", re.MULTILINE)
_LIST_BULLET = re.compile(r"^([ \t]*)([-+])", re.MULTILINE)
_BACKTICKS = re.compile("`+")
_LANGUAGE = re.compile(r"[\w+.#-]{1,20}", re.ASCII)
# Texts of these characters alone, as most are, need no look at each of them.
_VISIBLE = re.compile("[\n -~\u2013-\u2026\u3000-\u9fff\uff01-\uff60]*")
_ZERO_WIDTH_SPACE = "\u200b"
# A mark of direction is shown as ⟨U+202E⟩.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DIRECTION_UNITS = 8
# What takes more than one unit, but for line feeds.
_COSTLY = re.compile("[\\\\`*_~|<>#\\[\\]:@/\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U00010000-\U0010ffff]")

ELLIPSIS = "…"


def escape(text: str) -> str:
    """Return the Markdown that shows exactly `text`; every kind of line break becomes a line feed."""
    text = _LIST_BULLET.sub(r"\1\\\2", escape_inside(text))
    return _LIST_NUMBER.sub(r"\1\\.", text)


def escape_inside(text: str) -> str:
    """Return the Markdown that shows exactly `text` where it does not begin a line, and thus no list."""
    return _SPECIAL.sub(r"\\\g<0>", _visible(text))


def inline(text: str, *, limit: int) -> str:
    """Return the Markdown of `text` on one line, shortened to `limit` units."""
    words = " ".join(text.split()) or ELLIPSIS
    escaped = escape_inside(words)
    if units(escaped) <= limit:
        return escaped
    spent = 1
    for number, character in enumerate(words):
        spent += units(escape_inside(character))
        if spent > limit:
            return escape_inside(words[:number].rstrip()) + ELLIPSIS
    return escaped


def plain(text: str, *, limit: int) -> str:
    """Return `text` on one line of at most `limit` units, for a label without Markdown."""
    words = _visible(_DIRECTION.sub("", " ".join(text.split()))) or ELLIPSIS
    if units(words) <= limit:
        return words
    while units(words) >= limit:
        words = words[:-1]
    return words.rstrip() + ELLIPSIS


def code_span(text: str) -> str:
    """Return one line of `text` as inline code, or escaped if its backticks rule that out."""
    shown = _visible(text).replace("\n", " ")
    longest = max(map(len, _BACKTICKS.findall(shown)), default=0)
    if longest > 1 or not shown.strip():
        return escape_inside(text)
    return f"`` {shown} ``" if longest else f"`{shown}`"


def code_block(lines: Sequence[str], *, language: str = "") -> list[str]:
    """Return the lines of a fenced code block; nothing in `lines`, which hold no line breaks, can close it."""
    safe = [_BACKTICKS.sub(_apart, _visible(line).replace("\n", " ")) for line in lines]
    return ["```" + (language if _LANGUAGE.fullmatch(language) else ""), *safe, "```"]


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, the most that any client of Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped_units(text: str) -> int:
    """Return at least the units of `escape(text)`, in a fraction of its time."""
    line_starts = 2 * (text.count("\n") + 1)
    if _COSTLY.search(text) is None:  # as in most lines of prose
        return len(text) + line_starts
    specials = len(_SPECIAL.findall(text))
    return units(text) + specials + line_starts + _DIRECTION_UNITS * len(_DIRECTION.findall(text))


def is_blank(text: str) -> bool:
    """Return whether `text` shows nothing: only spaces, controls and invisible characters."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


def is_mark(character: str) -> bool:
    """Return whether `character` is a space, a punctuation mark or a symbol."""
    return unicodedata.category(character)[0] in "ZPSC"


def _visible(text: str) -> str:
    return text if _VISIBLE.fullmatch(text) else "".join(visible(text))


def _apart(backticks: re.Match[str]) -> str:
    return backticks[0] if len(backticks[0]) < 3 else _ZERO_WIDTH_SPACE.join(backticks[0])
