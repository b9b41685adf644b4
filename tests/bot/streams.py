"""People who ask one question after another, and what came of it."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.worker.client import AnswerClient
from index import Answer, ChronicleError, Query

# Two people, each asking again this long after an answer.
_PEOPLE = 2
_PAUSE_SECONDS = 0.03


@dataclass
class Stream:
    """What a stream of questions was answered from, what failed, and how long each answer took.

    `seen` returns the content that an answer quotes, empty if it does not show. The answers are not
    kept: thousands would cost the collector, and with it the event loop, what no bot has to pay.
    """

    questions: Sequence[str]
    seen: Callable[[Answer], str]
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)  # by version and content
    failed: list[Exception] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def asking(self, answers: AnswerClient) -> AsyncIterator[None]:
        """Ask while the block runs."""
        people = [asyncio.ensure_future(self._ask(answers, number)) for number in range(_PEOPLE)]
        yield
        for person in people:
            person.cancel()
        await asyncio.wait(people)

    @property
    def high(self) -> float:
        """The 99th percentile of the seconds that an answer took."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[98]

    @property
    def versions(self) -> set[str]:
        """The versions that answered."""
        return {version for version, _ in self.answered}

    def mixed(self, contents: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the versions that answered with another content than theirs; one not in `contents` may."""
        return [
            (version, seen) for version, seen in self.answered if seen not in ("", contents.get(version, seen))
        ]

    def summary(self) -> str:
        """Return how long the answers took, in milliseconds."""
        figures = (statistics.median(self.seconds), self.high, max(self.seconds))
        median, high, longest = (f"{seconds * 1000:.0f}" for seconds in figures)
        return f"{len(self.seconds)} answers, median {median} ms, 99th percentile {high} ms, longest {longest} ms"

    async def _ask(self, answers: AnswerClient, number: int) -> None:
        for question in itertools.islice(itertools.cycle(self.questions), number, None):
            began = time.perf_counter()
            try:
                answer = await answers.ask(Query(question))
                self.answered[answer.version, self.seen(answer)] += 1
            except (ChronicleError, OSError) as error:
                self.failed.append(error)
            self.seconds.append(time.perf_counter() - began)
            await asyncio.sleep(_PAUSE_SECONDS)
