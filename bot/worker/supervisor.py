"""Keeping one worker process running: when it is started, given up and started again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from bot.worker.clock import Clock
from bot.worker.process import Child, Listener
from bot.worker.protocol import Failed, Ready, Starting

log = logging.getLogger(__name__)

# A start may unpack the model and build the index, and reports each step of either. What reports none, such as reading
# the documents, takes minutes at most.
_START_SECONDS = 600.0
_RESTART_SECONDS = (0.0, 1.0, 2.0, 5.0, 15.0, 60.0)
_EXIT_SECONDS = 3.0
# Starts in a row that ended in a death or in silence, after which the version is suspected.
_BROKEN_STARTS = 3


class WorkerState(Enum):
    """What the worker does."""

    STARTING = auto()
    READY = auto()
    DOWN = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class WorkerEvents:
    """What to call on the event loop.

    on_message: with each message. on_exit: after the worker ended; questions may wait if it is being started again.
    on_broken_starts: after each start that ended without a reason, from the third in a row.
    """

    on_message: Callable[[object], None]
    on_exit: Callable[[], None]
    on_broken_starts: Callable[[], None]


class Supervisor:
    """Runs one worker; every method must be called on the event loop.

          start            Ready
    DOWN ───────▶ STARTING ──────▶ READY
     ▲               │  ▲            │
     └───────────────┘  └────────────┘
      it ended, fell     it ended, and is
      silent, or no      started again after
      process is left    a pause

    close: CLOSING, from every state
    """

    def __init__(self, launch: Callable[[Listener], Child], events: WorkerEvents) -> None:
        self.state = WorkerState.DOWN
        self.since: datetime | None = None  # which it has been answering
        self.settled = asyncio.Event()  # a start is over, well or badly
        self._launch = launch
        self._events = events
        self._child: Child | None = None
        self._exited: asyncio.Future[None] | None = None
        self._failures = 0
        self._broken_starts = 0
        self._has_reason = False  # the worker or the system said why the start failed
        self._is_restarting = False
        self._start_clock = Clock()
        self._pause = Clock()

    def start(self) -> None:
        """Start the worker without waiting for it."""
        if self.state is WorkerState.CLOSING:
            return
        self._pause.stop()
        self.state, self._has_reason = WorkerState.STARTING, False
        try:
            self._child = self._launch(Listener(self._on_message, self._on_exit))
        except OSError:
            log.exception("worker: it cannot be started")
            self._has_reason = True
            self._end(was_ready=False)
            return
        self._exited = asyncio.get_running_loop().create_future()
        self._restart_clock()

    def restart(self) -> None:
        """Start the worker anew at once, whatever it does; `settled` is set when that start is over."""
        self.settled.clear()
        self._failures = self._broken_starts = 0
        if self._child is None:
            self.start()
        else:
            self._is_restarting = True
            self._child.kill()

    def send(self, message: object) -> None:
        """Send `message` to the worker, if there is one."""
        if self._child is not None:
            self._child.send(message)

    def kill(self) -> None:
        """End the worker at once; it is started again."""
        if self._child is not None:
            self._child.kill()

    def note_success(self) -> None:
        """Forget earlier failures: it did what it is for."""
        self._failures = 0

    def begin_closing(self) -> None:
        """Start it no more."""
        self.state = WorkerState.CLOSING
        self._pause.stop()
        self.settled.set()

    async def close(self, *, gently: bool) -> None:
        """End the worker: `gently` lets it end by itself first."""
        if self._child is not None and self._exited is not None:
            child = self._child
            child.send(None)
            if gently:
                await asyncio.wait([self._exited], timeout=_EXIT_SECONDS)
            child.kill()

    def _on_message(self, message: object) -> None:
        match message:
            case Starting():
                self._restart_clock()
            case Ready() if self.state is WorkerState.STARTING:
                self._start_clock.stop()
                self.state, self.since = WorkerState.READY, datetime.now(UTC)
                self._broken_starts = 0
                self.settled.set()
            case Failed() if self.state is WorkerState.STARTING:
                self._has_reason = True
        self._events.on_message(message)

    def _restart_clock(self) -> None:
        """Restart the clock of a start that is still going on."""
        if self.state is WorkerState.STARTING:
            self._start_clock.start(_START_SECONDS, self._on_silent_start)

    def _on_silent_start(self) -> None:
        log.error("worker: its start has said nothing for %.0f s, ending it", _START_SECONDS)
        self.kill()

    def _on_exit(self) -> None:
        was_ready = self.state is WorkerState.READY
        self._start_clock.stop()
        self._child = None
        if self._exited is not None and not self._exited.done():
            self._exited.set_result(None)
        self._end(was_ready=was_ready)

    def _end(self, *, was_ready: bool) -> None:
        if self.state is WorkerState.CLOSING:
            self._events.on_exit()
            return
        if self._is_restarting:
            self._is_restarting = False
            self.state = WorkerState.STARTING
            self._events.on_exit()
            self.start()
            return
        self._start_after_a_pause(was_ready=was_ready)
        self._events.on_exit()
        if not was_ready:
            self._broken_starts = 0 if self._has_reason else self._broken_starts + 1
            self.settled.set()
            if self._broken_starts >= _BROKEN_STARTS:
                self._events.on_broken_starts()

    def _start_after_a_pause(self, *, was_ready: bool) -> None:
        delay = _RESTART_SECONDS[min(self._failures, len(_RESTART_SECONDS) - 1)]
        if not was_ready:
            delay = max(delay, 1.0)
        self._failures += 1
        self.state = WorkerState.STARTING if was_ready else WorkerState.DOWN
        log.warning("worker: it ended, starting it again in %.0f s", delay)
        self._pause.start(delay, self.start)
