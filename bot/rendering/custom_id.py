"""Encode and decode the actions of buttons and menus as `custom_id` strings.

A `custom_id` holds everything its action needs, so buttons work after a restart and nothing is stored for them.
A document is identified by a hash of its name and content: once it has changed, the action finds no document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TypeAlias

from bot.types import Rating
from index import LANGUAGES, Language, Outcome

# Hexadecimal digits of a SHA-256: 48 bits tell the documents of any folder apart.
_DOCUMENT_DIGITS = 12
_VERSION_DIGITS = 6
_SEPARATOR = ":"


def document_tag(name: str, sha256: str) -> str:
    """Return a short hash of a document's name and content."""
    return _digest(f"{name}\0{sha256}")[:_DOCUMENT_DIGITS]


def question_tag(question: str) -> str:
    """Return a short hash of a question."""
    return _digest(question)[:_DOCUMENT_DIGITS]


def version_tag(version: str) -> str:
    """Return a short hash of an index version, to recognise it later."""
    return _digest(version)[:_VERSION_DIGITS]


@dataclass(frozen=True, slots=True)
class ShowContext:
    """Show a passage of an answer with its neighbours; `slot` keeps the buttons of a message apart.

    record: the number of the answer's record, 0 without one. asker: who may delete the answer from there, 0 for nobody.
    """

    slot: int
    document_tag: str
    start: int
    end: int
    version_tag: str
    language: Language
    outcome: Outcome
    record: int
    asker: int


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage of an answer, whose record has that number; `slot` keeps the buttons of a message apart."""

    slot: int
    document_tag: str
    start: int
    end: int
    version_tag: str
    language: Language
    outcome: Outcome
    record: int


@dataclass(frozen=True, slots=True)
class ShowConverted(PassageView):
    """Show a passage in the other Chinese script."""


@dataclass(frozen=True, slots=True)
class ShowSource(PassageView):
    """Show a passage as the file has it."""


@dataclass(frozen=True, slots=True)
class SwapScript:
    """Replace the passage shown by its conversion (1) or its original (0)."""

    converted: int
    document_tag: str
    start: int
    end: int
    language: Language
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ShowMore:
    """Show the quotes of an answer from index `offset` on."""

    answer: int
    offset: int
    language: Language


@dataclass(frozen=True, slots=True)
class Vote:
    """Record whether an answer helped (1) or not (0)."""

    answer: int
    helpful: int
    language: Language


@dataclass(frozen=True, slots=True)
class GiveReason:
    """Record why an answer did not help."""

    answer: int
    reason: Rating
    language: Language


@dataclass(frozen=True, slots=True)
class DeleteAnswer:
    """Delete an answer, which is the message of that id, if the person who asked wants it."""

    asker: int
    message: int
    language: Language


@dataclass(frozen=True, slots=True)
class AskStarter:
    """Ask the starter question with that `question_tag`."""

    language: Language
    question_tag: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person reads a document: in which language, and from which answer.

    outcome, record, start, end: what became of the question, the number of the answer's record, 0 without one, and the
    range of its quote. aid: the number of the part that is shown of the page's reading aids, 0 for the original.
    """

    language: Language
    outcome: Outcome = Outcome.ANSWERED
    record: int = 0
    start: int = 0
    end: int = 0
    aid: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage(Reading):
    """Open a document at a page, in a new message."""

    document_tag: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPage(Reading):
    """Show another page in the same message; `slot` keeps the buttons of a message apart."""

    slot: int
    document_tag: str
    page: int


@dataclass(frozen=True, slots=True)
class TurnSources:
    """Show another page of the list of documents; `slot` keeps the buttons of a message apart."""

    slot: int
    page: int
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpToSection(Reading):
    """Show the page on which the section chosen in the menu starts."""

    document_tag: str


@dataclass(frozen=True, slots=True)
class CancelRebuild:
    """Cancel the rebuild with the number `build`."""

    build: int


@dataclass(frozen=True, slots=True)
class Download:
    """Send a document as a file."""

    document_tag: str
    language: Language


PassageAction: TypeAlias = ShowContext | ShowConverted | ShowSource | SwapScript
AnswerAction: TypeAlias = ShowMore | Vote | GiveReason | DeleteAnswer | AskStarter
ReadingAction: TypeAlias = ReadPage | TurnPage | TurnSources | JumpToSection | Download
Action: TypeAlias = PassageAction | AnswerAction | ReadingAction | CancelRebuild

_KINDS: dict[str, type[Action]] = {
    "context": ShowContext,
    "convert": ShowConverted,
    "source": ShowSource,
    "swap": SwapScript,
    "more": ShowMore,
    "vote": Vote,
    "reason": GiveReason,
    "delete": DeleteAnswer,
    "ask": AskStarter,
    "read": ReadPage,
    "turn": TurnPage,
    "sources": TurnSources,
    "jump": JumpToSection,
    "download": Download,
    "cancel": CancelRebuild,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode_action(action: Action) -> str:
    """Return the `custom_id` of `action`."""
    values = (_encoded(getattr(action, field.name)) for field in fields(action))
    return _SEPARATOR.join((_NAMES[type(action)], *values))


def decode_action(custom_id: str) -> Action | None:
    """Return the action of `custom_id`; None if the bot did not write it."""
    name, *values = custom_id.split(_SEPARATOR)
    kind = _KINDS.get(name)
    if kind is None or len(values) != len(fields(kind)):
        return None
    try:
        arguments = {
            field.name: _decoded(value, str(field.type)) for field, value in zip(fields(kind), values, strict=True)
        }
    except ValueError:
        return None
    return kind(**arguments)  # type: ignore[arg-type]  # each was checked against its field


def language_in(custom_id: str) -> Language | None:
    """Return the language that `custom_id` carries, that of the card; None if it has none."""
    return next((language for language in LANGUAGES if language in custom_id.split(_SEPARATOR)), None)


def _encoded(value: object) -> str:
    return str(value.value if isinstance(value, Rating) else value)


def _decoded(value: str, kind: str) -> str | int | Rating:
    """Return `value` as a field of that type has it. Raises ValueError."""
    match kind:
        case "int" if value.isascii() and value.isdigit():
            return int(value)
        case "Outcome":
            return Outcome(value)
        case "Rating":
            return Rating(value)
        case "Language" if value in LANGUAGES:
            return value
        case "str":
            return value
        case _:
            raise ValueError(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
