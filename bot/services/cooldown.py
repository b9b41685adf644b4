"""The time that a person waits between two questions; kept in memory only."""

from __future__ import annotations

import time

from bot.errors import CooldownError

# Expired entries are removed when there are this many.
_MOST_ENTRIES = 1000


class Cooldown:
    """Allows each person one question in `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[int, float] = {}

    def enter(self, person: int) -> None:
        """Count a question of `person`. Raises CooldownError if their last one is less than the cooldown ago."""
        now = time.monotonic()
        left = self._until.get(person, now) - now
        if left > 0:
            raise CooldownError(left)
        if len(self._until) >= _MOST_ENTRIES:
            self._until = {other: until for other, until in self._until.items() if until > now}
        self._until[person] = now + self._seconds
