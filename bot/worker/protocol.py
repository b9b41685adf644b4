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
    """Open the store's current version."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The index of `version` is open; a fallback replaces a damaged version, which has to be built again."""

    version: str
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """One result per query, in order."""

    results: tuple[Answer | ChronicleError, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The request failed; `message` is for the log, `busy` if another process builds the store."""

    message: str
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """The build is done."""

    report: BuildReport
