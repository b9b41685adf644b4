"""A time limit that can be started anew and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Clock:
    """Calls a function once when its time is up; every method must be called on the event loop."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def start(self, seconds: float, on_time_up: Callable[[], None]) -> None:
        """Call `on_time_up` in `seconds`, and nothing that was to be called before."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(seconds, on_time_up)

    def stop(self) -> None:
        """Call nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
