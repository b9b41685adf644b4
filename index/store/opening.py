"""The store that is at a location."""

from __future__ import annotations

from pathlib import Path

from index.store.store import Store
from index.types import StoreLocation


def open_store(location: StoreLocation) -> Store:
    """Return the store at `location`: a folder, or an index in Milvus, which is not connected to yet."""
    if isinstance(location, Path):
        return Store(location)
    from index.store.milvus_store import MilvusStore

    return MilvusStore(location)
