"""Proving a version sound: its files, its spans, its counts, its model, and that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.glosses import paragraph_hash
from index.records import Records, load_records
from index.store import Store, check_files

if TYPE_CHECKING:
    from index.types import Encoder

_MEND = "run `python -m index build`"


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

    The questions are the catalog's starters. One that is declined is counted, no fault: the documents may
    have changed since they were written down.
    """
    folder = Store(store)
    manifest = folder.manifest()
    path = folder.path(manifest.version)
    check_files(path)
    records = load_records(path)
    fault = next(_faults(records), None)
    if fault is not None:
        raise StoreError(f"{path}: {fault}; {_MEND}")
    answers = _ask(store, path, records, encoder)
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


def _ask(store: Path, path: Path, records: Records, encoder: Encoder) -> list[bool]:
    from index.matching import Matching
    from index.search import Index

    matching = Matching.load(path)
    for name, count in (("vectors", len(matching.vectors)), ("token vectors", len(matching.tokens))):
        if count != len(records.views):
            raise StoreError(f"{path} has {count} {name} for {len(records.views)} views; {_MEND}")
    index = Index.open(store, encoder)
    index.check()
    starters = [starter for each in records.library.starters.values() for starter in each]
    return [index.ask(starter).answered for starter in starters]
