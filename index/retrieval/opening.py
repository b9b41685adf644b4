"""Opening the indexes of a version, wherever its store is, and publishing them there."""

from __future__ import annotations

from pathlib import Path

from index.milvus.local_copies import address_of
from index.milvus.names import Names
from index.milvus.vectors import RemoteVectors
from index.retrieval.candidates.local_search import LocalSearch
from index.retrieval.candidates.milvus_search import MilvusSearch, upload_vectors
from index.retrieval.hybrid_index import HybridIndex


def open_indexes(folder: Path) -> HybridIndex:
    """Return the indexes of the version in `folder`; candidates come from Milvus if the store is there.

    Raises StoreError.
    """
    index = HybridIndex.load(folder)
    remote = _remote(folder)
    if remote is not None:
        index.search = MilvusSearch(remote, LocalSearch(index.dense, index.bm25))
    return index


def publish_indexes(folder: Path) -> None:
    """Make the version in `folder` searchable in Milvus if its store is there. Raises StoreError."""
    remote = _remote(folder)
    if remote is not None:
        index = HybridIndex.load(folder)
        upload_vectors(remote, index.dense, index.bm25)


def _remote(folder: Path) -> RemoteVectors | None:
    address = address_of(folder.parent.parent)
    return None if address is None else RemoteVectors(address, Names(address.name).vectors(folder.name))
