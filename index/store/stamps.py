"""Stamps: size and times of a version's files when all were last checked, to tell whether one was touched since.

They spare a build with nothing to do the reading of gigabytes, as git's index spares `git status`. A file whose
bytes rot beneath the file system keeps its stamp; whoever opens the version or verifies it reads every byte all
the same, and takes the stamps away when one is wrong, so that the build after that checks and mends it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Stamps: TypeAlias = Mapping[str, list[int]]

_FILE = ".checked"  # beside the versions; of the one that was checked last


def take_stamps(folder: Path) -> Stamps:
    """Take the stamps of the files of the version in `folder`, before they are checked. Raises OSError."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir():
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = [
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,  # nothing sets it back, as `cp --preserve` does with the other
            ]
    return found


def keep_stamps(folder: Path, stamps: Stamps) -> None:
    """Keep the stamps of a version whose files proved whole; if the disk refuses, the next build reads them."""
    with suppress(OSError):
        folder.with_name(_FILE).write_text(json.dumps({folder.name: stamps}), "utf-8")


def drop_stamps(folder: Path) -> None:
    """Take the stamps away: a file of the version in `folder` is not what it was."""
    with suppress(OSError):
        folder.with_name(_FILE).unlink(missing_ok=True)


def is_untouched(folder: Path) -> bool:
    """Tell whether the version in `folder` proved whole and none of its files was touched since."""
    try:
        kept = json.loads(folder.with_name(_FILE).read_bytes())
        return bool(kept == {folder.name: take_stamps(folder)})
    except (OSError, ValueError):
        return False
