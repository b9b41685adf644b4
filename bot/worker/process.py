"""A child process whose messages arrive as calls on the event loop."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, TypeAlias

from bot.settings import secret_variables
from index import Settings

log = logging.getLogger(__name__)

# A child that was started from other files than this process, which an upgrade replaced meanwhile, sends what this one
# does not know; pickle raises nearly anything for it.
_UNREADABLE = (
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    LookupError,
    TypeError,
    ValueError,
    MemoryError,
)
_LAST_SECONDS = 1.0  # for a child that has closed its pipe, and for one that has not

Target: TypeAlias = Callable[[Connection, Settings], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """What to call on the event loop: `on_message` with each message, `on_exit` once when the child is gone."""

    on_message: Callable[[object], None]
    on_exit: Callable[[], None]


class Child(Protocol):
    """A running child."""

    def send(self, message: object) -> None:
        """Send `message` to the child."""

    def kill(self) -> None:
        """End the child at once."""


Spawn: TypeAlias = Callable[[Target, Settings, Listener], Child]


def spawn_process(target: Target, settings: Settings, listener: Listener) -> Child:
    """Start `target(connection, settings)` in a process of its own.

    Raises OSError if the system has no process, thread or descriptor left; then nothing is called.
    """
    return ProcessChild(target, settings, listener)


class ProcessChild:
    """A spawned process; a thread reads its messages, so that the event loop never waits for it."""

    def __init__(self, target: Target, settings: Settings, listener: Listener) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, settings), daemon=True)
        try:
            with _without_secrets():
                self._process.start()
            PipeReader(self._connection, listener, join=self._end).start()
        except (OSError, RuntimeError) as error:  # a thread that cannot be started is a RuntimeError
            self._connection.close()
            if self._process.pid is not None:
                self._process.kill()
            raise OSError(f"no child process can be started: {error}") from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Send `message`; a child that has just died is reported by `on_exit`, not here."""
        try:
            self._connection.send(message)
        except OSError:
            return

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.kill()

    def _end(self) -> None:
        """End the process, whose pipe is closed or cannot be read, and wait until it has."""
        self._process.join(_LAST_SECONDS)
        self._process.kill()
        self._process.join()


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Hide the token and other secrets from a process that is started within: it inherits the environment."""
    secrets = secret_variables()
    hidden = {name: os.environ.pop(name) for name in [*os.environ] if name.upper() in secrets}
    try:
        yield
    finally:
        os.environ.update(hidden)


class PipeReader(threading.Thread):
    """Reads a pipe to its end and passes every message to the event loop in which it was created."""

    def __init__(self, connection: Connection, listener: Listener, *, join: Callable[[], None]) -> None:
        super().__init__(name="pipe-reader", daemon=True)
        self._connection = connection
        self._listener = listener
        self._join = join
        self._loop = asyncio.get_running_loop()

    def run(self) -> None:
        """Read until the other end closes, or sends what cannot be read."""
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                break
            except _UNREADABLE as error:
                log.warning("a child's message cannot be read, ending it: %s: %s", type(error).__name__, error)
                break
            self._call(self._listener.on_message, message)
        self._join()
        self._connection.close()
        self._call(self._listener.on_exit)

    def _call(self, callback: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:  # the event loop is closed: the bot has ended
            return
