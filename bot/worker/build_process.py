"""BuildRunner: one at a time, in a process of their own, while the present version goes on answering."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import RebuildCancelledError, RebuildFailedError, RebuildOverError, RebuildRunningError
from bot.types import BuildProgress
from bot.worker import main as worker
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import Built, Failed, Setup
from index import BuildReport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Build:
    """A build under way: its number, who started it, and what comes of it."""

    number: int
    by: str
    child: Child
    result: asyncio.Future[BuildReport]
    gone: asyncio.Event


class BuildRunner:
    """Builds the store in a child of lower priority."""

    def __init__(self, setup: Setup, *, spawn: Spawn = spawn_process, target: Target = worker.build) -> None:
        self._setup = setup
        self._spawn = spawn
        self._target = target
        self._build: Build | None = None

    def check_free(self) -> None:
        """Raise RebuildRunningError when a build is under way."""
        if self._build is not None:
            raise RebuildRunningError(self._build.by)

    def start(self, told: Callable[[BuildProgress], None], *, by: str) -> Build:
        """Start a build for `by`; `told` hears how far it is. Raise RebuildRunningError."""
        self.check_free()
        result: asyncio.Future[BuildReport] = asyncio.get_running_loop().create_future()
        gone = asyncio.Event()
        child = self._spawn(self._target, self._setup, _listener(result, gone, told))
        self._build = Build(secrets.randbits(32), by, child, result, gone)
        return self._build

    async def finish(self, build: Build) -> BuildReport:
        """Wait for what comes of `build`; raise RebuildFailedError, RebuildCancelledError, RebuildRunningError.

        Its process is gone afterwards, and with it the lock on the store.
        """
        try:
            return await build.result
        except asyncio.CancelledError:
            build.child.kill()
            raise
        finally:
            await build.gone.wait()
            self._build = None

    async def run(self, told: Callable[[BuildProgress], None], *, by: str = "") -> BuildReport:
        """Start a build and wait for what comes of it."""
        return await self.finish(self.start(told, by=by))

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number at once; the store stays as it is. Raise RebuildOverError."""
        build = self._build
        if build is None or build.number != number or build.result.done():
            raise RebuildOverError
        build.result.set_exception(RebuildCancelledError(by))
        build.child.kill()


def _listener(
    result: asyncio.Future[BuildReport], done: asyncio.Event, told: Callable[[BuildProgress], None]
) -> Listener:
    def heard(message: object) -> None:
        match message:
            case BuildProgress():
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
        done.set()

    return Listener(heard, gone)
