"""Questions that wait for the worker, and which of them share a forward pass."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.errors import AnswerTimeoutError
from bot.worker.clock import Clock
from index import Answer, ChronicleError, Query

# One forward pass over 16 short questions stays under a second on one thread, and so do 1,600 code points: what is
# asked for at once must not make a worker that goes on look stuck.
_BATCH_SIZE = 16
_BATCH_CHARACTERS = 1600


@dataclass(slots=True, eq=False)
class PendingQuery:
    """A query without a result yet; `alone` after a worker died on it, so that no other shares its batch."""

    query: Query
    document: str | None
    result: asyncio.Future[Answer]
    alone: bool = False
    clock: Clock = field(default_factory=Clock, repr=False)

    @property
    def characters(self) -> int:
        """How many code points are encoded for it."""
        return len(self.query.text) + len(self.query.previous or "")

    def limit_wait(self, seconds: float) -> None:
        """Fail with AnswerTimeoutError if the worker has not taken the query in `seconds`."""
        self.clock.start(seconds, lambda: self.fail(AnswerTimeoutError()))

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
    batch, characters = [first], first.characters
    for pending in [each for each in waiting if each.document == first.document and not each.alone]:
        characters += pending.characters
        if len(batch) == _BATCH_SIZE or characters > _BATCH_CHARACTERS:
            break
        batch.append(pending)
        waiting.remove(pending)
    return batch
