"""Checks of a version: its files, spans and counts, its model, and that it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from index.corpus.annotations.paragraphs import paragraph_hash
from index.corpus.corpus import Corpus
from index.corpus.parsing import FORMATS
from index.corpus.tables import Columns
from index.errors import REBUILD, StoreError
from index.store.manifest import verify_checksums
from index.store.opening import open_store
from index.store.serialization import load_corpus
from index.text.normalize import normalize
from index.types import StoreLocation

if TYPE_CHECKING:
    from index.answering.engine import Index
    from index.types import Document, Encoder, Passage

_SEARCHED_LENGTH = 100  # code points of a passage's longest sentence, which must find it
_SEARCHED_HITS = 20  # among which the passage must be


@dataclass(frozen=True, slots=True)
class Verified:
    """How much of a version was checked, and how many of the starter questions it answers."""

    version: str
    files: int
    documents: int
    passages: int
    representations: int
    questions: int
    answered: int


def verify_store(store: StoreLocation, encoder: Encoder) -> Verified:
    """Check the current version of `store` from its bytes to its answers.

    Raises StoreError naming the first fault. A passage must be found by its own words. A starter question of
    the catalog that is declined is only counted: the documents may have changed since it was written.
    """
    return open_store(store).read_current(partial(_verify, encoder=encoder))


def _verify(path: Path, encoder: Encoder) -> Verified:
    manifest = verify_checksums(path)
    corpus = load_corpus(path)
    fault = next(_faults(corpus), None)
    if fault is not None:
        raise StoreError(f"{path}: {fault}; {REBUILD}")
    answers = _ask(path, corpus, encoder)
    return Verified(
        version=manifest.version,
        files=len(manifest.files),
        documents=len(corpus.library.documents),
        passages=len(corpus.passages),
        representations=len(corpus.representations),
        questions=len(answers),
        answered=sum(answers),
    )


def _faults(corpus: Corpus) -> Iterator[str]:
    names = {document.name for document in corpus.library.documents}
    for number, (passage, expected) in enumerate(zip(corpus.passages, corpus.hashes, strict=True)):
        span = passage.span
        text = corpus.library.document(passage.document).slice(span) if passage.document in names else ""
        if paragraph_hash(text) != expected:
            yield f"passage {number} is not in {passage.document} at {span.start}-{span.end}"
        if not all(each and span.contains(each) for each in passage.sentences):
            yield f"passage {number} of {passage.document} has a sentence outside it"
    for document in corpus.library.documents:
        if _is_decoded(document) and _sha256(document) != document.sha256:
            yield f"the text of {document.name} is not that of the file with its hash"
    if not _have_their_tables(corpus):
        yield "its tables are not those of its passages and representations"


def _have_their_tables(corpus: Corpus) -> bool:
    """Return whether the columns of `corpus` are what its passages and representations give."""
    stored = corpus.tables.columns
    right = Columns.of(corpus.library, corpus.passages, corpus.representations)
    return all(np.array_equal(getattr(stored, each.name), getattr(right, each.name)) for each in fields(Columns))


def _is_decoded(document: Document) -> bool:
    """Return whether the text gives the file's bytes; legacy encodings have several for one text."""
    suffix = PurePosixPath(document.name).suffix.lower()
    return suffix in FORMATS and FORMATS[suffix].is_text and document.encoding.startswith("utf-")


def _sha256(document: Document) -> str:
    return hashlib.sha256(document.text.encode(document.encoding)).hexdigest()


def _ask(path: Path, corpus: Corpus, encoder: Encoder) -> list[bool]:
    from index.answering.engine import Index
    from index.retrieval.opening import open_indexes

    hybrid, representations = open_indexes(path), len(corpus.representations)
    for name, count in (("vectors", len(hybrid.dense)), ("token vectors", len(hybrid.tokens))):
        if count != representations:
            raise StoreError(f"{path} has {count} {name} for {representations} representations; {REBUILD}")
    hybrid.search.check(representations)
    index = Index.open_version(path, encoder)
    for number in sorted({0, len(corpus.passages) // 2, len(corpus.passages) - 1}):
        if not _is_found(index, corpus, corpus.passages[number]):
            raise StoreError(f"{path}: passage {number} is not found by its own words; {REBUILD}")
    starters = [starter for each in corpus.library.starters.values() for starter in each]
    return [index.ask(starter).answered for starter in starters]


def _is_found(index: Index, corpus: Corpus, passage: Passage) -> bool:
    """Return whether a passage's longest sentence finds it, or another passage that holds the same words."""
    span = max(passage.sentences, key=len)
    words = corpus.library.document(passage.document).slice(span)[:_SEARCHED_LENGTH]
    found = (corpus.passages[hit.passage] for hit in index.search(words, top=_SEARCHED_HITS).hits)
    texts = (corpus.library.document(each.document).slice(each.span) for each in found)
    return not normalize(words) or any(words in text for text in texts)
