"""The time that a person waits between two questions; kept in memory only."""

from __future__ import annotations

import time

from bot.errors import CooldownError
from bot.services.expiring import Expiring

_MOST_PEOPLE = 10_000


class Cooldown:
    """Allows each person one question in `seconds`, and one notice: a flood of messages brings no flood of replies."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: Expiring[int, float] = Expiring(most=_MOST_PEOPLE, seconds=seconds)
        self._notified: Expiring[int, bool] = Expiring(most=_MOST_PEOPLE, seconds=seconds)

    def enter(self, person: int) -> None:
        """Count a question of `person`. Raises CooldownError if their last one is less than the cooldown ago."""
        now = time.monotonic()
        until = self._until.get(person, now)
        if until > now:
            raise CooldownError(until - now)
        self._until[person] = now + self._seconds

    def may_notify(self, person: int) -> bool:
        """Count a notice to `person`, such as a refusal; return whether the last one is the cooldown ago."""
        if person in self._notified:
            return False
        self._notified[person] = True
        return True
