"""What a documents folder and a store are worth as they lie on the disk, without loading a model."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.indexing.builder import is_stale
from index.indexing.left_out import notes_on_documents
from index.store.manifest import verify_for_opening
from index.store.opening import open_store
from index.store.store import Store
from index.types import Library, StoreInspection, StoreLocation


def inspect_documents(documents: Path) -> Library:
    """Return what a build would read from the folder `documents`, with notes on documents and sidecars alone.

    Raises DocumentsError.
    """
    sources = read_sources(documents)
    library = build_corpus(parse_documents(documents, sources), sources.sidecars).library
    return replace(library, skipped=notes_on_documents(library.skipped))


def inspect_store(store: StoreLocation, documents: Path) -> StoreInspection:
    """Return the current version of `store` compared with the folder `documents`.

    Raises StoreError if there is none or one of its files differs from its checksum.
    """
    found = open_store(store)
    return found.read_current(partial(_inspect, store=found, documents=documents))


def _inspect(path: Path, *, store: Store, documents: Path) -> StoreInspection:
    manifest = verify_for_opening(path)
    return StoreInspection(store.info(), is_stale=is_stale(manifest, documents))
