"""What is remembered for a while only, and never more than so much of it."""

from __future__ import annotations

import time
from typing import TypeVar

from cachetools import TTLCache

Key = TypeVar("Key")
Value = TypeVar("Value")


class Expiring(TTLCache[Key, Value]):
    """A dictionary that forgets an entry after `seconds`, and the oldest beyond `most`; in memory only."""

    def __init__(self, *, most: int, seconds: float) -> None:
        super().__init__(most, seconds, timer=_now)


def _now() -> float:
    return time.monotonic()  # looked up at each call: a simulated Discord has a clock of its own
