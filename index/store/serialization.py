"""A version's corpus as files, and back."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.corpus.corpus import Corpus
from index.errors import REBUILD, StoreError
from index.store.files import read_file
from index.types import ParagraphAnnotation, Skipped

_CORPUS = "corpus.json"
_TEXTS = "documents"  # each document's text as UTF-8, in a file named by its SHA-256; corpus.json has that name
_TEXT_NAME = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A stored document without its text and blocks."""

    name: str
    title: str
    language: str
    encoding: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """A stored library without its texts and blocks.

    drafted: by language model, how many paragraphs have reading aids that it wrote and no person has checked.
    """

    documents: tuple[DocumentSummary, ...]
    skipped: tuple[Skipped, ...]
    left_out: Mapping[str, int]
    drafted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _CorpusSummary:
    """The part of the corpus that `load_summary` parses: a fifth of the time of all of it."""

    library: LibrarySummary
    annotations: dict[str, dict[int, ParagraphAnnotation]]


_CORPUS_ADAPTER = TypeAdapter(Corpus)
_SUMMARY_ADAPTER = TypeAdapter(_CorpusSummary)


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write `corpus` into the folder of a version."""
    (folder / _TEXTS).mkdir()
    documents = []
    for document in corpus.library.documents:
        content = document.text.encode("utf-8")
        name = hashlib.sha256(content).hexdigest()
        (folder / _TEXTS / name).write_bytes(content)
        documents.append(replace(document, text=name))
    library = replace(corpus.library, documents=tuple(documents))
    (folder / _CORPUS).write_bytes(_CORPUS_ADAPTER.dump_json(replace(corpus, library=library)))


def load_corpus(folder: Path) -> Corpus:
    """Return what `save_corpus` wrote. Raises StoreError."""
    try:
        corpus = _CORPUS_ADAPTER.validate_json(read_file(folder / _CORPUS))
        documents = tuple(
            replace(document, text=_read_text(folder, document.text)) for document in corpus.library.documents
        )
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder} is damaged; {REBUILD}") from error
    return replace(corpus, library=replace(corpus.library, documents=documents))


def load_summary(folder: Path) -> LibrarySummary:
    """Return only a summary of the library that `save_corpus` wrote. Raises StoreError."""
    try:
        summary = _SUMMARY_ADAPTER.validate_json(read_file(folder / _CORPUS))
    except (OSError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; {REBUILD}") from error
    aids = (
        each for of in summary.annotations.values() for each in of.values() if each.translation or each.restatement
    )
    return replace(summary.library, drafted=Counter(each.drafted_by for each in aids if each.drafted_by))


def _read_text(folder: Path, name: str) -> str:
    if not _TEXT_NAME.fullmatch(name):
        raise ValueError(f"{name!r} does not name a text")
    content = read_file(folder / _TEXTS / name)
    if hashlib.sha256(content).hexdigest() != name:
        raise ValueError(f"{name!r} is not the hash of its text")
    return content.decode("utf-8")
