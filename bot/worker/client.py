"""The async doorway to the worker: one queue, one limit, batches, timeouts that end, restarts."""

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
from bot.worker.jobs import Job, take_batch
from bot.worker.process import Child, Listener, Spawn, Target, spawn_process
from bot.worker.protocol import Answered, Ask, Failed, Ready, Reload, Setup
from index import Answer, Language, Query

log = logging.getLogger(__name__)

# Retrieved for a question: three are shown, the others wait behind 'more quotes'.
TOP = 10
# The first start may unpack the model and build the index; an interaction's token lives 900 s.
_START_SECONDS = 600.0
_RESTART_SECONDS = (0.0, 1.0, 2.0, 5.0, 15.0, 60.0)
_FAREWELL_SECONDS = 3.0


class Phase(Enum):
    """Where the worker is."""

    STARTING = auto()
    READY = auto()
    DOWN = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many questions may wait, and how long one may take."""

    queue: int
    seconds: float


class AnswerClient:
    """Asks the worker process; every method belongs to the event loop."""

    def __init__(
        self, setup: Setup, limits: Limits, *, spawn: Spawn = spawn_process, target: Target = worker.run
    ) -> None:
        # Called when an earlier version had to stand in for a damaged one.
        self.mend: Callable[[], None] = lambda: None
        self._setup = setup
        self._limits = limits
        self._spawn = spawn
        self._target = target
        self._phase = Phase.DOWN
        self._child: Child | None = None
        self._waiting: deque[Job] = deque()
        self._flying: Sequence[Job] = ()
        self._reload: asyncio.Future[str] | None = None
        self._reloading = False
        self._failures = 0
        self._watchdog: asyncio.TimerHandle | None = None
        self._gone: asyncio.Future[None] | None = None
        self._version: str | None = None
        self._since: datetime | None = None
        self._settled = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Tell whether a question would be answered at once."""
        return self._phase is Phase.READY

    @property
    def version(self) -> str | None:
        """Give the version that answers, or the last that did."""
        return self._version

    @property
    def since(self) -> datetime | None:
        """Give the moment from which this worker has been answering."""
        return self._since if self.ready else None

    async def wait_until_ready(self) -> None:
        """Wait for the worker's start; raise UnavailableError when it fails."""
        await self._settled.wait()
        if not self.ready:
            raise UnavailableError

    def start(self) -> None:
        """Start the worker; returns at once."""
        self._phase = Phase.STARTING
        loop = asyncio.get_running_loop()
        self._gone = loop.create_future()
        self._child = self._spawn(self._target, self._setup, Listener(self._heard, self._died))
        self._watchdog = loop.call_later(_START_SECONDS, self._child.kill)

    def check_room(self) -> None:
        """Raise what `ask` would raise now: ClosingError, UnavailableError or BusyError."""
        self._check_alive()
        if len(self._waiting) + len(self._flying) >= self._limits.queue:
            raise BusyError

    async def ask(self, question: str, *, document: str | None = None, language: Language | None = None) -> Answer:
        """Answer `question` for a reader of `language`; raise BotError, or the library's error for this question."""
        self.check_room()
        job = Job(Query(question, language), document, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self.ready:
            job.arm(self._limits.seconds, self._expire)
        self._pump()
        try:
            return await job.result
        finally:
            self._drop(job)

    async def reload(self) -> str:
        """Open the store's current version beside the answers, switch to it between two batches and give it."""
        self._check_alive()
        while self._reload is not None and self._reloading:  # begun before this version became current, maybe
            await asyncio.wait([self._reload])
        if self._reload is None:
            self._reload = asyncio.get_running_loop().create_future()
        self._pump()
        return await asyncio.shield(self._reload)

    async def close(self, *, grace: float) -> None:
        """Take no more questions, finish those in flight within `grace` seconds, end the worker.

        A worker that is not ready yet has nothing in flight and is ended at once.
        """
        was_ready = self.ready
        self._phase = Phase.CLOSING
        pending = [job.result for job in (*self._flying, *self._waiting)]
        if pending and was_ready:
            await asyncio.wait(pending, timeout=grace)
        for job in (*self._flying, *self._waiting):
            job.fail(ClosingError())
        if self._child is not None and self._gone is not None:
            child = self._child
            child.send(None)
            if was_ready:
                await asyncio.wait([self._gone], timeout=_FAREWELL_SECONDS)
            child.kill()

    def _check_alive(self) -> None:
        if self._phase is Phase.CLOSING:
            raise ClosingError
        if self._phase is Phase.DOWN:
            raise UnavailableError

    def _heard(self, message: object) -> None:
        match message:
            case Ready():
                self._opened(message.version)
                if message.mend:
                    self.mend()
            case Answered():
                self._failures = 0
                flying, self._flying = self._flying, ()
                for job, result in zip(flying, message.results, strict=True):
                    job.finish(result)
            case Failed():
                log.error("worker: %s", message.message)
                self._refuse_reload()
        self._pump()

    def _opened(self, version: str) -> None:
        if self._phase is Phase.STARTING:
            self._phase = Phase.READY
            self._since = datetime.now(UTC)
            self._settled.set()
            self._stop_watchdog()
            for job in self._waiting:
                job.arm(self._limits.seconds, self._expire)
        if version != self._version:
            log.info("answering from version %s", version)
        self._version = version
        self._reloading = False
        if self._reload is not None and not self._reload.done():
            self._reload.set_result(version)
        self._reload = None

    def _refuse_reload(self) -> None:
        self._reloading = False
        if self._reload is not None and not self._reload.done():
            self._reload.set_exception(UnavailableError())
            self._reload.exception()  # seen: nobody may be waiting any more
        self._reload = None

    def _pump(self) -> None:
        """Hand the worker its next piece of work, when it is free."""
        if self._child is None or self._phase not in (Phase.READY, Phase.CLOSING):
            return
        if self._reload is not None and not self._reloading:
            self._reloading = True
            self._child.send(Reload())
        if self._waiting and not self._flying:
            batch = take_batch(self._waiting)
            self._flying = batch
            queries = tuple(job.query for job in batch)
            self._child.send(Ask(queries, top=TOP, document=batch[0].document))

    def _expire(self, job: Job) -> None:
        job.fail(AnswerTimeoutError())
        if job in self._flying and self._child is not None:
            log.warning("worker: stuck for %.0f s, restarting it", self._limits.seconds)
            self._child.kill()

    def _drop(self, job: Job) -> None:
        job.disarm()
        if job in self._waiting:
            self._waiting.remove(job)

    def _died(self) -> None:
        """Start anew after the worker's death; what was in flight is tried once more, each alone."""
        was_ready = self._phase is Phase.READY
        self._stop_watchdog()
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)
        flying, self._flying, self._child = self._flying, (), None
        self._refuse_reload()
        for job in (*flying, *self._waiting):
            job.disarm()
        for job in reversed(flying):
            self._retry(job)
        if self._phase is Phase.CLOSING:
            for job in self._waiting:
                job.fail(ClosingError())
            return
        if not was_ready:
            self._settled.set()
            for job in self._waiting:
                job.fail(UnavailableError())
        self._restart(was_ready=was_ready)

    def _retry(self, job: Job) -> None:
        if job.alone:
            job.fail(LostError())
        elif not job.result.done():
            job.alone = True
            self._waiting.appendleft(job)

    def _restart(self, *, was_ready: bool) -> None:
        delay = _RESTART_SECONDS[min(self._failures, len(_RESTART_SECONDS) - 1)]
        if not was_ready:
            delay = max(delay, 1.0)
        self._failures += 1
        self._phase = Phase.STARTING if was_ready else Phase.DOWN
        log.warning("worker: gone, starting it again in %.0f s", delay)
        asyncio.get_running_loop().call_later(delay, self._start_again)

    def _start_again(self) -> None:
        if self._phase is not Phase.CLOSING:
            self.start()

    def _stop_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
