"""Files of a store, read so that a link, a pipe or a device in place of one is refused."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from index.errors import StoreUnreadableError

# A link fails to open, and a pipe does not block. Whoever may write in the store must not make the bot read elsewhere.
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
# What the system lacks, and no disk is to blame for.
_NOT_OF_THE_DISK = frozenset([errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOLCK])
# Of the process, or of a network file system, and over when it is tried again.
_PASSING = frozenset([*_NOT_OF_THE_DISK, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN])


def read_file(path: Path, *, most: int = -1) -> bytes:
    """Return the content of the regular file at `path`, of a longer one the first `most` bytes.

    Raises OSError, or StoreUnreadableError for what passes and is no sign of damage.
    """
    with _reading(path), _open(path) as file:
        return file.read(most)


def open_descriptor(path: Path) -> int:
    """Return a descriptor of the regular file at `path`, which the caller closes. Raises as `read_file` does."""
    with _reading(path), _open(path) as file:
        return os.dup(file.fileno())


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of the regular file at `path`. Raises OSError, StoreUnreadableError as `read_file`."""
    with _reading(path), _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_irregular(folder: Path) -> Path | None:
    """Return `folder` or what is in it that is neither a file nor a folder, if there is any. Raises OSError."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return path
    return None


def replace_file(path: Path, content: str) -> None:
    """Write `content` into a new file at `path`: a link that stands there is removed, not followed. Raises OSError."""
    remove_folder(path)
    path.unlink(missing_ok=True)
    path.write_text(content, "utf-8")


def remove_folder(path: Path) -> None:
    """Remove a folder that stands at `path`, where a file belongs; what is no folder stays. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def refusal(error: OSError, folder: Path) -> str:
    """Return what an error of the system means for the store in `folder`, in one line."""
    why = error.strerror or error
    if error.errno in _NOT_OF_THE_DISK:
        return f"{folder} is left as it was: {why}; free some, then try again"
    named = Path(error.filename) if isinstance(error.filename, str) else folder
    if not named.is_relative_to(folder):
        return f"{folder} is left as it was: {named}: {why}"
    return f"{named} cannot be written: {why}; nothing was changed"


def flush(path: Path) -> None:
    """Write a file or folder through to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _PASSING:
            raise StoreUnreadableError(f"{path} cannot be read: {error.strerror}; try again") from error
        raise


def _open(path: Path) -> BufferedReader:
    file = os.fdopen(os.open(path, _FLAGS), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path} is no regular file")
    return file
