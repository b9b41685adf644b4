"""Text made safe to show: without control characters, lone surrogates and changes of direction."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAK = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> list[str]:
    """Return what to show for each code point of `text`: controls as pictures, a line feed for any line break.

    A tab becomes a space, a mark that changes the direction ⟨U+202E⟩, what cannot be shown U+FFFD. The line feed
    of a carriage return and line feed is empty.
    """
    shown = [_shown(character) for character in text]
    for match in _LINE_BREAK.finditer(text):
        shown[match.start() : match.end()] = ["\n", ""][: len(match[0])]
    return shown


def harmless(text: str) -> str:
    """Return `text` on one line, with nothing in it that a terminal would obey."""
    return "".join(visible(text)).replace("\n", " ")


def _shown(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character == "\t":
        return " "
    if _DIRECTION.match(character):
        return f"⟨U+{ord(character):04X}⟩"
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\ufffd" if unicodedata.category(character) in {"Cc", "Cs"} else character
