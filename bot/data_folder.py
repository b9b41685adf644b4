"""The bot's data folder, which is open to its own user alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = 0o077


def prepare_data_folder(folder: Path) -> None:
    """Create `folder`, or close it and the files in it to other users. Raises OSError.

    A folder with the sticky bit, such as the system's own for temporary files, is shared on purpose and stays.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if not mode & stat.S_ISVTX:
        _close(folder, mode)
    for path in folder.iterdir():
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid():
            _close(path, status.st_mode)


def write_private(path: Path, content: bytes) -> None:
    """Replace the file `path` atomically by one that only the bot's user can read. Raises OSError."""
    path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)  # the file's new name is on the disk only then
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def touch_private(path: Path) -> None:
    """Create the file `path` for the bot's user alone, unless there is one. Raises OSError."""
    path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE))


def _close(path: Path, mode: int) -> None:
    """Take from others what they may do; the owner's own rights stay."""
    if mode & _OTHERS:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
