"""The ways in which Discord cannot be reached, and displays that survive them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Final

import aiohttp
import discord

log = logging.getLogger(__name__)

# discord.py lets the errors of its transport through: a broken connection is no discord.HTTPException.
NETWORK_FAULTS: Final = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


# For which a display may hang before it is given up: discord.py itself waits five minutes for an answer.
_MOST_SECONDS: Final = 30.0


class NetworkGuard:
    """Sends what is only for display, for `seconds` at most, and logs the first of consecutive network faults."""

    def __init__(
        self, purpose: str, *, fatal: tuple[type[Exception], ...] = (), seconds: float = _MOST_SECONDS
    ) -> None:
        self._purpose = purpose
        self._fatal = fatal
        self._seconds = seconds
        self._failing = False

    async def attempt(self, sending: Awaitable[object]) -> bool:
        """Await `sending` and return whether it succeeded; log a network fault, and raise one that is `fatal`."""
        try:
            async with asyncio.timeout(self._seconds):
                await sending
        except self._fatal:
            raise
        except NETWORK_FAULTS as error:
            if not self._failing:
                log.warning("%s cannot be shown: %s: %s", self._purpose, type(error).__name__, error)
            self._failing = True
            return False
        self._failing = False
        return True
