"""An event loop whose time tests advance, and children that do what tests say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.worker.process import Child, Listener, Target
from index import Answer, Outcome, Settings

_T = TypeVar("_T")

_TURNS = 12  # of the loop, until nothing that is due is left


class VirtualLoop:
    """Runs coroutines in a time of its own: hours take no time."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._now = 0.0
        self._loop.time = lambda: self._now  # type: ignore[method-assign]

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Return the result of a coroutine that waits for nothing but what happens at once."""
        return self._loop.run_until_complete(coroutine)

    def begin(self, coroutine: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Start a coroutine and let it run as far as it gets."""
        task = self._loop.create_task(coroutine)
        self.advance(0)
        return task

    def call(self, function: Callable[..., _T], *arguments: object) -> _T:
        """Call a function on the loop, and let what follows from it happen."""

        async def called() -> _T:
            result = function(*arguments)
            await _turns()
            return result

        return self.run(called())

    def advance(self, seconds: float, *, step: float = 1.0) -> None:
        """Advance the time, and run what is due."""
        end = self._now + seconds
        self.run(_turns())
        while self._now < end:
            self._now = min(end, self._now + step)
            self.run(_turns())

    def close(self) -> None:
        """End every task, and the loop."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self.run(_turns())
        self._loop.close()


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


@dataclass
class ScriptedChild:
    """A child that says and does what tests want; it keeps what it was sent."""

    listener: Listener
    sent: list[object] = field(default_factory=list)
    is_alive: bool = True

    def send(self, message: object) -> None:
        if self.is_alive:
            self.sent.append(message)

    def kill(self) -> None:
        if self.is_alive:
            self.is_alive = False
            asyncio.get_running_loop().call_soon(self.listener.on_exit)

    def say(self, message: object) -> None:
        if self.is_alive:
            self.listener.on_message(message)

    def sent_of(self, kind: type[_T]) -> list[_T]:
        return [message for message in self.sent if isinstance(message, kind)]


@dataclass
class Nursery:
    """Spawns scripted children, or has no process left."""

    children: list[ScriptedChild] = field(default_factory=list)
    is_exhausted: bool = False

    def spawn(self, _target: Target, _settings: Settings, listener: Listener) -> Child:
        if self.is_exhausted:
            raise OSError(11, "Resource temporarily unavailable")
        self.children.append(ScriptedChild(listener))
        return self.children[-1]

    @property
    def last(self) -> ScriptedChild:
        return self.children[-1]


def answer_to(question: str, version: str) -> Answer:
    """Return an answer without quotes, of `version`."""
    return Answer(question, Outcome.DECLINED, 0.1, (), (), 1.0, version)
