"""Text shown as it is: nothing in it becomes Markdown, a mention, a link or a change of direction."""

from __future__ import annotations

import re
import unicodedata

# Discord's Markdown takes a backslash before any ASCII punctuation, and shows only the punctuation.
_SPECIAL = re.compile(r"[\\`*_~|<>#\[\]:@/]")
_LIST_NUMBER = re.compile(r"^([ \t]*\d+)\.", re.MULTILINE)
_LIST_BULLET = re.compile(r"^([ \t]*)([-+])", re.MULTILINE)
_LINE_BREAK = re.compile(r"\r\n?|[\u2028\u2029]")
# Marks, embeddings, overrides and isolates that reorder what is around them.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_UNSHOWABLE = re.compile(r"[\x7f-\x9f\ud800-\udfff]")

ELLIPSIS = "…"


def escape(text: str) -> str:
    """Give `text` as Discord must receive it for a reader to see exactly `text`."""
    text = escape_inside(text)
    text = _LIST_BULLET.sub(r"\1\\\2", text)
    return _LIST_NUMBER.sub(r"\1\\.", text)


def escape_inside(text: str) -> str:
    """Escape what does not stand at the beginning of a line, where a list could begin."""
    text = _LINE_BREAK.sub("\n", text)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _DIRECTION.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
    text = _CONTROL.sub(lambda match: chr(0x2400 + ord(match[0])), text)
    return _UNSHOWABLE.sub("\ufffd", text)


def inline(text: str, *, limit: int) -> str:
    """Escape `text` for the middle of a line, shortened to `limit` units of what is sent."""
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
    """Shorten `text` to one line for a label, which knows no Markdown."""
    words = _DIRECTION.sub("", " ".join(text.split())) or ELLIPSIS
    words = _UNSHOWABLE.sub("\ufffd", words)
    if units(words) <= limit:
        return words
    while units(words) >= limit:
        words = words[:-1]
    return words.rstrip() + ELLIPSIS


def units(text: str) -> int:
    """Measure `text` in UTF-16 units, the most that any client of Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_blank(text: str) -> bool:
    """Tell whether `text` shows nothing: only spaces, controls and invisible characters."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)
