"""The questions that others follow up on; kept in memory only, for a while."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bot.services.expiring import Expiring, Key

# A thread is about one thing; in a channel people talk past each other. A reply names its question itself.
_CHANNEL_SECONDS = 10 * 60
_THREAD_SECONDS = 60 * 60
_REPLY_SECONDS = 24 * 60 * 60
_MOST_TURNS = 5_000  # of each kind; a question has at most 1000 characters


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a question is asked, and of which message it is a reply.

    is_private: the answer is shown to the asker alone, so that no public question may be completed from it.
    """

    channel: int
    in_thread: bool = False
    is_private: bool = False
    replied_to: int | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question as it was searched, and who asked it."""

    question: str
    person: int
    at: float


_Speaker: TypeAlias = tuple[int, int, bool]  # channel, person, whether in private


class Conversation:
    """Remembers the last question of each thread and of each person in a channel, and that of each answer."""

    def __init__(self) -> None:
        self._by_message = Expiring[int, _Turn](most=_MOST_TURNS, seconds=_REPLY_SECONDS)
        self._by_thread = Expiring[int, _Turn](most=_MOST_TURNS, seconds=_THREAD_SECONDS)
        self._by_speaker = Expiring[_Speaker, _Turn](most=_MOST_TURNS, seconds=_CHANNEL_SECONDS)

    def question_of(self, message: int) -> str | None:
        """Return the question that a message asked or answered."""
        turn = self._by_message.get(message)
        return turn.question if turn is not None else None

    def previous(self, scene: Scene, *, person: int) -> str | None:
        """Return the question that the next one in `scene` may follow up on.

        A reply follows up on what it replies to, a message in a thread on the thread's last question, any other on the
        person's own last question in the channel.
        """
        if scene.replied_to is not None and scene.replied_to in self._by_message:
            return self._by_message[scene.replied_to].question
        turns = [
            self._by_thread.get(scene.channel) if scene.in_thread else None,
            self._by_speaker.get((scene.channel, person, False)),
            self._by_speaker.get((scene.channel, person, True)) if scene.is_private else None,
        ]
        latest = max(filter(None, turns), key=lambda turn: turn.at, default=None)
        return latest.question if latest is not None else None

    def remember(self, question: str, scene: Scene, *, person: int, messages: Iterable[int] = ()) -> None:
        """Remember the `question` of `person`, and that `messages` ask or answer it."""
        turn = _Turn(question, person, time.monotonic())
        self._by_speaker[scene.channel, person, scene.is_private] = turn
        if scene.is_private:
            return
        if scene.in_thread:
            self._by_thread[scene.channel] = turn
        for message in messages:
            self._by_message[message] = turn

    def forget(self, person: int) -> None:
        """Forget every question of `person`."""
        _forget(self._by_message, person)
        _forget(self._by_thread, person)
        _forget(self._by_speaker, person)


def _forget(turns: Expiring[Key, _Turn], person: int) -> None:
    for key in [key for key, turn in turns.items() if turn.person == person]:
        turns.pop(key, None)
