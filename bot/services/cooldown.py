"""One question a person and a few seconds; kept in memory only."""

from __future__ import annotations

import time

from bot.errors import CooldownError

_SWEEP_AT = 1000


class Cooldown:
    """Remembers for `seconds` who has just asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[int, float] = {}

    def enter(self, person: int) -> None:
        """Note a question of `person`; raise CooldownError when the last one is too fresh."""
        now = time.monotonic()
        left = self._until.get(person, now) - now
        if left > 0:
            raise CooldownError(left)
        if len(self._until) >= _SWEEP_AT:
            self._until = {other: until for other, until in self._until.items() if until > now}
        self._until[person] = now + self._seconds
