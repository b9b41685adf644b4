"""The lists of HTML: the markers of their items, and whether they only navigate."""

from __future__ import annotations

import re
from collections.abc import Mapping


class HtmlLists:
    """The open lists, innermost last.

    first: how many blocks stood before the outermost one. marker: of the item that begins.
    """

    def __init__(self) -> None:
        self.first = 0
        self.marker = ""
        self._numbers: list[int | None] = []  # the next number of each open list; None in one without numbers
        self._items = 0
        self._has_prose = False

    def __bool__(self) -> bool:
        """Return whether a list is open."""
        return bool(self._numbers)

    def open(self, name: str, attributes: Mapping[str, str], blocks: int) -> None:
        """Begin a list, before which there are so many `blocks`."""
        if not self._numbers:
            self.first, self._items, self._has_prose = blocks, 0, False
        self._numbers.append(_number(attributes.get("start"), 1) if name == "ol" else None)

    def open_item(self, attributes: Mapping[str, str]) -> None:
        """Begin an item."""
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            self.marker = "- "
            return
        number = _number(attributes.get("value"), number)
        self.marker = f"{number}. "
        self._numbers[-1] = number + 1

    def take_marker(self) -> str:
        """Return the marker of the item that begins, once."""
        marker, self.marker = self.marker, ""
        return marker

    def add_block(self, *, has_prose: bool) -> None:
        """Take note of a block within a list."""
        if self._numbers:
            self._items += 1
            self._has_prose |= has_prose

    def close(self) -> bool:
        """End the innermost list; return whether it was the outermost, and its items are links within the site."""
        if self._numbers:
            self._numbers.pop()
        is_navigation = not self._numbers and self._items > 1 and not self._has_prose
        self._items = self._items if self._numbers else 0
        return is_navigation


def _number(value: str | None, default: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else default
