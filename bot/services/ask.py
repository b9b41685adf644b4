"""One question from acknowledgement to answer: checked, answered, logged, shown."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from bot.discord_io.error_reply import explain, log_error
from bot.discord_io.responders import Responder
from bot.errors import BotError, EmptyQuestionError, LongQuestionError
from bot.locales import messages_in
from bot.rendering.answer import Asked, answer_layout
from bot.rendering.front_desk import CommandMentions, FrontDeskMessage, front_desk_layout
from bot.rendering.layout import Layout, notice
from bot.rendering.text.markdown import is_blank
from bot.services.conversation import Conversation, Scene
from bot.services.cooldown import Cooldown
from bot.services.documents import DocumentLibrary
from bot.services.metrics import StageSeconds
from bot.services.records.identifiers import without_identifiers
from bot.services.records.query_log import QueryLog, QueryRecord
from bot.worker.client import AnswerClient
from index import (
    MAX_QUESTION_LENGTH,
    Answer,
    ChronicleError,
    FrontDeskIntent,
    Language,
    Query,
    names_no_topic,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question, the language of the reply, and the document to search, as the person named it, if any.

    shown: the question as the card shows it, where that differs. scene: where it is asked, so that it may follow up on
    another; message: the message that asks it.
    """

    text: str
    language: Language
    document: str | None = None
    shown: str = ""
    scene: Scene | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionPrivacy:
    """Whether questions are written to the program's log, and whether they are kept in the query log."""

    log_questions: bool
    keep_questions: bool


@dataclass(frozen=True, slots=True)
class AskMemory:
    """What is remembered of those who ask, in memory only: their last questions, and when they may ask again."""

    conversation: Conversation
    cooldown: Cooldown


class AskObserver(Protocol):
    """Is told how each question ended."""

    def note_answer(self, answer: Answer, seconds: StageSeconds) -> None:
        """Note an answer that was shown."""

    def note_refusal(self, error: Exception) -> None:
        """Note why there was no answer."""


class AskService:
    """Answers questions from every entry: commands, message menu, mentions, direct messages.

    commands: the slash commands as messages mention them.
    """

    def __init__(
        self,
        answers: AnswerClient,
        documents: DocumentLibrary,
        query_log: QueryLog,
        *,
        memory: AskMemory,
        privacy: QuestionPrivacy,
    ) -> None:
        self._answers = answers
        self._documents = documents
        self._query_log = query_log
        self._conversation = memory.conversation
        self._cooldown = memory.cooldown
        self._privacy = privacy
        self.commands = CommandMentions()
        self._observers: list[AskObserver] = []
        self._in_progress = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def ask(self, request: AskRequest, responder: Responder) -> None:
        """Answer `request` through `responder`; foreseeable errors are described there, not raised."""
        self._in_progress += 1
        self._idle.clear()
        try:
            if await self._admit(request, responder):
                await self._answer(request, responder)
        except (BotError, ChronicleError) as error:
            self._note_refusal(error)
            await responder.show(notice(explain(error, messages_in(request.language))))
        finally:
            self._in_progress -= 1
            if self._in_progress == 0:
                self._idle.set()

    def add_observer(self, observer: AskObserver) -> None:
        """Call `observer` with the outcome of each question from now on."""
        self._observers.append(observer)

    async def notify(self, layout: Layout, responder: Responder) -> None:
        """Show what answers no question, such as how to ask; to one person once a cooldown where it may go unsaid."""
        if self._cooldown.may_notify(responder.asker) or not responder.may_stay_silent:
            await responder.show(layout)

    async def finish(self, *, grace: float) -> None:
        """Wait up to `grace` seconds until every answer in progress is shown."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), timeout=grace)

    async def _admit(self, request: AskRequest, responder: Responder) -> bool:
        """Check what takes no time; return whether the question is to be answered, once it is said why not."""
        try:
            check_question(request.text)
            if request.document:
                self._documents.check_known(request.document)
            self._answers.check_room()
            self._cooldown.enter(responder.asker)
        except (BotError, ChronicleError) as error:
            self._note_refusal(error)
            await self.notify(notice(explain(error, messages_in(request.language))), responder)
            return False
        return True

    async def _answer(self, request: AskRequest, responder: Responder) -> None:
        """Acknowledge, and only then do everything that takes time."""
        started = time.perf_counter()
        await responder.acknowledge()
        acknowledged = time.perf_counter()
        document = (await self._documents.named(request.document)).name if request.document else None
        if not self._answers.ready:
            await responder.show_progress(notice(messages_in(request.language).getting_ready))
        query = Query(request.text, request.language, self._previous(request, responder.asker))
        answer = await self._answers.ask(query, document=document)
        answered = time.perf_counter()
        elapsed_ms = (answered - started) * 1000
        if answer.front_desk is not None:  # not recorded: it is no gap of the documents
            await self._reply(answer.front_desk, request, responder)
            self._log(answer, request, elapsed_ms)
        elif query.previous is None and document is None and names_no_topic(request.text):
            await responder.show(notice(messages_in(request.language).which_question))
            log.info("asked back in %.0f ms: the question names no topic", elapsed_ms)
        else:
            await self._show(answer, request, responder, elapsed_ms=elapsed_ms)
            self._note_answer(answer, _stages(started, acknowledged, answered, answer.elapsed_ms / 1000))

    async def _show(self, answer: Answer, request: AskRequest, responder: Responder, *, elapsed_ms: float) -> None:
        """Record `answer`, show it, and remember the question for the next one."""
        record = await self._record(answer, request.language, elapsed_ms, asker=responder.asker)
        asked = Asked(
            record,
            responder.asker,
            request.language,
            answer.version,
            outcome=answer.outcome,
            starters=() if answer.answered else await self._starters(request),
        )
        shown = replace(answer, question=request.shown or answer.question)
        message = await responder.show(answer_layout(shown, asked=asked))
        self._remember(answer, request, asker=responder.asker, answer_message=message)
        self._log(answer, request, elapsed_ms)

    def _note_refusal(self, error: Exception) -> None:
        log_error(error, where="ask")
        for observer in self._observers:
            observer.note_refusal(error)

    def _note_answer(self, answer: Answer, seconds: StageSeconds) -> None:
        for observer in self._observers:
            observer.note_answer(answer, seconds)

    def _previous(self, request: AskRequest, asker: int) -> str | None:
        return None if request.scene is None else self._conversation.previous(request.scene, person=asker)

    def _remember(self, answer: Answer, request: AskRequest, *, asker: int, answer_message: int | None) -> None:
        """Remember what was searched, so that the next question can follow up on it."""
        if request.scene is None:
            return
        messages = [each for each in (request.message, answer_message) if each is not None]
        searched = answer.searched_for or answer.question
        self._conversation.remember(searched, request.scene, person=asker, messages=messages)

    async def _reply(self, intent: FrontDeskIntent, request: AskRequest, responder: Responder) -> None:
        """Show the front desk's reply to what is no question of the documents."""
        message = FrontDeskMessage(request.shown or request.text, intent, request.language)
        library, starters = await self._documents.library(), await self._starters(request)
        await responder.show(front_desk_layout(message, library, commands=self.commands, starters=starters))

    async def _starters(self, request: AskRequest) -> tuple[str, ...]:
        """Return questions to ask instead: the starters but for the question itself."""
        starters = await self._documents.starters(request.language)
        return tuple(starter for starter in starters if starter != request.text.strip())

    async def _record(self, answer: Answer, language: Language, elapsed_ms: float, *, asker: int) -> int:
        """Return the number of the answer's record, which is written later: the answer does not wait for it."""
        record = QueryRecord(
            language=language,
            outcome=answer.outcome,
            confidence=answer.confidence,
            elapsed_ms=elapsed_ms,
            version=answer.version,
            question=answer.question if self._privacy.keep_questions else None,
            quotes=answer.quotes or answer.nearest,
            asker=asker,
        )
        return await self._query_log.add(record)

    def _log(self, answer: Answer, request: AskRequest, elapsed_ms: float) -> None:
        outcome = f"{len(answer.quotes)} quotes" if answer.answered else answer.outcome.value
        question = f": {without_identifiers(request.text)!r}" if self._privacy.log_questions else ""
        if answer.front_desk is not None:
            outcome = f"front desk, {answer.front_desk}"
        log.info(
            "answered in %.0f ms (search %.0f ms): %s, confidence %.2f, %s, version %s%s",
            elapsed_ms,
            answer.elapsed_ms,
            outcome,
            answer.confidence,
            request.language,
            answer.version,
            question,
        )


def _stages(started: float, acknowledged: float, answered: float, search: float) -> StageSeconds:
    """Return how long the stages of an answer took that is shown now; `search` in seconds, the others as moments."""
    now = time.perf_counter()
    wait = answered - acknowledged - search
    return StageSeconds(acknowledged - started, wait, search, show=now - answered, total=now - started)


def check_question(text: str) -> None:
    """Raise EmptyQuestionError or LongQuestionError for a question that cannot be asked."""
    if is_blank(text):
        raise EmptyQuestionError
    if len(text) > MAX_QUESTION_LENGTH:
        raise LongQuestionError
