"""The worker as the event loop sees it: one queue with limits, batches, time limits, retries, hot swap."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import AnswerTimeoutError, BusyError, ClosingError, LostError, UnavailableError
from bot.worker import main as worker
from bot.worker.batching import PendingQuery, take_batch
from bot.worker.clock import Clock
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import AskBatch, BatchAnswered, Failed, Ready
from bot.worker.reloads import Reloads
from bot.worker.supervisor import Supervisor, WorkerEvents, WorkerState
from index import Answer, Query, Settings

log = logging.getLogger(__name__)

# Retrieved per question: three are shown, the others by the button 'More quotes'.
TOP = 10
# The longest wait for the worker to take a question: an interaction's token is valid for 900 s. A full queue of long
# questions, or a first start, takes a while and is nothing to be cured.
_WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How many questions may wait, and how many seconds the worker may take for a batch of them."""

    queue: int
    seconds: float


class AnswerClient:
    """Sends questions to the worker process; every method must be called on the event loop."""

    def __init__(
        self, settings: Settings, limits: Limits, *, spawn: Spawn = spawn_process, target: Target = worker.run
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._spawn = spawn
        self._target = target
        self._worker = Supervisor(
            self._launch, WorkerEvents(self._on_message, self._on_exit, self._on_broken_starts)
        )
        self._reloads = Reloads(self._worker.send)
        self._waiting: deque[PendingQuery] = deque()
        self._in_flight: Sequence[PendingQuery] = ()
        self._batch_clock = Clock()
        self._version: str | None = None
        self._starts = 0
        self._version_listeners: list[Callable[[], None]] = []
        self._fallback_listeners: list[Callable[[], None]] = []
        self._broken_start_listeners: list[Callable[[], None]] = []

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self._worker.state is WorkerState.READY

    @property
    def version(self) -> str | None:
        """The version that answers, or the last that did."""
        return self._version

    @property
    def queue_length(self) -> int:
        """How many questions wait or are being searched."""
        return len(self._waiting) + len(self._in_flight)

    @property
    def starts(self) -> int:
        """How often the worker was started."""
        return self._starts

    @property
    def since(self) -> datetime | None:
        """The moment since which this worker has been answering."""
        return self._worker.since if self.ready else None

    def add_version_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever another version answers than before."""
        self._version_listeners.append(listener)

    def add_fallback_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a worker answers from a fallback version, so that a build is due."""
        self._fallback_listeners.append(listener)

    def add_broken_start_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each start that ended without a reason, from the third in a row."""
        self._broken_start_listeners.append(listener)

    async def wait_until_ready(self) -> None:
        """Wait for the worker's start. Raises UnavailableError if it fails."""
        await self._worker.settled.wait()
        if not self.ready:
            raise UnavailableError

    def start(self) -> None:
        """Start the worker without waiting for it."""
        self._worker.start()

    def check_room(self) -> None:
        """Raise ClosingError, UnavailableError or BusyError if a question cannot be taken now."""
        self._check_alive()
        if self.queue_length >= self._limits.queue:
            raise BusyError

    async def ask(self, query: Query, *, document: str | None = None) -> Answer:
        """Return the answer to `query`. Raises BotError, or the library's error for this query."""
        self.check_room()
        pending = PendingQuery(query, document, asyncio.get_running_loop().create_future())
        pending.limit_wait(_WAIT_SECONDS)
        self._waiting.append(pending)
        self._send_next()
        try:
            return await pending.result
        finally:
            pending.clock.stop()
            if pending in self._waiting:
                self._waiting.remove(pending)

    async def reload(self) -> str:
        """Switch to the store's current version between two batches and return its name.

        The present version answers while the other is opened; during a start it is opened after that. Raises
        ClosingError, UnavailableError.
        """
        self._check_alive()
        await self._reloads.wait_idle()
        self._check_alive()
        result = self._reloads.request()
        self._send_next()
        return await asyncio.shield(result)

    def restart(self) -> None:
        """Start the worker anew at once, with the store's current version."""
        self._worker.restart()

    async def open_current(self) -> str:
        """Answer from the store's current version and return its name, also where no worker could be started.

        Raises ClosingError, UnavailableError.
        """
        if self.ready:
            return await self.reload()
        if self._worker.state is WorkerState.CLOSING:
            raise ClosingError
        self._worker.restart()
        await self.wait_until_ready()
        return self._version or ""

    async def close(self, *, grace: float) -> None:
        """Refuse new questions, finish those in flight within `grace` seconds, and end the worker.

        A worker that is not ready has nothing in flight and is ended at once.
        """
        was_ready = self.ready
        self._worker.begin_closing()
        results = [pending.result for pending in (*self._in_flight, *self._waiting)]
        if results and was_ready:
            await asyncio.wait(results, timeout=grace)
        for pending in (*self._in_flight, *self._waiting):
            pending.fail(ClosingError())
        self._reloads.fail()
        await self._worker.close(gently=was_ready)

    def _launch(self, listener: Listener) -> Child:
        self._starts += 1
        return self._spawn(self._target, self._settings, listener)

    def _check_alive(self) -> None:
        if self._worker.state is WorkerState.CLOSING:
            raise ClosingError
        if self._worker.state is WorkerState.DOWN:
            raise UnavailableError

    def _on_message(self, message: object) -> None:
        match message:
            case Ready():
                self._on_version(message.version)
                self._reloads.settle(message.reload, message.version)
                if message.is_fallback:
                    _call(self._fallback_listeners)
            case BatchAnswered():
                self._worker.note_success()
                for pending, result in zip(self._take_in_flight(), message.results, strict=True):
                    pending.finish(result)
            case Failed():
                log.error("worker: %s", message.message)
                self._reloads.fail(message.reload)
        self._send_next()

    def _on_version(self, version: str) -> None:
        is_new, self._version = version != self._version, version
        if is_new:
            log.info("answering from version %s", version)
            _call(self._version_listeners)

    def _on_broken_starts(self) -> None:
        _call(self._broken_start_listeners)

    def _send_next(self) -> None:
        """Send the worker a reload or the next batch, when it is free."""
        if self._worker.state not in (WorkerState.READY, WorkerState.CLOSING):
            return
        self._reloads.send_requested()
        if self._waiting and not self._in_flight:
            batch = self._in_flight = take_batch(self._waiting)
            for pending in batch:
                pending.clock.stop()
            self._batch_clock.start(self._limits.seconds, self._on_stuck)
            queries = tuple(pending.query for pending in batch)
            self._worker.send(AskBatch(queries, top=TOP, document=batch[0].document))

    def _take_in_flight(self) -> Sequence[PendingQuery]:
        """Return the queries in flight and stop their clock: the worker has done with them."""
        self._batch_clock.stop()
        in_flight, self._in_flight = self._in_flight, ()
        return in_flight

    def _on_stuck(self) -> None:
        """End a worker that takes too long; of several queries it is not known which: each is tried once more."""
        log.warning("worker: no answer for %.0f s, restarting it", self._limits.seconds)
        if len(self._in_flight) == 1:
            self._in_flight[0].fail(AnswerTimeoutError())
        self._worker.kill()

    def _on_exit(self) -> None:
        """Try the queries that were in flight once more, each alone; refuse all if no start is under way."""
        for pending in reversed(self._take_in_flight()):
            self._retry(pending)
        self._reloads.fail()
        if self._worker.state is WorkerState.STARTING:
            return
        error = ClosingError if self._worker.state is WorkerState.CLOSING else UnavailableError
        for pending in self._waiting:
            pending.fail(error())

    def _retry(self, pending: PendingQuery) -> None:
        if pending.alone:
            pending.fail(LostError())
        elif not pending.result.done():
            pending.alone = True
            pending.limit_wait(_WAIT_SECONDS)
            self._waiting.appendleft(pending)


def _call(listeners: Sequence[Callable[[], None]]) -> None:
    for listener in listeners:
        listener()
