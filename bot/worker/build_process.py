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
from bot.worker.clock import Clock
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import Built, Failed
from index import BuildReport, Settings

log = logging.getLogger(__name__)

OnProgress: TypeAlias = Callable[[BuildProgress], None]


# A build reports every step of 32 texts; what reports none, such as writing or checking the indexes, takes minutes.
_SILENCE_SECONDS = 1800.0


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
        self._silence = Clock()

    @property
    def running(self) -> Build | None:
        """The build that runs, if one does."""
        return self._build

    def check_free(self) -> None:
        """Raise RebuildRunningError while a build runs."""
        if self._build is not None:
            raise RebuildRunningError(self._build.by)

    async def wait_free(self) -> None:
        """Wait until no build runs."""
        while self._build is not None:
            await self._build.exited.wait()

    def start(self, on_progress: OnProgress, *, by: str) -> Build:
        """Start a build for the person `by`. Raises RebuildRunningError, RebuildFailedError."""
        self.check_free()
        result: asyncio.Future[BuildReport] = asyncio.get_running_loop().create_future()
        exited = asyncio.Event()
        try:
            child = self._spawn(self._target, self._settings, self._listener(result, exited, on_progress))
        except OSError as error:
            log.exception("rebuild: it cannot be started")
            raise RebuildFailedError from error
        self._build = Build(secrets.randbits(32), by, child, result, exited)
        self._silence.start(_SILENCE_SECONDS, self._on_silence)
        return self._build

    async def finish(self, build: Build) -> BuildReport:
        """Return the result of `build`; its process, and with it the store's lock, is gone afterwards.

        Raises RebuildFailedError, RebuildCancelledError, RebuildRunningError.
        """
        try:
            return await asyncio.shield(build.result)
        except asyncio.CancelledError:
            build.child.kill()
            raise
        finally:
            await build.exited.wait()

    async def run(self, on_progress: OnProgress, *, by: str = "") -> BuildReport:
        """Start a build and return its result."""
        return await self.finish(self.start(on_progress, by=by))

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number at once; the store stays as it is. Raises RebuildOverError."""
        build = self._build
        if build is None or build.number != number or build.result.done():
            raise RebuildOverError
        _fail(build.result, RebuildCancelledError(by))
        build.child.kill()

    def _listener(
        self, result: asyncio.Future[BuildReport], exited: asyncio.Event, on_progress: OnProgress
    ) -> Listener:
        def on_message(message: object) -> None:
            match message:
                case BuildProgress():
                    self._silence.start(_SILENCE_SECONDS, self._on_silence)
                    on_progress(message)
                case Built() if not result.done():
                    result.set_result(message.report)
                case Failed() if not result.done():
                    log.error("rebuild: %s", message.message)
                    _fail(result, RebuildRunningError() if message.busy else RebuildFailedError())

        def on_exit() -> None:
            # Not by whoever waits for the result: nobody may, and the next build must be possible all the same.
            self._build = None
            self._silence.stop()
            if not result.done():
                log.error("rebuild: its process died")
                _fail(result, RebuildFailedError())
            exited.set()

        return Listener(on_message, on_exit)

    def _on_silence(self) -> None:
        build = self._build
        if build is not None:
            log.error("rebuild: no progress for %.0f s, ending it", _SILENCE_SECONDS)
            if not build.result.done():
                _fail(build.result, RebuildFailedError())
            build.child.kill()


def _fail(result: asyncio.Future[BuildReport], error: Exception) -> None:
    result.set_exception(error)
    result.exception()  # mark it as retrieved: nobody may be waiting
