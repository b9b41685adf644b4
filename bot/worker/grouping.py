"""Grouping questions by their meaning, in a process of its own, so that neither the bot nor its answers wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, TypeAlias

from bot.errors import UnavailableError
from bot.worker import main as worker
from bot.worker.process import Listener, Spawn, Target, spawn_process
from bot.worker.protocol import Failed, GroupQuestions, QuestionsGrouped
from index import Settings

log = logging.getLogger(__name__)

Groups: TypeAlias = tuple[tuple[int, ...], ...]

# Loading the model takes seconds, 2,000 questions on a slow core two minutes.
_MOST_SECONDS: Final = 300.0


class QuestionGrouper:
    """Runs one process at a time, of lower priority, which ends with its result."""

    def __init__(self, settings: Settings, *, spawn: Spawn = spawn_process, target: Target = worker.group) -> None:
        self._settings = settings
        self._spawn = spawn
        self._target = target
        self._free = asyncio.Lock()

    async def group(self, questions: Sequence[str]) -> Groups:
        """Return the positions of the questions of each group. Raises UnavailableError if they cannot be grouped."""
        if len(questions) < 2:
            return tuple((number,) for number in range(len(questions)))
        async with self._free:
            result: asyncio.Future[Groups] = asyncio.get_running_loop().create_future()
            try:
                child = self._spawn(self._target, self._settings, _listener(result))
            except OSError as error:
                log.warning("grouping questions: no process can be started: %s", error)
                raise UnavailableError from error
            try:
                async with asyncio.timeout(_MOST_SECONDS):
                    # In a thread: thousands of questions fill the pipe until the process reads them.
                    await asyncio.to_thread(child.send, GroupQuestions(tuple(questions)))
                    return await result
            except TimeoutError as error:
                log.warning("grouping questions: not done after %.0f s", _MOST_SECONDS)
                raise UnavailableError from error
            finally:
                child.kill()


def _listener(result: asyncio.Future[Groups]) -> Listener:
    def on_message(message: object) -> None:
        match message:
            case QuestionsGrouped() if not result.done():
                result.set_result(message.groups)
            case Failed() if not result.done():
                log.warning("grouping questions: %s", message.message)
                result.set_exception(UnavailableError())

    def on_exit() -> None:
        if not result.done():
            log.warning("grouping questions: its process died")
            result.set_exception(UnavailableError())

    return Listener(on_message, on_exit)
