"""Any exception as one line for the person, and one for the log."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

import discord

from bot.errors import (
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
    RebuildCancelledError,
    RebuildFailedError,
    RebuildOverError,
    RebuildRunningError,
    RebuildTooLateError,
    RollbackFailedError,
    StaleError,
    TooLargeError,
    UnavailableError,
    UnknownDocumentError,
    UnknownVersionError,
)
from bot.locales import Messages
from bot.rendering.markdown import inline
from index import MAX_QUESTION_LENGTH, ChronicleError, QuestionError

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
        case QuestionError():
            return messages.unusable
        case ChronicleError():
            return messages.unavailable
        case _:
            line = _LINES.get(type(error))
            return line(messages) if line is not None else messages.unexpected


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
    BusyError: lambda messages: messages.busy,
    ClosingError: lambda messages: messages.closing,
    AnswerTimeoutError: lambda messages: messages.timeout,
    LostError: lambda messages: messages.lost,
    UnavailableError: lambda messages: messages.unavailable,
    UnknownDocumentError: lambda messages: messages.unknown_document,
    StaleError: lambda messages: messages.stale,
    ForgottenError: lambda messages: messages.forgotten,
    TooLargeError: lambda messages: messages.too_large,
    NotAskerError: lambda messages: messages.only_asker,
    NotAdminError: lambda messages: messages.not_admin,
    RebuildFailedError: lambda messages: messages.rebuild_failed,
    RebuildOverError: lambda messages: messages.rebuild_over,
    UnknownVersionError: lambda messages: messages.unknown_version,
    NoEarlierVersionError: lambda messages: messages.no_earlier_version,
    RollbackFailedError: lambda messages: messages.rollback_failed,
}


def unwrap(error: BaseException) -> BaseException:
    """Return the exception that a callback raised, without discord.py's wrapper."""
    original = getattr(error, "original", None)
    return original if isinstance(original, BaseException) else error


def log_error(error: BaseException, *, where: str) -> None:
    """Log `error` in one line; unforeseen errors are logged with their traceback."""
    match error:
        case BotError() | QuestionError():
            log.info("%s: refused: %s", where, type(error).__name__)
        case ChronicleError() | discord.HTTPException():
            log.warning("%s: %s: %s", where, type(error).__name__, error)
        case _:
            log.error("%s failed", where, exc_info=error)
