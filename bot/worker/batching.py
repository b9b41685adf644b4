"""Questions that wait for the worker, and which of them share a forward pass."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from index import Answer, ChronicleError, Query

# One forward pass over 16 short questions stays under a second on one thread.
_BATCH_SIZE = 16


@dataclass(slots=True, eq=False)
class PendingQuery:
    """A query without a result yet; `alone` after a worker died on it, so that no other shares its batch."""

    query: Query
    document: str | None
    result: asyncio.Future[Answer]
    alone: bool = False
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    def start_timer(self, seconds: float, on_timeout: Callable[[PendingQuery], None]) -> None:
        """Call `on_timeout` with this query in `seconds`."""
        self.timer = asyncio.get_running_loop().call_later(seconds, on_timeout, self)

    def stop_timer(self) -> None:
        """Cancel the time limit."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def finish(self, result: Answer | ChronicleError) -> None:
        """Set the worker's result."""
        if isinstance(result, ChronicleError):
            self.fail(result)
        elif not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        """Set `error` as the result."""
        if not self.result.done():
            self.result.set_exception(error)
            self.result.exception()  # mark it as retrieved: the asker may have gone


def take_batch(waiting: deque[PendingQuery]) -> list[PendingQuery]:
    """Remove the first query from `waiting` and return it with those that can share its forward pass."""
    first = waiting.popleft()
    if first.alone:
        return [first]
    matching = [pending for pending in waiting if pending.document == first.document and not pending.alone]
    batch = [first, *matching[: _BATCH_SIZE - 1]]
    for pending in batch[1:]:
        waiting.remove(pending)
    return batch
