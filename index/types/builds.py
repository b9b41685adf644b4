"""Builds of an index, and what a store holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from index.types.documents import Skipped


class BuildStage(StrEnum):
    """The stages of a build, in order."""

    READ = "read"
    ENCODE = "encode"
    QUESTIONS = "questions"
    INDEX = "index"
    WRITE = "write"
    CHECK = "check"


class BuildReason(StrEnum):
    """Why a build wrote a new version, or did not."""

    FIRST_BUILD = "first build"
    DAMAGED = "the current version was damaged or from another program version"
    OTHER_MODEL = "another model"
    OTHER_NORMALIZATION = "other normalization rules"
    OTHER_PASSAGES = "other passage rules"
    OTHER_RETRIEVAL = "other retrieval rules"
    OTHER_OPENCC = "another version of OpenCC"
    OTHER_FOLDER = "another documents folder"
    DOCUMENTS_CHANGED = "documents changed"
    NOTHING_CHANGED = "nothing changed"


@dataclass(frozen=True, slots=True)
class Change:
    """What a build did to one document: its passages before and after."""

    name: str
    kind: Literal["added", "changed", "removed"]
    passages_added: int
    passages_removed: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build changed, left out and cost. `version` is the current one afterwards.

    skipped: documents that were left out, and notes. left_out: the number of other files, and of things without text in
    the documents, by their kind.
    """

    version: str
    built: bool
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    encoded: int
    reasons: tuple[BuildReason, ...]
    seconds: float
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store's manifest says, without loading the model."""

    version: str
    built_at: str
    model: str
    documents_folder: str
    documents: Mapping[str, str]
    passages: int
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreInspection:
    """A store's current version, whose files are whole; is_stale: the documents differ from those it was built from."""

    info: StoreInfo
    is_stale: bool
