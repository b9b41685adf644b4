"""Every error the bot raises on purpose, and any exception as one line for the person.

BotError
├── EmptyQuestionError, LongQuestionError   the question cannot be asked as it stands
├── CooldownError, BusyError, ClosingError  not now
├── AnswerTimeoutError, LostError           it was tried, and stopped or broke
├── UnavailableError                        the worker cannot start, or the store cannot be read
├── UnknownDocumentError, StaleError, ForgottenError, TooLargeError   what was asked for is not there
├── NotAskerError, NotAdminError            this person may not
├── RebuildRunningError, RebuildFailedError, RebuildCancelledError, RebuildTooLateError, RebuildOverError
└── UnknownVersionError, NoEarlierVersionError, RollbackFailedError
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass

import discord

from bot.locales import Messages
from bot.rendering.markdown import inline
from index import ChronicleError, QuestionError

log = logging.getLogger(__name__)

QUESTION_LIMIT = 1000  # code points: the library's contract
_NAME_UNITS = 100


class BotError(Exception):
    """Something foreseeable; the person gets its line in their language."""


class EmptyQuestionError(BotError):
    """There is no question in the message."""


class LongQuestionError(BotError):
    """The question is longer than the library takes."""


@dataclass
class CooldownError(BotError):
    """The person asked a moment ago."""

    seconds: float


class BusyError(BotError):
    """The queue is full."""


class ClosingError(BotError):
    """The bot is shutting down and takes no more questions."""


class AnswerTimeoutError(BotError):
    """The answer took longer than it may."""


class LostError(BotError):
    """The worker died twice over this question."""


class UnavailableError(BotError):
    """There is no working index to ask; the log says why."""


class UnknownDocumentError(BotError):
    """No document has that name."""


class StaleError(BotError):
    """The document is no longer the one that was shown."""


class ForgottenError(BotError):
    """The answer is not on record any more."""


class TooLargeError(BotError):
    """The file exceeds what may be uploaded here."""


class NotAskerError(BotError):
    """Only the asker may do this."""


class NotAdminError(BotError):
    """Only the operator may do this."""


@dataclass
class RebuildRunningError(BotError):
    """A rebuild is under way; who started it, empty where no person did."""

    by: str = ""


class RebuildFailedError(BotError):
    """The rebuild failed; the log says why."""


@dataclass
class RebuildCancelledError(BotError):
    """The rebuild was cancelled; who did it."""

    by: str


@dataclass
class RebuildTooLateError(BotError):
    """The rebuild was cancelled or broke off when it had made a version current already."""

    version: str


class RebuildOverError(BotError):
    """There is no such rebuild any more, to be cancelled."""


class UnknownVersionError(BotError):
    """The store has no version of that name."""


class NoEarlierVersionError(BotError):
    """There is nothing to go back to."""


class RollbackFailedError(BotError):
    """That version cannot be opened; the log says why."""


def explain(error: BaseException, messages: Messages) -> str:
    """Put `error` into one line for the person; what is not foreseen says no more than that."""
    match error:
        case LongQuestionError():
            return messages.too_long.format(limit=QUESTION_LIMIT)
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
    """Give what a callback raised, out of discord.py's wrapper."""
    original = getattr(error, "original", None)
    return original if isinstance(original, BaseException) else error


def report(error: BaseException, *, where: str) -> None:
    """Write one log line: what was foreseen at INFO, a fault of the library or Discord as a warning."""
    match error:
        case BotError() | QuestionError():
            log.info("%s: refused: %s", where, type(error).__name__)
        case ChronicleError() | discord.HTTPException():
            log.warning("%s: %s: %s", where, type(error).__name__, error)
        case _:
            log.error("%s failed", where, exc_info=error)
