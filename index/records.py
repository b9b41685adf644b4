"""A version's documents, passages and views as files, and back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.agreements import Agreement
from index.errors import StoreError
from index.types import Gloss, Library, Passage, Skipped, Term
from index.views import View

_RECORDS = "records.json"
_DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Records:
    """What one version knows besides its vectors.

    hashes: each passage's `paragraph_hash`; glosses: what of them a reader may be shown; terms: the glossary;
    answered: by document, folded questions that its glosses say it answers; gaps: folded questions that the
    documents do not answer; agreements: where documents state the same; reworded: the documents whose words
    were swapped by a machine.
    """

    library: Library
    passages: tuple[Passage, ...]
    hashes: tuple[str, ...]
    views: tuple[View, ...]
    glosses: dict[str, dict[int, Gloss]]
    terms: tuple[Term, ...] = ()
    answered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    reworded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LibraryNotes:
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Notes:
    """What of the records `load_notes` reads: the rest is passed over in a fifth of the time."""

    library: _LibraryNotes


_ADAPTER = TypeAdapter(Records)
_NOTES_ADAPTER = TypeAdapter(_Notes)


def save_records(records: Records, folder: Path) -> None:
    """Write `records` into `folder`: the documents' own bytes each in a file named by its SHA-256."""
    (folder / _DOCUMENTS).mkdir()
    for document in records.library.documents:
        (folder / _DOCUMENTS / document.sha256).write_bytes(document.text.encode("utf-8"))
    bare = tuple(replace(document, text="") for document in records.library.documents)
    light = replace(records, library=replace(records.library, documents=bare))
    (folder / _RECORDS).write_bytes(_ADAPTER.dump_json(light))


def load_records(folder: Path) -> Records:
    """Read what `save_records` wrote. Raises StoreError."""
    try:
        records = _ADAPTER.validate_json((folder / _RECORDS).read_bytes())
        documents = tuple(
            replace(document, text=(folder / _DOCUMENTS / document.sha256).read_bytes().decode("utf-8"))
            for document in records.library.documents
        )
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; run `python -m index build`") from error
    return replace(records, library=replace(records.library, documents=documents))


def load_notes(folder: Path) -> tuple[Skipped, ...]:
    """Read only what `save_records` wrote of files that were left out. Raises StoreError."""
    try:
        return _NOTES_ADAPTER.validate_json((folder / _RECORDS).read_bytes()).library.skipped
    except (OSError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; run `python -m index build`") from error
