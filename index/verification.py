"""Proving a version sound: its files, its spans, its counts, its model, and that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.fold import fold
from index.glosses import paragraph_hash
from index.manifest import MEND, check_files
from index.records import Records, load_records
from index.store import Store

if TYPE_CHECKING:
    from index.search import Index
    from index.types import Encoder, Passage

_ASKED = 100  # code points of a passage's longest sentence, which must find it
_HITS = 20  # among which it must be


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found sound: the numbers of what was checked, and how many starter questions are answered."""

    version: str
    files: int
    documents: int
    passages: int
    views: int
    questions: int
    answered: int


def verify_store(store: Path, encoder: Encoder) -> Verified:
    """Check the current version of `store` from its bytes to its answers; StoreError names the first fault.

    A passage must be found by its own words. The other questions are the catalog's starters; one that is
    declined is counted, no fault: the documents may have changed since they were written down.
    """
    return Store(store).read_current(partial(_verify, encoder=encoder))


def _verify(path: Path, encoder: Encoder) -> Verified:
    manifest = check_files(path)
    records = load_records(path)
    fault = next(_faults(records), None)
    if fault is not None:
        raise StoreError(f"{path}: {fault}; {MEND}")
    answers = _ask(path, records, encoder)
    return Verified(
        version=manifest.version,
        files=len(manifest.files),
        documents=len(records.library.documents),
        passages=len(records.passages),
        views=len(records.views),
        questions=len(answers),
        answered=sum(answers),
    )


def _faults(records: Records) -> Iterator[str]:
    texts = {document.name: document.text for document in records.library.documents}
    for number, (passage, expected) in enumerate(zip(records.passages, records.hashes, strict=True)):
        span = passage.span
        if paragraph_hash(texts.get(passage.document, "")[span.start : span.end]) != expected:
            yield f"passage {number} is not in {passage.document} at {span.start}-{span.end}"
        if not all(span.start <= each.start < each.end <= span.end for each in passage.sentences):
            yield f"passage {number} of {passage.document} has a sentence outside it"
    if any(view.passage >= len(records.passages) for view in records.views):
        yield "a view belongs to no passage"


def _ask(path: Path, records: Records, encoder: Encoder) -> list[bool]:
    from index.matching import Matching
    from index.search import Index

    matching = Matching.load(path)
    for name, count in (("vectors", len(matching.vectors)), ("token vectors", len(matching.tokens))):
        if count != len(records.views):
            raise StoreError(f"{path} has {count} {name} for {len(records.views)} views; {MEND}")
    index = Index.open_version(path, encoder)
    for number in sorted({0, len(records.passages) // 2, len(records.passages) - 1}):
        if not _is_found(index, records, records.passages[number]):
            raise StoreError(f"{path}: passage {number} is not found by its own words; {MEND}")
    starters = [starter for each in records.library.starters.values() for starter in each]
    return [index.ask(starter).answered for starter in starters]


def _is_found(index: Index, records: Records, passage: Passage) -> bool:
    """Ask a passage's longest sentence; others that hold the same words will do as well."""
    texts = {document.name: document.text for document in records.library.documents}
    span = max(passage.sentences, key=lambda sentence: sentence.end - sentence.start)
    words = texts[passage.document][span.start : span.end][:_ASKED]
    found = (records.passages[hit.passage] for hit in index.search(words, top=_HITS).hits)
    return not fold(words) or any(words in texts[each.document][each.span.start : each.span.end] for each in found)
