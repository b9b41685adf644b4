"""A running build as people see it: its progress, then its result. Whatever happens to that, the build goes on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.discord_io.error_reply import explain, log_error
from bot.discord_io.live_message import LiveMessage
from bot.errors import BotError
from bot.locales import Messages
from bot.rendering.layout import notice
from bot.rendering.status import progress_layout, rebuilt_text
from bot.types import BuildProgress
from bot.worker.build_process import Build
from index import BuildReport, SkippedKind

log = logging.getLogger(__name__)

# An edit every two seconds stays far below Discord's rate limit.
_EDIT_SECONDS = 2.0
# How long the result may take to be shown, once the build is over.
_LAST_EDIT_SECONDS = 60.0


@dataclass(slots=True)
class ReportedBuild:
    """A build, the live message that shows it, and the progress so far.

    silent: reported only if it takes long, changes something or fails. is_retry: a failure was reported before, and is
    not again. label: how people read a version's name.
    """

    build: Build
    live_message: LiveMessage
    messages: Messages
    progress: list[BuildProgress]
    silent: bool
    is_retry: bool
    label: Callable[[str], Awaitable[str]]
    started: float = field(default_factory=time.monotonic)

    async def show_until(self, finished: asyncio.Future[BuildReport]) -> BuildReport:
        """Show the progress until `finished` has the result, then that, and return it. Raises what `finished` does.

        Nothing that befalls the display ends the build or hides its result.
        """
        display = asyncio.ensure_future(self._display(finished))
        try:
            await asyncio.wait([finished])
            _log_result(finished)
            await asyncio.wait([display], timeout=_LAST_EDIT_SECONDS)
        finally:
            finished.cancel()
            display.cancel()
        if display.done() and not display.cancelled() and (error := display.exception()) is not None:
            log_error(error, where="the report of a rebuild")
        return finished.result()

    async def _display(self, finished: asyncio.Future[BuildReport]) -> None:
        if not self.silent:
            await self._show_progress()
        while not (await asyncio.wait([finished], timeout=_EDIT_SECONDS))[0]:
            self.silent = False
            await self._show_progress()
        error = finished.exception()
        if isinstance(error, BotError) and not self.is_retry:
            await self.live_message.show(notice(explain(error, self.messages)))
        elif error is None and (finished.result().built or not self.silent):
            report = finished.result()
            label = await self.label(report.version)
            await self.live_message.show(notice(rebuilt_text(replace(report, version=label), self.messages)))

    async def _show_progress(self) -> None:
        latest = self.progress[-1] if self.progress else None
        seconds = time.monotonic() - self.started
        layout = progress_layout(latest, seconds=seconds, build=self.build.number, messages=self.messages)
        await self.live_message.show(layout)


def _log_result(finished: asyncio.Future[BuildReport]) -> None:
    error = finished.exception()
    if isinstance(error, BotError):
        log_error(error, where="rebuild")
    if error is not None:
        return
    report = finished.result()
    outcome = "built" if report.built else "unchanged"
    log.info(
        "rebuild: version %s %s, %d passages, %.1f s", report.version, outcome, report.passages, report.seconds
    )
    for note in report.skipped:
        if note.kind is not SkippedKind.OTHER_FILE:
            log.warning("rebuild: %s: %s", note.name, note.reason)
