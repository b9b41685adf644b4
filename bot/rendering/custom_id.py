"""What a button or menu says when it is pressed: a small value that fits into its `custom_id`.

All a action needs stands in it, so buttons hold after a restart, and nothing has to be stored for them.
A document is named by a hash of its name and content: after it changed, the action finds none, and says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TypeAlias

# Twelve hexadecimal digits of a SHA-256: 48 bits tell any library's documents apart.
_HASH = 12
_EDITION = 6
_SEPARATOR = ":"


def document_tag(name: str, sha256: str) -> str:
    """Give a short mark of a document's name and content, for a action to carry."""
    return _digest(f"{name}\0{sha256}")[:_HASH]


def version_tag(version: str) -> str:
    """Give a short mark of a store's version, to tell whether the index is still the one that was asked."""
    return _digest(version)[:_EDITION]


@dataclass(frozen=True, slots=True)
class ShowContext:
    """Show a passage with its neighbours."""

    slot: int
    sha: str
    start: int
    end: int
    version_tag: str


@dataclass(frozen=True, slots=True)
class ShowConverted:
    """Show a passage in the other Chinese script."""

    slot: int
    sha: str
    start: int
    end: int
    version_tag: str


@dataclass(frozen=True, slots=True)
class SwapScript:
    """Swap the passage shown between the original (0) and the converted text (1)."""

    converted: int
    sha: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ShowMore:
    """Show the answer's further quotes from number `offset` on."""

    answer: int
    offset: int


@dataclass(frozen=True, slots=True)
class Vote:
    """Say whether the answer helped (1) or not (0)."""

    answer: int
    helpful: int


@dataclass(frozen=True, slots=True)
class DeleteAnswer:
    """Delete the answer, for its asker."""

    asker: int


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Open a document at a page, in a message of its own."""

    sha: str
    page: int


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Turn the page of the message that shows one; `slot` keeps the buttons apart."""

    slot: int
    sha: str
    page: int


@dataclass(frozen=True, slots=True)
class JumpToSection:
    """Turn to the section that was chosen in the menu."""

    sha: str


@dataclass(frozen=True, slots=True)
class CancelRebuild:
    """End the rebuild of that number."""

    build: int


@dataclass(frozen=True, slots=True)
class Download:
    """Send the document's file."""

    sha: str


Action: TypeAlias = (
    ShowContext
    | ShowConverted
    | SwapScript
    | ShowMore
    | Vote
    | DeleteAnswer
    | ReadPage
    | TurnPage
    | JumpToSection
    | Download
    | CancelRebuild
)

_KINDS: dict[str, type[Action]] = {
    "context": ShowContext,
    "convert": ShowConverted,
    "swap": SwapScript,
    "more": ShowMore,
    "vote": Vote,
    "delete": DeleteAnswer,
    "read": ReadPage,
    "turn": TurnPage,
    "jump": JumpToSection,
    "download": Download,
    "cancel": CancelRebuild,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode_action(action: Action) -> str:
    """Write `action` as a `custom_id`."""
    values = (str(getattr(action, field.name)) for field in fields(action))
    return _SEPARATOR.join((_NAMES[type(action)], *values))


def parse(text: str) -> Action | None:
    """Read a `custom_id`; None when it is not one of ours."""
    name, *values = text.split(_SEPARATOR)
    kind = _KINDS.get(name)
    if kind is None or len(values) != len(fields(kind)):
        return None
    arguments: dict[str, str | int] = {}
    for field, value in zip(fields(kind), values, strict=True):
        if field.type == "int":
            if not value.isascii() or not value.isdigit():
                return None
            arguments[field.name] = int(value)
        else:
            arguments[field.name] = value
    return kind(**arguments)  # type: ignore[arg-type]  # each checked against its field above


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
