"""A child process whose messages reach the event loop as calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, TypeAlias

from bot.worker.protocol import Setup

Target: TypeAlias = Callable[[Connection, Setup], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """What to call on the event loop: with each message, and once when the child is gone."""

    message: Callable[[object], None]
    gone: Callable[[], None]


class Child(Protocol):
    """A running child."""

    def send(self, message: object) -> None:
        """Hand `message` over."""

    def kill(self) -> None:
        """End it at once."""


Spawn: TypeAlias = Callable[[Target, Setup, Listener], Child]


def spawn_process(target: Target, setup: Setup, listener: Listener) -> Child:
    """Start `target(connection, setup)` in a process of its own."""
    return ProcessChild(target, setup, listener)


class ProcessChild:
    """A spawned process: a thread reads its messages, so that the event loop never waits for it."""

    def __init__(self, target: Target, setup: Setup, listener: Listener) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, setup), daemon=True)
        self._process.start()
        theirs.close()
        reader = PipeReader(self._connection, listener, finish=self._process.join)
        reader.start()

    @property
    def pid(self) -> int | None:
        """Give the process's number."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Hand `message` over; a child that has just died is reported by `gone`, not here."""
        try:
            self._connection.send(message)
        except OSError:
            return

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.kill()


class PipeReader(threading.Thread):
    """Reads a pipe to its end and passes every message to the event loop it was made in."""

    def __init__(self, connection: Connection, listener: Listener, *, finish: Callable[[], None]) -> None:
        super().__init__(name="pipe-reader", daemon=True)
        self._connection = connection
        self._listener = listener
        self._finish = finish
        self._loop = asyncio.get_running_loop()

    def run(self) -> None:
        """Read until the other end closes."""
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                break
            self._call(self._listener.message, message)
        self._finish()
        self._call(self._listener.gone)

    def _call(self, callback: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:  # the loop has closed: nobody is left to tell
            return
