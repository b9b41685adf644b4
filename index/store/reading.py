"""A store read without its model: what it holds, its documents, and going back a version."""

from __future__ import annotations

from pathlib import Path

from index.store.manifest import verify_checksums
from index.store.serialization import load_corpus
from index.store.store import Store
from index.types import Library, StoreInfo


def read_info(store: Path) -> StoreInfo:
    """Say what the current version of `store` is. Raises StoreError."""
    return Store(store).info()


def read_versions(store: Path) -> tuple[str, ...]:
    """Name the finished versions of `store`, newest first; they may be damaged. Never raises."""
    return Store(store).versions()


def read_library(store: Path, version: str | None = None) -> Library:
    """Give the documents of a version of `store`, the current one by default. Raises StoreError."""
    folder = Store(store)
    return folder.read_current(_library) if version is None else _library(folder.path(version))


def _library(folder: Path) -> Library:
    verify_checksums(folder)
    return load_corpus(folder).library


def rollback(store: Path, version: str | None = None) -> str:
    """Make the version before the current one, or the named one, current; return its name."""
    return Store(store).rollback(version)
