"""Remembers that a version's files matched their checksums, so that not all are read again.

As git's index spares `git status`, a version whose files have the sizes and times of the last check is taken for
unchanged by a build with nothing to do, and by whoever opens a large version. Bytes that rot below the file system
keep both: `verify` and whoever opens a small version reads every byte, and forgets the last check when a file differs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from index.store.files import read_file, replace_file

FileStates: TypeAlias = Mapping[str, list[int]]

_CACHE = ".checked"  # beside the versions; holds the version that was checked last


def file_states(folder: Path) -> FileStates:
    """Return size, modification and change time of every file of the version in `folder`. Raises OSError.

    Take them before the checksums are compared. The change time cannot be set back, as `cp --preserve` sets back
    the modification time.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir():
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = [
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
            ]
    return found


def remember(folder: Path, states: FileStates) -> None:
    """Record that all checksums matched at `states`. Best effort: if the write fails, the next build re-hashes."""
    with suppress(OSError):
        replace_file(folder.with_name(_CACHE), json.dumps({folder.name: states}))


def forget(folder: Path) -> None:
    """Forget the last check, because a file of the version in `folder` differs."""
    with suppress(OSError):
        folder.with_name(_CACHE).unlink(missing_ok=True)


def is_unchanged(folder: Path) -> bool:
    """Return whether the version in `folder` is the one checked last and no file has changed since."""
    try:
        remembered = json.loads(read_file(folder.with_name(_CACHE)))
        return bool(remembered == {folder.name: file_states(folder)})
    except (OSError, ValueError, RecursionError):
        return False
