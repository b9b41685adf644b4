"""systemd's notification protocol (sd_notify(3)): ready, stopping, and alive as long as the event loop turns."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Mapping
from contextlib import suppress

log = logging.getLogger(__name__)


class ServiceManager:
    """Reports the state of the bot to systemd; does nothing where no systemd asks."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._seconds = _watchdog_seconds(environment)
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Report being alive, from the event loop, so that a loop that hangs is noticed and the bot restarted."""
        if self._address and self._seconds:
            self._beating = asyncio.ensure_future(self._beat(self._seconds / 2))

    def notify_ready(self) -> None:
        """Report that the bot hears Discord."""
        self._send("READY=1")

    async def close(self) -> None:
        """Report that the bot is stopping."""
        self._send("STOPPING=1")
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait([self._beating])

    async def _beat(self, seconds: float) -> None:
        while True:
            self._send("WATCHDOG=1")
            await asyncio.sleep(seconds)

    def _send(self, state: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the zero byte of an abstract address.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.sendto(state.encode(), socket.MSG_DONTWAIT, address)
        except OSError as error:
            log.debug("systemd cannot be told %s: %s", state, error)


def _watchdog_seconds(environment: Mapping[str, str]) -> float:
    """Return after how many seconds without a sign systemd ends this process; 0 if it does not watch it."""
    with suppress(KeyError, ValueError):
        if int(environment.get("WATCHDOG_PID", os.getpid())) == os.getpid():
            return int(environment["WATCHDOG_USEC"]) / 1e6
    return 0.0
