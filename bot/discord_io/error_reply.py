"""Replying to a person with one line about an error, and logging it once."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import assert_never

import aiohttp
import discord

from bot.discord_io.faults import NETWORK_FAULTS
from bot.discord_io.language import language_of_interaction, language_of_message
from bot.discord_io.refusals import Refusal, refusal_of
from bot.discord_io.respond import Interaction, respond
from bot.discord_io.responders import reply_to
from bot.errors import (
    AmbiguousDocumentError,
    AnswerTimeoutError,
    BotError,
    BusyError,
    ClosingError,
    CooldownError,
    EmptyQuestionError,
    ForgottenError,
    LongQuestionError,
    LostError,
    NoEarlierVersionError,
    NotAdminError,
    NotAskerError,
    NoTextError,
    OutdatedError,
    RebuildCancelledError,
    RebuildFailedError,
    RebuildOverError,
    RebuildRunningError,
    RebuildTooLateError,
    RecordsUnavailableError,
    RollbackFailedError,
    StaleError,
    TooLargeError,
    UnavailableError,
    UnknownDocumentError,
    UnknownVersionError,
)
from bot.locales import Messages, messages_in
from bot.rendering.layout import notice
from bot.rendering.text.markdown import inline
from index import MAX_QUESTION_LENGTH, ChronicleError, Language, QuestionError

log = logging.getLogger(__name__)

_NAME_UNITS = 100


def explain(error: BaseException, messages: Messages) -> str:
    """Return one line about `error` for the person; an unforeseen error is not described."""
    match error:
        case LongQuestionError():
            return messages.too_long.format(limit=MAX_QUESTION_LENGTH)
        case CooldownError():
            return messages.cooldown.format(seconds=math.ceil(error.seconds))
        case RebuildRunningError() | RebuildCancelledError() | RebuildTooLateError():
            return _about_rebuild(error, messages)
        case discord.HTTPException():
            return _about_refusal(refusal_of(error), messages)
        case QuestionError():
            return messages.unusable
        case _:
            unforeseen = messages.unavailable if isinstance(error, ChronicleError) else messages.unexpected
            line = _LINES.get(type(error))
            return line(messages) if line is not None else unforeseen


def _about_refusal(refusal: Refusal | None, messages: Messages) -> str:
    match refusal:
        case Refusal.BLOCKED:
            return messages.blocked
        case Refusal.FORBIDDEN:
            return messages.forbidden
        case Refusal.ARCHIVED:
            return messages.archived
        case Refusal.DELETED:
            return messages.deleted
        case None:
            return messages.unexpected
        case _:
            assert_never(refusal)


def _about_rebuild(
    error: RebuildRunningError | RebuildCancelledError | RebuildTooLateError, messages: Messages
) -> str:
    match error:
        case RebuildTooLateError(version=version):
            return messages.rebuild_too_late.format(version=inline(version, limit=_NAME_UNITS))
        case RebuildCancelledError(by=name):
            return messages.rebuild_cancelled.format(name=inline(name, limit=_NAME_UNITS))
        case RebuildRunningError(by=name) if name:
            return messages.rebuild_running_by.format(name=inline(name, limit=_NAME_UNITS))
        case _:
            return messages.rebuild_running


_LINES: dict[type[BaseException], Callable[[Messages], str]] = {
    EmptyQuestionError: lambda messages: messages.empty,
    NoTextError: lambda messages: messages.no_text,
    BusyError: lambda messages: messages.busy,
    ClosingError: lambda messages: messages.closing,
    AnswerTimeoutError: lambda messages: messages.timeout,
    LostError: lambda messages: messages.lost,
    UnavailableError: lambda messages: messages.unavailable,
    UnknownDocumentError: lambda messages: messages.unknown_document,
    AmbiguousDocumentError: lambda messages: messages.ambiguous_document,
    StaleError: lambda messages: messages.stale,
    ForgottenError: lambda messages: messages.forgotten,
    OutdatedError: lambda messages: messages.outdated,
    TooLargeError: lambda messages: messages.too_large,
    RecordsUnavailableError: lambda messages: messages.records_unavailable,
    NotAskerError: lambda messages: messages.only_asker,
    NotAdminError: lambda messages: messages.not_admin,
    RebuildFailedError: lambda messages: messages.rebuild_failed,
    RebuildOverError: lambda messages: messages.rebuild_over,
    UnknownVersionError: lambda messages: messages.unknown_version,
    NoEarlierVersionError: lambda messages: messages.no_earlier_version,
    RollbackFailedError: lambda messages: messages.rollback_failed,
}


async def reply_error(interaction: Interaction, error: BaseException, *, language: Language | None = None) -> None:
    """Log `error` once and describe it to the person in `language`, by default that of their request."""
    error = _unwrap(error)
    log_error(error, where=_name(interaction))
    messages = messages_in(language or language_of_interaction(interaction))
    try:
        await respond(interaction, notice(explain(error, messages)))
    except NETWORK_FAULTS as fault:
        log.debug("the error could not be described to the person: %s", fault)


async def reply_error_to_message(message: discord.Message, error: BaseException) -> None:
    """Log `error` once and describe it in a reply to `message`; where the bot may not write, it does not try again."""
    log_error(error, where="message")
    if refusal_of(error) not in (None, Refusal.BLOCKED):
        return
    messages = messages_in(language_of_message(message))
    try:
        await reply_to(message, notice(explain(error, messages)))
    except NETWORK_FAULTS as fault:
        log.debug("the error could not be described to the person: %s", fault)


def log_error(error: BaseException, *, where: str) -> None:
    """Log `error` in one line; unforeseen errors are logged with their traceback."""
    match error:
        case RecordsUnavailableError():
            log.warning("%s: the records: %s", where, error)
        case BotError() | QuestionError():
            log.info("%s: refused: %s", where, type(error).__name__)
        case ChronicleError() | discord.HTTPException() | aiohttp.ClientError() | TimeoutError():
            log.warning("%s: %s: %s", where, type(error).__name__, error)
        case _:
            log.error("%s failed", where, exc_info=error)


def _unwrap(error: BaseException) -> BaseException:
    """Return the exception that a command raised, without discord.py's wrapper."""
    original = getattr(error, "original", None)
    return original if isinstance(original, BaseException) else error


def _name(interaction: Interaction) -> str:
    command = interaction.command
    return command.name if command is not None else "button"
