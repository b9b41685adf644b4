"""One question, end to end: acknowledged, answered, recorded, shown."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.discord_io.error_reply import explain, log_error
from bot.errors import (
    BotError,
    EmptyQuestionError,
    LongQuestionError,
)
from bot.locales import messages_in
from bot.rendering.answer import Asked, answer_layout
from bot.rendering.layout import Layout, notice
from bot.rendering.markdown import is_blank
from bot.services.cooldown import Cooldown
from bot.services.query_log import QueryLog, Record
from bot.services.recall import remember
from bot.worker.client import AnswerClient
from index import MAX_QUESTION_LENGTH, Answer, ChronicleError, Language

log = logging.getLogger(__name__)


class Responder(Protocol):
    """Where a question came from and its answer goes."""

    @property
    def asker(self) -> int:
        """Give who asked."""
        ...

    async def acknowledge(self) -> None:
        """Show that the question has arrived."""

    async def show(self, layout: Layout) -> None:
        """Show `layout` in the place of what was shown before."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in which language the reply speaks, and where to look."""

    text: str
    language: Language
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Discretion:
    """What may be kept of a question."""

    log_questions: bool
    keep_questions: bool


class AskService:
    """Takes questions from every entry: commands, menus, mentions, direct messages."""

    def __init__(
        self, answers: AnswerClient, query_log: QueryLog, *, cooldown: Cooldown, discretion: Discretion
    ) -> None:
        self._answers = answers
        self._feedback = query_log
        self._cooldown = cooldown
        self._discretion = discretion
        self._under_way = 0
        self._finished = asyncio.Event()
        self._finished.set()

    async def ask(self, question: Question, place: Responder) -> None:
        """Answer `question` at `place`; what is foreseen and goes wrong is told there."""
        self._under_way += 1
        self._finished.clear()
        try:
            await self._answer(question, place)
        except (BotError, ChronicleError) as error:
            log_error(error, where="ask")
            await place.show(notice(explain(error, messages_in(question.language))))
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._finished.set()

    async def finish(self, *, grace: float) -> None:
        """Wait up to `grace` seconds until every answer under way is shown."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finished.wait(), timeout=grace)

    async def _answer(self, question: Question, place: Responder) -> None:
        began = time.perf_counter()
        check_question(question.text)
        self._answers.check_room()
        self._cooldown.enter(place.asker)
        await place.acknowledge()
        if not self._answers.ready:
            await place.show(notice(messages_in(question.language).getting_ready))
        answer = await self._answers.ask(question.text, document=question.document, language=question.language)
        elapsed = (time.perf_counter() - began) * 1000
        record = await self._record(answer, question.language, elapsed)
        asked = Asked(record, place.asker, question.language, answer.version)
        await place.show(answer_layout(answer, asked=asked))
        self._log(answer, question, elapsed)

    async def _record(self, answer: Answer, language: Language, elapsed: float) -> int | None:
        """Record the answer and give its number; an answer is shown even when the record fails."""
        record = Record(
            language=language,
            answered=answer.answered,
            confidence=answer.confidence,
            elapsed_ms=elapsed,
            version=answer.version,
            question=answer.question if self._discretion.keep_questions else None,
            quotes=remember(answer.quotes or answer.nearest),
        )
        try:
            return await self._feedback.add(record)
        except (sqlite3.Error, OSError) as error:
            log.warning("the record could not be written: %s", error)
            return None

    def _log(self, answer: Answer, question: Question, elapsed: float) -> None:
        outcome = f"{len(answer.quotes)} quotes" if answer.answered else "declined"
        shown = f": {question.text!r}" if self._discretion.log_questions else ""
        log.info(
            "answered in %.0f ms (search %.0f ms): %s, confidence %.2f, %s, version %s%s",
            elapsed,
            answer.elapsed_ms,
            outcome,
            answer.confidence,
            question.language,
            answer.version,
            shown,
        )


def check_question(text: str) -> None:
    """Raise EmptyQuestionError or LongQuestionError for what cannot be asked."""
    if is_blank(text):
        raise EmptyQuestionError
    if len(text) > MAX_QUESTION_LENGTH:
        raise LongQuestionError
