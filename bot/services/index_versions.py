"""Changing the version that answers: builds that are reported live, and rollbacks."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

import index
from bot.data_folder import touch_private
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
from index import BuildReport, SkippedKind, StoreBusyError, StoreError

log = logging.getLogger(__name__)

# An edit every two seconds stays far below Discord's rate limit.
_EDIT_SECONDS = 2.0
# Marks that a rollback pauses automatic builds.
_PAUSED = "watch.paused"


@dataclass(slots=True)
class _ReportedBuild:
    """A build, the live message that shows it, and the progress so far."""

    build: Build
    live_message: LiveMessage
    messages: Messages
    progress: list[BuildProgress]
    started: float = field(default_factory=time.monotonic)

    async def show_progress(self) -> None:
        latest = self.progress[-1] if self.progress else None
        seconds = time.monotonic() - self.started
        layout = progress_layout(latest, seconds=seconds, build=self.build.number, messages=self.messages)
        await self.live_message.show(layout)


class IndexVersions:
    """Changes the version that answers; a failure changes nothing."""

    def __init__(self, builds: BuildRunner, answers: AnswerClient, *, store: Path, data: Path) -> None:
        self._builds = builds
        self._answers = answers
        self._store = store
        self._paused = data / _PAUSED
        self._repair: asyncio.Task[None] | None = None
        answers.add_fallback_listener(self._start_repair)

    @property
    def paused(self) -> bool:
        """Whether a rollback pauses automatic builds; persists over a restart."""
        return self._paused.exists()

    def check_free(self) -> None:
        """Raise RebuildRunningError while a build runs."""
        self._builds.check_free()

    def cancel(self, number: int, *, by: str) -> None:
        """End the build of that number; the store stays as it is. Raises RebuildOverError."""
        self._builds.cancel(number, by=by)

    async def rebuild(self, live_message: LiveMessage, messages: Messages, *, by: str) -> None:
        """Build for the person `by` and report on `live_message`, also a failure. Raises RebuildRunningError."""
        reported = self._start(live_message, messages, by=by)
        await asyncio.to_thread(self._paused.unlink, missing_ok=True)
        await self._report(reported, silent=False)

    async def rebuild_automatically(self, live_message: LiveMessage, messages: Messages) -> None:
        """Build without being asked; reported only if it takes long, changes something or fails."""
        try:
            reported = self._start(live_message, messages, by="")
        except RebuildRunningError:
            return
        await self._report(reported, silent=True)

    async def close(self) -> None:
        """End the build that repairs the store, if one runs."""
        if self._repair is not None:
            self._repair.cancel()
            await asyncio.wait([self._repair])

    async def roll_back(self, version: str | None) -> str:
        """Switch to the version before, or to `version`, and return its name. Raises BotError."""
        self.check_free()
        before = self._answers.version
        versions = await asyncio.to_thread(index.Store(self._store).versions)
        if version is not None and version not in versions:
            raise UnknownVersionError
        if version is None and not any(before is not None and name < before for name in versions):
            raise NoEarlierVersionError
        try:
            await asyncio.to_thread(index.Store(self._store).rollback, version)
            chosen = await self._answers.reload()
        except StoreBusyError as error:
            raise RebuildRunningError from error
        except StoreError as error:
            log.warning("rollback: %s", error)
            raise RollbackFailedError from error
        except UnavailableError as error:
            await self._undo_rollback(before)
            raise RollbackFailedError from error
        await asyncio.to_thread(touch_private, self._paused)
        log.info("rollback: from version %s to %s", before, chosen)
        return chosen

    def _start_repair(self) -> None:
        """Build beside a fallback version, which replaces a damaged one."""
        self._repair = asyncio.ensure_future(self.rebuild_automatically(NullLiveMessage(), messages_in("en")))

    async def _undo_rollback(self, before: str | None) -> None:
        """Make the version that still answers current again, after another could not be opened."""
        try:
            await asyncio.to_thread(index.Store(self._store).rollback, before)
        except StoreError as error:
            log.warning("rollback: %s", error)

    def _start(self, live_message: LiveMessage, messages: Messages, *, by: str) -> _ReportedBuild:
        progress: list[BuildProgress] = []
        return _ReportedBuild(self._builds.start(progress.append, by=by), live_message, messages, progress)

    async def _report(self, reported: _ReportedBuild, *, silent: bool) -> None:
        """Show the progress of a build, then its result."""
        live_message, messages = reported.live_message, reported.messages
        finished = asyncio.ensure_future(self._finish(reported.build))
        try:
            if not silent:
                await reported.show_progress()
            while not (await asyncio.wait([finished], timeout=_EDIT_SECONDS))[0]:
                silent = False
                await reported.show_progress()
            report = finished.result()
            _log(report)
            if report.built or not silent:
                await live_message.show(notice(rebuilt_text(report, messages)))
        except BotError as error:
            log_error(error, where="rebuild")
            await live_message.show(notice(explain(error, messages)))
        finally:
            finished.cancel()

    async def _finish(self, build: Build) -> BuildReport:
        """Wait for `build` and switch to its version. Raises RebuildTooLateError if it ended after the switch."""
        try:
            report = await self._builds.finish(build)
        except (RebuildCancelledError, RebuildFailedError) as error:
            adopted = await self._adopt_current()
            if adopted is None:
                raise
            raise RebuildTooLateError(adopted) from error
        if report.built or report.version != self._answers.version:
            await self._answers.reload()
        return report

    async def _adopt_current(self) -> str | None:
        """Switch to the store's current version if a build that was ended had switched already; return its name."""
        try:
            current = (await asyncio.to_thread(index.Store(self._store).info)).version
        except StoreError:
            return None
        return await self._answers.reload() if current != self._answers.version else None


def _log(report: BuildReport) -> None:
    outcome = "built" if report.built else "unchanged"
    log.info(
        "rebuild: version %s %s, %d passages, %.1f s", report.version, outcome, report.passages, report.seconds
    )
    for note in report.skipped:
        if note.kind is not SkippedKind.OTHER_FILE:
            log.warning("rebuild: %s: %s", note.name, note.reason)
