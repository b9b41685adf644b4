"""Which version answers: built anew while people watch, or rolled back; the switch is between two answers."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

import index
from bot.discord_io.error_reply import explain, log_error
from bot.discord_io.live_message import LiveMessage, NullLiveMessage
from bot.errors import (
    BotError,
    NoEarlierVersionError,
    RebuildCancelledError,
    RebuildFailedError,
    RebuildRunningError,
    RebuildTooLateError,
    RollbackFailedError,
    UnavailableError,
    UnknownVersionError,
)
from bot.locales import Messages, messages_in
from bot.rendering.layout import notice
from bot.rendering.status import progress_layout, rebuilt_text
from bot.types import BuildProgress
from bot.worker.build_process import Build, BuildRunner
from bot.worker.client import AnswerClient
from index import BuildReport, StoreBusyError, StoreError

log = logging.getLogger(__name__)

# An edit every two seconds stays far below Discord's rate limit.
_EDIT_SECONDS = 2.0
_PAUSED = "watch.paused"


@dataclass(slots=True)
class _Followed:
    """A build, where it is shown, and what it last said of itself."""

    build: Build
    live_message: LiveMessage
    messages: Messages
    heard: list[BuildProgress]
    began: float = field(default_factory=time.monotonic)

    async def show_progress(self) -> None:
        told = self.heard[-1] if self.heard else None
        seconds = time.monotonic() - self.began
        await self.live_message.show(
            progress_layout(told, seconds=seconds, build=self.build.number, messages=self.messages)
        )


class IndexVersions:
    """Changes the version that answers; a failure changes nothing."""

    def __init__(self, rebuilds: BuildRunner, answers: AnswerClient, *, store: Path, data: Path) -> None:
        self._rebuilds = rebuilds
        self._answers = answers
        self._store = store
        self._paused = data / _PAUSED
        self._mending: asyncio.Task[None] | None = None

    @property
    def paused(self) -> bool:
        """Tell whether a rollback holds off the rebuilds that nobody asks for; holds after a restart."""
        return self._paused.exists()

    def check_free(self) -> None:
        """Raise RebuildRunningError when a build is under way."""
        self._rebuilds.check_free()

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number; the store stays as it is. Raise RebuildOverError."""
        self._rebuilds.cancel(number, by=by)

    async def rebuild(self, live_message: LiveMessage, messages: Messages, *, by: str) -> None:
        """Build for the person `by` and show it on `live_message`, also what goes wrong. Raise RebuildRunningError."""
        followed = self._start(live_message, messages, by=by)
        await asyncio.to_thread(self._paused.unlink, missing_ok=True)
        await self._follow(followed, silent=False)

    async def rebuild_unasked(self, live_message: LiveMessage, messages: Messages) -> None:
        """Build because the documents or the store demand it; shown when it takes long or changes something."""
        try:
            followed = self._start(live_message, messages, by="")
        except RebuildRunningError:
            return
        await self._follow(followed, silent=True)

    def mend(self) -> None:
        """Build beside an earlier version that had to stand in for a damaged one."""
        self._mending = asyncio.ensure_future(self.rebuild_unasked(NullLiveMessage(), messages_in("en")))

    async def close(self) -> None:
        """End the build that nobody waits for."""
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.wait([self._mending])

    async def roll_back(self, version: str | None) -> str:
        """Answer from the version before, or the named one, and give its name. Raise BotError."""
        self.check_free()
        before = self._answers.version
        versions = await asyncio.to_thread(index.read_versions, self._store)
        if version is not None and version not in versions:
            raise UnknownVersionError
        if version is None and not any(before is not None and name < before for name in versions):
            raise NoEarlierVersionError
        try:
            await asyncio.to_thread(index.rollback, self._store, version)
            chosen = await self._answers.reload()
        except StoreBusyError as error:
            raise RebuildRunningError from error
        except StoreError as error:
            log.warning("rollback: %s", error)
            raise RollbackFailedError from error
        except UnavailableError as error:
            await self._undo(before)
            raise RollbackFailedError from error
        await asyncio.to_thread(_touch, self._paused)
        log.info("rollback: from version %s to %s", before, chosen)
        return chosen

    async def _undo(self, before: str | None) -> None:
        """Make the version that still answers current again, after another could not be opened."""
        try:
            await asyncio.to_thread(index.rollback, self._store, before)
        except StoreError as error:
            log.warning("rollback: %s", error)

    def _start(self, live_message: LiveMessage, messages: Messages, *, by: str) -> _Followed:
        heard: list[BuildProgress] = []
        return _Followed(self._rebuilds.start(heard.append, by=by), live_message, messages, heard)

    async def _follow(self, followed: _Followed, *, silent: bool) -> None:
        """Show how far a build is, then what came of it."""
        live_message, messages = followed.live_message, followed.messages
        finished = asyncio.ensure_future(self._finish(followed.build))
        try:
            if not silent:
                await followed.show_progress()
            while not (await asyncio.wait([finished], timeout=_EDIT_SECONDS))[0]:
                silent = False
                await followed.show_progress()
            done = finished.result()
            _log(done)
            if done.built or not silent:
                await live_message.show(notice(rebuilt_text(done, messages)))
        except BotError as error:
            log_error(error, where="rebuild")
            await live_message.show(notice(explain(error, messages)))
        finally:
            finished.cancel()

    async def _finish(self, build: Build) -> BuildReport:
        """Wait for a build and switch to what it made; RebuildTooLateError when it had made it as it was ended."""
        try:
            done = await self._rebuilds.finish(build)
        except (RebuildCancelledError, RebuildFailedError) as error:
            adopted = await self._adopt()
            if adopted is None:
                raise
            raise RebuildTooLateError(adopted) from error
        if done.built or done.version != self._answers.version:
            await self._answers.reload()
        return done

    async def _adopt(self) -> str | None:
        """Answer from the store's current version, if another: a build may have switched when it was ended."""
        try:
            current = (await asyncio.to_thread(index.read_info, self._store)).version
        except StoreError:
            return None
        return await self._answers.reload() if current != self._answers.version else None


def _log(done: BuildReport) -> None:
    outcome = "built" if done.built else "unchanged"
    log.info("rebuild: version %s %s, %d passages, %.1f s", done.version, outcome, done.passages, done.seconds)


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
