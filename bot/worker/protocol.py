"""The messages between the bot and its child processes."""

from __future__ import annotations

from dataclasses import dataclass

from index import Answer, BuildReport, ChronicleError, Query


@dataclass(frozen=True, slots=True)
class AskBatch:
    """Answer these queries in one forward pass."""

    queries: tuple[Query, ...]
    top: int
    document: str | None


@dataclass(frozen=True, slots=True)
class Reload:
    """Open the store's current version; `number` tells the reload from others."""

    number: int


@dataclass(frozen=True, slots=True)
class AbandonReload:
    """Drop what the reload opens: nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The start goes on: a model is unpacked, or an index built."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The index of `version` is open; a fallback replaces a damaged version, which has to be built again.

    reload: the number of the reload that asked for it, 0 if none did.
    """

    version: str
    is_fallback: bool = False
    reload: int = 0


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """One result per query, in order."""

    results: tuple[Answer | ChronicleError, ...]


@dataclass(frozen=True, slots=True)
class GroupQuestions:
    """Group these questions by their meaning."""

    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionsGrouped:
    """The positions of the questions of each group."""

    groups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The request failed; `message` is for the log, `busy` if another process builds the store.

    reload: the number of the reload that failed, 0 if it was something else.
    """

    message: str
    busy: bool = False
    reload: int = 0


@dataclass(frozen=True, slots=True)
class Built:
    """The build is done."""

    report: BuildReport
