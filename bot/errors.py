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

from bot.escape import inline
from bot.locales import Texts
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


def explain(error: BaseException, texts: Texts) -> str:
    """Put `error` into one line for the person; what is not foreseen says no more than that."""
    match error:
        case LongQuestionError():
            return texts.too_long.format(limit=QUESTION_LIMIT)
        case CooldownError():
            return texts.cooldown.format(seconds=math.ceil(error.seconds))
        case RebuildRunningError() | RebuildCancelledError() | RebuildTooLateError():
            return _about_rebuild(error, texts)
        case QuestionError():
            return texts.unusable
        case ChronicleError():
            return texts.unavailable
        case _:
            line = _LINES.get(type(error))
            return line(texts) if line is not None else texts.unexpected


def _about_rebuild(error: RebuildRunningError | RebuildCancelledError | RebuildTooLateError, texts: Texts) -> str:
    match error:
        case RebuildTooLateError(version=version):
            return texts.rebuild_too_late.format(version=inline(version, limit=_NAME_UNITS))
        case RebuildCancelledError(by=name):
            return texts.rebuild_cancelled.format(name=inline(name, limit=_NAME_UNITS))
        case RebuildRunningError(by=name) if name:
            return texts.rebuild_running_by.format(name=inline(name, limit=_NAME_UNITS))
        case _:
            return texts.rebuild_running


_LINES: dict[type[BaseException], Callable[[Texts], str]] = {
    EmptyQuestionError: lambda texts: texts.empty,
    BusyError: lambda texts: texts.busy,
    ClosingError: lambda texts: texts.closing,
    AnswerTimeoutError: lambda texts: texts.timeout,
    LostError: lambda texts: texts.lost,
    UnavailableError: lambda texts: texts.unavailable,
    UnknownDocumentError: lambda texts: texts.unknown_document,
    StaleError: lambda texts: texts.stale,
    ForgottenError: lambda texts: texts.forgotten,
    TooLargeError: lambda texts: texts.too_large,
    NotAskerError: lambda texts: texts.only_asker,
    NotAdminError: lambda texts: texts.not_admin,
    RebuildFailedError: lambda texts: texts.rebuild_failed,
    RebuildOverError: lambda texts: texts.rebuild_over,
    UnknownVersionError: lambda texts: texts.unknown_version,
    NoEarlierVersionError: lambda texts: texts.no_earlier_version,
    RollbackFailedError: lambda texts: texts.rollback_failed,
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
