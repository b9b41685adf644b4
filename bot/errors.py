"""The exceptions that the bot raises on purpose.

BotError
├── EmptyQuestionError, NoTextError, LongQuestionError   the question cannot be asked as it stands
├── CooldownError, BusyError, ClosingError  not now
├── AnswerTimeoutError, LostError           it was tried, and stopped or broke
├── UnavailableError                        the worker cannot start, or the store cannot be read
├── UnknownDocumentError, AmbiguousDocumentError   the name is that of no document, or of several
├── StaleError, ForgottenError, OutdatedError, TooLargeError   what was asked for is not there
├── RecordsUnavailableError                 the records cannot be read or changed
├── NotAskerError, NotAdminError            this person may not
├── RebuildRunningError, RebuildFailedError, RebuildCancelledError, RebuildTooLateError, RebuildOverError
└── UnknownVersionError, NoEarlierVersionError, RollbackFailedError
"""

from __future__ import annotations

from dataclasses import dataclass


class BotError(Exception):
    """A foreseeable fault; `bot.discord_io.error_reply` has the message for each."""


class EmptyQuestionError(BotError):
    """The message holds no question."""


class NoTextError(BotError):
    """The message that is asked about holds no text."""


class LongQuestionError(BotError):
    """The question is longer than the library accepts."""


@dataclass
class CooldownError(BotError):
    """The person asked less than the cooldown ago; `seconds` are left."""

    seconds: float


class BusyError(BotError):
    """The queue of questions is full."""


class ClosingError(BotError):
    """The bot is shutting down and accepts no more questions."""


class AnswerTimeoutError(BotError):
    """The answer exceeded its time limit."""


class LostError(BotError):
    """The worker process died twice on this question."""


class UnavailableError(BotError):
    """No index can be searched; the log says why."""


class UnknownDocumentError(BotError):
    """No document has that name or title."""


class AmbiguousDocumentError(BotError):
    """Several documents have that title."""


class StaleError(BotError):
    """The document has changed since it was shown."""


class ForgottenError(BotError):
    """The query log no longer holds the answer."""


class RecordsUnavailableError(BotError):
    """The records cannot be read or changed now: locked, full, read-only or not to be opened."""


class OutdatedError(BotError):
    """The button belongs to an earlier version of the bot."""


class TooLargeError(BotError):
    """The file exceeds Discord's upload limit."""


class NotAskerError(BotError):
    """Only the person who asked may do this."""


class NotAdminError(BotError):
    """Only an admin may do this."""


@dataclass
class RebuildRunningError(BotError):
    """A rebuild is running; `by` names who started it, empty if nobody asked for it."""

    by: str = ""


class RebuildFailedError(BotError):
    """The rebuild failed; the log says why."""


@dataclass
class RebuildCancelledError(BotError):
    """The rebuild was cancelled; `by` names who cancelled it."""

    by: str


@dataclass
class RebuildTooLateError(BotError):
    """The rebuild ended only after it had made `version` current."""

    version: str


class RebuildOverError(BotError):
    """The rebuild to cancel is over."""


class UnknownVersionError(BotError):
    """The store has no version of that name."""


class NoEarlierVersionError(BotError):
    """The store has no earlier version to roll back to."""


class RollbackFailedError(BotError):
    """The version cannot be opened; the log says why."""
