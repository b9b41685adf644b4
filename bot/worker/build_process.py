"""Builds of the store, one at a time, each in a process of its own while the present version answers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.errors import RebuildCancelledError, RebuildFailedError, RebuildOverError, RebuildRunningError
from bot.types import BuildProgress
from bot.worker import main as worker
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import Built, Failed
from index import BuildReport, Settings

log = logging.getLogger(__name__)

OnProgress: TypeAlias = Callable[[BuildProgress], None]


@dataclass(frozen=True, slots=True)
class Build:
    """A running build: its number, who started it (empty if nobody), its result, and whether its process ended."""

    number: int
    by: str
    child: Child
    result: asyncio.Future[BuildReport]
    exited: asyncio.Event


class BuildRunner:
    """Runs builds in a child process of lower priority."""

    def __init__(self, settings: Settings, *, spawn: Spawn = spawn_process, target: Target = worker.build) -> None:
        self._settings = settings
        self._spawn = spawn
        self._target = target
        self._build: Build | None = None

    def check_free(self) -> None:
        """Raise RebuildRunningError while a build runs."""
        if self._build is not None:
            raise RebuildRunningError(self._build.by)

    def start(self, on_progress: OnProgress, *, by: str) -> Build:
        """Start a build for the person `by`. Raises RebuildRunningError."""
        self.check_free()
        result: asyncio.Future[BuildReport] = asyncio.get_running_loop().create_future()
        exited = asyncio.Event()
        child = self._spawn(self._target, self._settings, _listener(result, exited, on_progress))
        self._build = Build(secrets.randbits(32), by, child, result, exited)
        return self._build

    async def finish(self, build: Build) -> BuildReport:
        """Return the result of `build`; its process, and with it the store's lock, is gone afterwards.

        Raises RebuildFailedError, RebuildCancelledError, RebuildRunningError.
        """
        try:
            return await build.result
        except asyncio.CancelledError:
            build.child.kill()
            raise
        finally:
            await build.exited.wait()
            self._build = None

    async def run(self, on_progress: OnProgress, *, by: str = "") -> BuildReport:
        """Start a build and return its result."""
        return await self.finish(self.start(on_progress, by=by))

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number at once; the store stays as it is. Raises RebuildOverError."""
        build = self._build
        if build is None or build.number != number or build.result.done():
            raise RebuildOverError
        build.result.set_exception(RebuildCancelledError(by))
        build.child.kill()


def _listener(result: asyncio.Future[BuildReport], exited: asyncio.Event, on_progress: OnProgress) -> Listener:
    def on_message(message: object) -> None:
        match message:
            case BuildProgress():
                on_progress(message)
            case Built() if not result.done():
                result.set_result(message.report)
            case Failed() if not result.done():
                log.error("rebuild: %s", message.message)
                result.set_exception(RebuildRunningError() if message.busy else RebuildFailedError())

    def on_exit() -> None:
        if not result.done():
            log.error("rebuild: its process died")
            result.set_exception(RebuildFailedError())
        exited.set()

    return Listener(on_message, on_exit)
