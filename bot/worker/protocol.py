"""What the bot and its child processes say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index import Answer, BuildReport, ChronicleError, Query


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker has to know; no secret among it."""

    documents: Path
    store: Path
    model: str
    threads: int
    keep: int
    threshold: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Questions to answer in one forward pass."""

    queries: tuple[Query, ...]
    top: int
    document: str | None


@dataclass(frozen=True, slots=True)
class Reload:
    """Open the store's current version."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The index of `version` is open; `mend`: in the place of a damaged one, so a build is due."""

    version: str
    mend: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """One result a question, in order."""

    results: tuple[Answer | ChronicleError, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be done; the message is for the log."""

    message: str
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """A build is done."""

    report: BuildReport
