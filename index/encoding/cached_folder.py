"""Folders in the user's cache that take a while to make: whole under their final names, or not there."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ModelError

logger = logging.getLogger(__name__)

LARGE = 16 << 20  # bytes; of larger files a start checks only the size, and a fingerprint reads samples

_MANIFEST = "manifest.json"
_UNFINISHED = "unfinished"
_LOCK_TIMEOUT = 600.0  # seconds to wait for another process: unpacking takes about 3, an export about 30


def make_once(folder: Path, make: Callable[[Path], None]) -> None:
    """Fill `folder` by `make` if it is not there undamaged; one process at a time does.

    Raises ModelError if another process does so forever, OSError if there is no room, and what `make` raises.
    """
    if _is_undamaged(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.parent / ".lock", timeout=_LOCK_TIMEOUT):
            if not _is_undamaged(folder):
                _replace(folder, make)
    except Timeout as error:
        raise ModelError(
            f"another process has held {error.lock_file} for {_LOCK_TIMEOUT:.0f} seconds; end it"
        ) from error


def _replace(folder: Path, make: Callable[[Path], None]) -> None:
    fresh = folder.parent / _UNFINISHED
    try:
        if fresh.exists():  # of a process that was killed: it held the lock
            shutil.rmtree(fresh)
        fresh.mkdir()
        make(fresh)
        _seal(fresh)
        if folder.exists():
            logger.warning("the model in %s is damaged and is replaced", folder)
            shutil.rmtree(folder)
        fresh.rename(folder)
        _flush(folder.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _seal(folder: Path) -> None:
    """Write the manifest, and all files through to the disk."""
    manifest = {
        path.relative_to(folder).as_posix(): [path.stat().st_size, sha256(path)] for path in files_of(folder)
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    for path in [*files_of(folder), *folder.glob("*/"), folder]:
        _flush(path)


def _is_undamaged(folder: Path) -> bool:
    return next(damage(folder, thorough=False), None) is None


def damage(folder: Path, *, thorough: bool) -> Iterator[str]:
    """Yield the files that differ from the manifest; large ones are read only if `thorough`."""
    manifest = _manifest(folder)
    if not manifest:
        yield _MANIFEST
    for name, (size, digest) in manifest.items():
        path = folder / name
        same = path.is_file() and path.stat().st_size == size
        if not same or ((thorough or size <= LARGE) and sha256(path) != digest):
            yield name


def _manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the size and SHA-256 of each unpacked file; empty if the manifest cannot be read."""
    try:
        recorded = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return {name: (int(size), str(digest)) for name, (size, digest) in recorded.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def files_of(folder: Path) -> list[Path]:
    """Return the model's files in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Write a file or folder through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
