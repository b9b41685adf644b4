"""Watching the documents folder: changes start a build, and those during a build start one more."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Coroutine, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

log = logging.getLogger(__name__)

# Changes at most two seconds apart count as one, for half a minute at most.
_STEP_MS = 2_000
_LONGEST_MS = 30_000
# How often it is checked whether the folder is still the one that is watched.
_CHECK_MS = 5_000
# After which a folder that cannot be watched is tried again, and a build that failed: twice as long after each failure.
_RETRY_SECONDS = 30.0
_LONGEST_RETRY_SECONDS = 900.0
_MOST_DOUBLINGS = 5

Changes: TypeAlias = Callable[[], AsyncIterator[object]]


async def changes_in(folder: Path) -> AsyncGenerator[object, None]:
    """Yield after changes below `folder`, debounced, and after another folder has taken its place.

    watchfiles waits for them in a thread of its own; it watches a folder, wherever that is moved, and not its name.
    """
    is_refused = False
    while True:
        with _held(folder) as identity:
            try:
                async with aclosing(_watch(folder)) as watch:
                    async for changes in watch:
                        is_refused = False
                        if changes:
                            yield changes
                        if _identity(folder) != identity:
                            break
            except (OSError, RuntimeError) as error:  # of the system, and of watchfiles for what the system says
                if not is_refused:
                    log.warning("watch: the documents folder cannot be watched: %s; tried again", error)
                is_refused = True
                await asyncio.sleep(_RETRY_SECONDS)
            if _identity(folder) not in (None, identity):
                yield folder


def _watch(folder: Path) -> AsyncGenerator[Collection[object], None]:
    """Return an iterator over sets of changes, an empty one now and then."""
    from watchfiles import awatch

    return awatch(folder, step=_STEP_MS, debounce=_LONGEST_MS, rust_timeout=_CHECK_MS, yield_on_timeout=True)


@contextmanager
def _held(folder: Path) -> Iterator[tuple[int, int] | None]:
    """Yield the identity of `folder`, and keep the system from giving it to another one: after `rm` it often does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield _identity(folder)
    finally:
        os.close(descriptor)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells the folder of that name from others; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


class FolderWatch:
    """Calls `rebuild` after changes, never twice at once, and again later where it returns False."""

    def __init__(self, changes: Changes, rebuild: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        self._changes = changes
        self._rebuild = rebuild
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Future[None]] = []

    def start(self) -> None:
        """Watch until `close`."""
        self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._build())]

    def check(self) -> None:
        """Build what has changed while nobody watched."""
        self._changed.set()

    async def close(self) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _listen(self) -> None:
        while True:
            listening = asyncio.ensure_future(self._pass_on())
            error = await _outcome(listening)
            log.error("watch: it ended, and begins again in %.0f s", _RETRY_SECONDS, exc_info=error)
            await asyncio.sleep(_RETRY_SECONDS)
            self._changed.set()

    async def _pass_on(self) -> None:
        async for _ in self._changes():
            self._changed.set()

    async def _build(self) -> None:
        failures = 0
        while True:
            await self._changed.wait()
            self._changed.clear()
            build = asyncio.ensure_future(self._rebuild())
            error = await _outcome(build)
            if error is not None:
                log.error("watch: a build failed, watching goes on", exc_info=error)
            if error is None and build.result():
                failures = 0
                continue
            delay = min(_RETRY_SECONDS * 2**failures, _LONGEST_RETRY_SECONDS)
            failures = min(failures + 1, _MOST_DOUBLINGS)
            asyncio.get_running_loop().call_later(delay, self._changed.set)


async def _outcome(task: asyncio.Future[Any]) -> BaseException | None:
    """Wait for `task` and return what it raised, if anything; end it if whoever waits is ended."""
    try:
        await asyncio.wait([task])
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
    return task.exception()
