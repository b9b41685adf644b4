"""Asking the worker to open the store's current version: one reload at a time, within its own time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.errors import UnavailableError
from bot.worker.clock import Clock
from bot.worker.protocol import AbandonReload, Reload

log = logging.getLogger(__name__)

# Opening reads every file of a version: 10,000 passages take 12 s.
_RELOAD_SECONDS = 300.0


class Reloads:
    """The reload that waits or runs, if there is one."""

    def __init__(self, send: Callable[[object], None]) -> None:
        self._send = send
        self._number = 0
        self._is_sent = False
        self._result: asyncio.Future[str] | None = None
        self._clock = Clock()

    async def wait_idle(self) -> None:
        """Wait while a reload runs: it may open the version that was current before."""
        while self._result is not None and self._is_sent:
            await asyncio.wait([self._result])

    def request(self) -> asyncio.Future[str]:
        """Return the result of a reload that has yet to be sent: the name of the version that it opened."""
        if self._result is None:
            self._result = asyncio.get_running_loop().create_future()
        return self._result

    def send_requested(self) -> None:
        """Send the reload that waits. Call it when the worker is ready."""
        if self._result is None or self._is_sent:
            return
        self._number += 1
        self._is_sent = True
        self._clock.start(_RELOAD_SECONDS, self._give_up)
        self._send(Reload(self._number))

    def settle(self, number: int, version: str) -> None:
        """Set `version` as the result of the reload of that number."""
        if self._is_sent and number == self._number and (result := self._take()) is not None:
            result.set_result(version)

    def fail(self, number: int | None = None) -> None:
        """Fail the reload of that number, or any."""
        is_meant = number is None or (self._is_sent and number == self._number)
        if is_meant and (result := self._take()) is not None:
            result.set_exception(UnavailableError())
            result.exception()  # mark it as retrieved: nobody may be waiting any more

    def _take(self) -> asyncio.Future[str] | None:
        """Return the result to be set, and forget the reload."""
        self._clock.stop()
        result, self._result, self._is_sent = self._result, None, False
        return result if result is not None and not result.done() else None

    def _give_up(self) -> None:
        log.error("worker: the version has not been opened within %.0f s; the present one stays", _RELOAD_SECONDS)
        self._send(AbandonReload())
        self.fail()
