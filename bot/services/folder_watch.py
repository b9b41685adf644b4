"""Watching the documents folder: changes start a build, and those during a build start one more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

# Changes at most two seconds apart count as one, for half a minute at most.
_STEP_MS = 2_000
_LONGEST_MS = 30_000


def changes_in(folder: Path) -> AsyncIterator[object]:
    """Yield after changes below `folder`, debounced; watchfiles waits for them in a thread of its own."""
    from watchfiles import awatch

    return awatch(folder, step=_STEP_MS, debounce=_LONGEST_MS)


class FolderWatch:
    """Calls `rebuild` after changes, never twice at once."""

    def __init__(self, changes: AsyncIterator[object], rebuild: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._changes = changes
        self._rebuild = rebuild
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Future[None]] = []

    def start(self) -> None:
        """Watch until `close`."""
        self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._build())]

    async def close(self) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _listen(self) -> None:
        try:
            async for _ in self._changes:
                self._changed.set()
        except OSError as error:
            log.warning("watch: the documents folder cannot be watched: %s", error)

    async def _build(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            build = asyncio.ensure_future(self._rebuild())
            try:
                await asyncio.wait([build])
            finally:
                if not build.done():
                    build.cancel()
                    await asyncio.wait([build])
            error = build.exception()
            if error is not None:
                log.error("watch: a build failed, watching goes on", exc_info=error)
