"""Rebuilds: one at a time, in a process of their own, while the present version goes on answering."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot import worker
from bot.child import Listener, Spawn, Target, spawn_process
from bot.errors import RebuildFailedError, RebuildRunningError
from bot.worker import Built, Failed, Progress, Setup
from index import BuildReport

log = logging.getLogger(__name__)


class Rebuilds:
    """Builds the store in a child of lower priority."""

    def __init__(self, setup: Setup, *, spawn: Spawn = spawn_process, target: Target = worker.build) -> None:
        self._setup = setup
        self._spawn = spawn
        self._target = target
        self._running = False

    async def run(self, told: Callable[[Progress], None]) -> BuildReport:
        """Build; `told` hears how far it is. Raise RebuildRunningError or RebuildFailedError."""
        if self._running:
            raise RebuildRunningError
        self._running = True
        result: asyncio.Future[BuildReport] = asyncio.get_running_loop().create_future()
        child = self._spawn(self._target, self._setup, _listener(result, told))
        try:
            return await result
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            self._running = False


def _listener(result: asyncio.Future[BuildReport], told: Callable[[Progress], None]) -> Listener:
    def heard(message: object) -> None:
        match message:
            case Progress():
                told(message)
            case Built() if not result.done():
                result.set_result(message.report)
            case Failed() if not result.done():
                log.error("rebuild: %s", message.message)
                result.set_exception(RebuildRunningError() if message.busy else RebuildFailedError())

    def gone() -> None:
        if not result.done():
            log.error("rebuild: its process died")
            result.set_exception(RebuildFailedError())

    return Listener(heard, gone)
