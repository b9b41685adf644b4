"""A version's documents, passages and representations as files, and back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.corpus.annotations.agreements import Agreement
from index.corpus.representations import Representation
from index.errors import StoreError
from index.types import Library, ParagraphAnnotation, Passage, Skipped, Term

_RECORDS = "corpus.json"
_DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one version knows besides its vectors.

    hashes: each passage's `paragraph_hash`; annotations: what of them a reader may be shown; terms: the glossary;
    answered: by document, normalized questions that its annotations say it answers; unanswerable: normalized questions that the
    documents do not answer; agreements: where documents state the same; reworded: the documents whose words
    were swapped by a machine.
    """

    library: Library
    passages: tuple[Passage, ...]
    hashes: tuple[str, ...]
    representations: tuple[Representation, ...]
    annotations: dict[str, dict[int, ParagraphAnnotation]]
    terms: tuple[Term, ...] = ()
    answered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unanswerable: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    reworded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LibraryNotes:
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Notes:
    """What of the corpus `load_notes` reads: the rest is passed over in a fifth of the time."""

    library: _LibraryNotes


_ADAPTER = TypeAdapter(Corpus)
_NOTES_ADAPTER = TypeAdapter(_Notes)


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write `corpus` into `folder`: the documents' own bytes each in a file named by its SHA-256."""
    (folder / _DOCUMENTS).mkdir()
    for document in corpus.library.documents:
        (folder / _DOCUMENTS / document.sha256).write_bytes(document.text.encode("utf-8"))
    bare = tuple(replace(document, text="") for document in corpus.library.documents)
    light = replace(corpus, library=replace(corpus.library, documents=bare))
    (folder / _RECORDS).write_bytes(_ADAPTER.dump_json(light))


def load_corpus(folder: Path) -> Corpus:
    """Read what `save_corpus` wrote. Raises StoreError."""
    try:
        corpus = _ADAPTER.validate_json((folder / _RECORDS).read_bytes())
        documents = tuple(
            replace(document, text=(folder / _DOCUMENTS / document.sha256).read_bytes().decode("utf-8"))
            for document in corpus.library.documents
        )
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; run `python -m index build`") from error
    return replace(corpus, library=replace(corpus.library, documents=documents))


def load_notes(folder: Path) -> tuple[Skipped, ...]:
    """Read only what `save_corpus` wrote of files that were left out. Raises StoreError."""
    try:
        return _NOTES_ADAPTER.validate_json((folder / _RECORDS).read_bytes()).library.skipped
    except (OSError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; run `python -m index build`") from error
