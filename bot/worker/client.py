"""The worker as the event loop sees it: one queue with limits, batches, time limits, restarts, hot swap."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from bot.errors import AnswerTimeoutError, BusyError, ClosingError, LostError, UnavailableError
from bot.worker import main as worker
from bot.worker.batching import PendingQuery, take_batch
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import AskBatch, BatchAnswered, Failed, Ready, Reload
from index import Answer, Query, Settings

log = logging.getLogger(__name__)

# Retrieved per question: three are shown, the others by the button 'More quotes'.
TOP = 10
# The first start may unpack the model and build the index; an interaction's token is valid for 900 s.
_START_SECONDS = 600.0
_RESTART_SECONDS = (0.0, 1.0, 2.0, 5.0, 15.0, 60.0)
_EXIT_SECONDS = 3.0


class WorkerState(Enum):
    """What the worker does."""

    STARTING = auto()
    READY = auto()
    DOWN = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many questions may wait, and how many seconds one may take."""

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
        self._state = WorkerState.DOWN
        self._child: Child | None = None
        self._waiting: deque[PendingQuery] = deque()
        self._in_flight: Sequence[PendingQuery] = ()
        self._reload: asyncio.Future[str] | None = None
        self._reload_sent = False
        self._failures = 0
        self._start_timer: asyncio.TimerHandle | None = None
        self._exited: asyncio.Future[None] | None = None
        self._version: str | None = None
        self._since: datetime | None = None
        self._start_settled = asyncio.Event()
        self._version_listeners: list[Callable[[], None]] = []
        self._fallback_listeners: list[Callable[[], None]] = []

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self._state is WorkerState.READY

    @property
    def version(self) -> str | None:
        """The version that answers, or the last that did."""
        return self._version

    @property
    def since(self) -> datetime | None:
        """The moment since which this worker has been answering."""
        return self._since if self.ready else None

    def add_version_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever another version answers than before."""
        self._version_listeners.append(listener)

    def add_fallback_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a worker answers from a fallback version, so that a build is due."""
        self._fallback_listeners.append(listener)

    async def wait_until_ready(self) -> None:
        """Wait for the worker's start. Raises UnavailableError if it fails."""
        await self._start_settled.wait()
        if not self.ready:
            raise UnavailableError

    def start(self) -> None:
        """Start the worker without waiting for it."""
        self._state = WorkerState.STARTING
        loop = asyncio.get_running_loop()
        self._exited = loop.create_future()
        self._child = self._spawn(self._target, self._settings, Listener(self._on_message, self._on_exit))
        self._start_timer = loop.call_later(_START_SECONDS, self._child.kill)

    def check_room(self) -> None:
        """Raise ClosingError, UnavailableError or BusyError if a question cannot be taken now."""
        self._check_alive()
        if len(self._waiting) + len(self._in_flight) >= self._limits.queue:
            raise BusyError

    async def ask(self, query: Query, *, document: str | None = None) -> Answer:
        """Return the answer to `query`. Raises BotError, or the library's error for this query."""
        self.check_room()
        pending = PendingQuery(query, document, asyncio.get_running_loop().create_future())
        self._waiting.append(pending)
        if self.ready:
            pending.start_timer(self._limits.seconds, self._on_timeout)
        self._send_next()
        try:
            return await pending.result
        finally:
            pending.stop_timer()
            if pending in self._waiting:
                self._waiting.remove(pending)

    async def reload(self) -> str:
        """Switch to the store's current version between two batches and return its name.

        The present version answers while the other is opened. Raises ClosingError, UnavailableError.
        """
        self._check_alive()
        while self._reload is not None and self._reload_sent:  # it may open the version that was current before
            await asyncio.wait([self._reload])
        if self._reload is None:
            self._reload = asyncio.get_running_loop().create_future()
        self._send_next()
        return await asyncio.shield(self._reload)

    async def close(self, *, grace: float) -> None:
        """Refuse new questions, finish those in flight within `grace` seconds, and end the worker.

        A worker that is not ready has nothing in flight and is ended at once.
        """
        was_ready = self.ready
        self._state = WorkerState.CLOSING
        results = [pending.result for pending in (*self._in_flight, *self._waiting)]
        if results and was_ready:
            await asyncio.wait(results, timeout=grace)
        for pending in (*self._in_flight, *self._waiting):
            pending.fail(ClosingError())
        if self._child is not None and self._exited is not None:
            child = self._child
            child.send(None)
            if was_ready:
                await asyncio.wait([self._exited], timeout=_EXIT_SECONDS)
            child.kill()

    def _check_alive(self) -> None:
        if self._state is WorkerState.CLOSING:
            raise ClosingError
        if self._state is WorkerState.DOWN:
            raise UnavailableError

    def _on_message(self, message: object) -> None:
        match message:
            case Ready():
                self._on_ready(message.version)
                if message.is_fallback:
                    for listener in self._fallback_listeners:
                        listener()
            case BatchAnswered():
                self._failures = 0
                in_flight, self._in_flight = self._in_flight, ()
                for pending, result in zip(in_flight, message.results, strict=True):
                    pending.finish(result)
            case Failed():
                log.error("worker: %s", message.message)
                self._fail_reload()
        self._send_next()

    def _on_ready(self, version: str) -> None:
        if self._state is WorkerState.STARTING:
            self._state = WorkerState.READY
            self._since = datetime.now(UTC)
            self._start_settled.set()
            self._stop_start_timer()
            for pending in self._waiting:
                pending.start_timer(self._limits.seconds, self._on_timeout)
        is_new, self._version = version != self._version, version
        self._reload_sent = False
        if self._reload is not None and not self._reload.done():
            self._reload.set_result(version)
        self._reload = None
        if is_new:
            log.info("answering from version %s", version)
            for listener in self._version_listeners:
                listener()

    def _fail_reload(self) -> None:
        self._reload_sent = False
        if self._reload is not None and not self._reload.done():
            self._reload.set_exception(UnavailableError())
            self._reload.exception()  # mark it as retrieved: nobody may be waiting any more
        self._reload = None

    def _send_next(self) -> None:
        """Send the worker a reload or the next batch, when it is free."""
        if self._child is None or self._state not in (WorkerState.READY, WorkerState.CLOSING):
            return
        if self._reload is not None and not self._reload_sent:
            self._reload_sent = True
            self._child.send(Reload())
        if self._waiting and not self._in_flight:
            batch = take_batch(self._waiting)
            self._in_flight = batch
            queries = tuple(pending.query for pending in batch)
            self._child.send(AskBatch(queries, top=TOP, document=batch[0].document))

    def _on_timeout(self, pending: PendingQuery) -> None:
        pending.fail(AnswerTimeoutError())
        if pending in self._in_flight and self._child is not None:
            log.warning("worker: no answer for %.0f s, restarting it", self._limits.seconds)
            self._child.kill()

    def _on_exit(self) -> None:
        """Restart the worker after its death; queries that were in flight are tried once more, each alone."""
        was_ready = self._state is WorkerState.READY
        self._stop_start_timer()
        if self._exited is not None and not self._exited.done():
            self._exited.set_result(None)
        in_flight, self._in_flight, self._child = self._in_flight, (), None
        self._fail_reload()
        for pending in (*in_flight, *self._waiting):
            pending.stop_timer()
        for pending in reversed(in_flight):
            self._retry(pending)
        if self._state is WorkerState.CLOSING:
            for pending in self._waiting:
                pending.fail(ClosingError())
            return
        if not was_ready:
            self._start_settled.set()
            for pending in self._waiting:
                pending.fail(UnavailableError())
        self._schedule_restart(was_ready=was_ready)

    def _retry(self, pending: PendingQuery) -> None:
        if pending.alone:
            pending.fail(LostError())
        elif not pending.result.done():
            pending.alone = True
            self._waiting.appendleft(pending)

    def _schedule_restart(self, *, was_ready: bool) -> None:
        delay = _RESTART_SECONDS[min(self._failures, len(_RESTART_SECONDS) - 1)]
        if not was_ready:
            delay = max(delay, 1.0)
        self._failures += 1
        self._state = WorkerState.STARTING if was_ready else WorkerState.DOWN
        log.warning("worker: it ended, starting it again in %.0f s", delay)
        asyncio.get_running_loop().call_later(delay, self._restart)

    def _restart(self) -> None:
        if self._state is not WorkerState.CLOSING:
            self.start()

    def _stop_start_timer(self) -> None:
        if self._start_timer is not None:
            self._start_timer.cancel()
            self._start_timer = None
