"""Questions on their way to the worker, and which of them go together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from index import Answer, ChronicleError, Query

# One forward pass over 16 short questions stays under a second on one thread.
_BATCH = 16


@dataclass(slots=True, eq=False)
class Job:
    """A question on its way; `alone` once a worker died with it, so that it takes no other along."""

    query: Query
    document: str | None
    result: asyncio.Future[Answer]
    alone: bool = False
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    def arm(self, seconds: float, expire: Callable[[Job], None]) -> None:
        """Call `expire` with this job in `seconds`."""
        self.timer = asyncio.get_running_loop().call_later(seconds, expire, self)

    def disarm(self) -> None:
        """Stop the clock."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def finish(self, result: Answer | ChronicleError) -> None:
        """Hand the asker the worker's result."""
        if isinstance(result, ChronicleError):
            self.fail(result)
        elif not self.result.done():
            self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        """Hand the asker an error instead."""
        if not self.result.done():
            self.result.set_exception(error)
            self.result.exception()  # seen: the asker may have gone


def take_batch(waiting: deque[Job]) -> list[Job]:
    """Take the first job out of `waiting`, with those that can share its forward pass."""
    first = waiting.popleft()
    if first.alone:
        return [first]
    fitting = [job for job in waiting if job.document == first.document and not job.alone]
    batch = [first, *fitting[: _BATCH - 1]]
    for job in batch[1:]:
        waiting.remove(job)
    return batch
