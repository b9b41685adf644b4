"""The files of a documents folder, read so that nothing outside the folder can get in."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.corpus.annotations.sidecars import is_annotation_file
from index.corpus.catalog import CATALOG
from index.corpus.parsing import FORMATS
from index.errors import DocumentsError
from index.types import Skipped, SkippedKind

_LARGEST_FILE = 64 * 2**20  # bytes; a larger file is no document someone wrote
# Formats of documents that no parser reads: each such file is named in the report, other files are only counted.
_OTHER_DOCUMENTS = frozenset(
    [
        ".doc",
        ".odt",
        ".rtf",
        ".ppt",
        ".pptx",
        ".odp",
        ".xls",
        ".xlsx",
        ".ods",
        ".tex",
        ".adoc",
        ".org",
        ".textile",
        ".wiki",
        ".pages",
        ".numbers",
        ".key",
        ".ipynb",
        ".msg",
    ]
)
_DEEPEST = 64  # folders within one another: each is opened part by part
_ATTEMPTS = 2  # at a file that changes while it is read

# A time of change is only as fine as the file system's clock, 10 ms at worst on Linux: of two writes within one tick
# the second does not show.
_TICK_NS = 20_000_000
# A link in place of a file or folder fails to open, and a FIFO does not block, also when swapped in meanwhile.
_OPEN_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_OPEN_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY
# Of the process or of a network file system, not of the file, and over when it is tried again.
_PASSING = frozenset(
    [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTDOWN]
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes below a documents folder by their names relative to it: documents and sidecars.

    hashes: the SHA-256 of every file by name, computed once.
    """

    documents: Mapping[str, bytes]
    sidecars: Mapping[str, bytes]
    skipped: tuple[Skipped, ...]
    hashes: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = {**self.documents, **self.sidecars}
        hashes = {name: hashlib.sha256(every[name]).hexdigest() for name in sorted(every)}
        object.__setattr__(self, "hashes", hashes)


class _RefusedError(Exception):
    """The file is not read; the message is the reason."""

    def __init__(self, reason: str, kind: SkippedKind = SkippedKind.DOCUMENT) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and the folders that are still to be read, below the descriptor `root`."""

    root: int
    suffixes: Collection[str]
    found: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, Skipped] = field(default_factory=dict)
    pending: list[str] = field(default_factory=lambda: [""])

    def refuse(self, name: str, reason: str, kind: SkippedKind = SkippedKind.DOCUMENT) -> None:
        self.refused[name] = Skipped(_printable(name), reason, kind)


def is_sidecar(name: str) -> bool:
    """Return whether the file called `name`, relative to the folder, says something of the documents."""
    return name == CATALOG or is_annotation_file(name)


def read_sources(folder: Path, suffixes: Collection[str] = FORMATS) -> Sources:
    """Read the files below `folder` whose lower-case suffix is one of `suffixes`, and the sidecars.

    Hidden files and folders are passed over. Symbolic links, hard links, pipes and devices are never read: each
    is in `skipped` with its reason, and so is a file that cannot be read. Raises DocumentsError without a folder.
    """
    try:
        root = os.open(folder, _OPEN_FOLDER & ~os.O_NOFOLLOW)
    except OSError as error:
        raise DocumentsError(_missing(folder, error)) from error
    try:
        reading = _Reading(root, suffixes)
        while reading.pending:
            _read_folder(reading, reading.pending.pop())
    except OSError as error:
        raise DocumentsError(f"{folder} cannot be read: {error.strerror}; try again") from error
    finally:
        os.close(root)
    names = sorted(reading.found, key=_order)
    skipped = tuple(reading.refused[name] for name in sorted(reading.refused, key=_order))
    return Sources(
        {name: reading.found[name] for name in names if not is_sidecar(name)},
        {name: reading.found[name] for name in names if is_sidecar(name)},
        skipped,
    )


def _missing(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"no such documents folder: {folder}; create it or set CHRONICLE_DOCUMENTS"
    return f"{folder} cannot be read: {error.strerror}; set CHRONICLE_DOCUMENTS to a folder that can"


def _order(name: str) -> tuple[str, ...]:
    return PurePosixPath(name).parts


def _printable(name: str) -> str:
    """Return `name` with the bytes that are not UTF-8, which Python keeps as lone surrogates, written out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _read_folder(reading: _Reading, name: str) -> None:
    try:
        descriptor = _open_folder(reading.root, name)
    except OSError as error:
        _raise_passing(error)
        reading.refuse(name, _folder_reason(error))
        return
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    _read_entry(reading, descriptor, entry, f"{name}/{entry.name}" if name else entry.name)
    except OSError as error:
        _raise_passing(error)
        reading.refuse(name, "a folder that cannot be listed")
    finally:
        os.close(descriptor)


def _open_folder(root: int, name: str) -> int:
    """Return a descriptor of the folder `name`, opened one part after another so that no part can be a link."""
    descriptor = os.dup(root)
    for part in PurePosixPath(name).parts:
        try:
            below = os.open(part, _OPEN_FOLDER, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


def _folder_reason(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "it changed while it was read; build again"
    return "a folder that cannot be listed"


def _read_entry(reading: _Reading, parent: int, entry: os.DirEntry[str], name: str) -> None:
    try:
        if entry.is_symlink():
            raise _RefusedError("a symbolic link is not followed; copy the file")
        if name != _printable(name):
            raise _RefusedError("its name is not UTF-8; rename it")
        if entry.is_dir(follow_symlinks=False):
            if name.count("/") >= _DEEPEST:
                raise _RefusedError(f"more than {_DEEPEST} folders deep; move it up")
            reading.pending.append(name)
            return
        _require_regular(entry.stat(follow_symlinks=False))
        if PurePosixPath(name).suffix.lower() not in reading.suffixes and not is_sidecar(name):
            raise _unreadable_format(name)
        reading.found[name] = _read_file(parent, entry.name)
    except _RefusedError as refusal:
        reading.refuse(name, str(refusal), refusal.kind)
    except OSError as error:
        _raise_passing(error)
        is_link = error.errno == errno.ELOOP
        reading.refuse(
            name,
            "a symbolic link is not followed; copy the file" if is_link else f"cannot be read: {error.strerror}",
        )


def _raise_passing(error: OSError) -> None:
    """Raise `error` again if it says nothing of the file: an index without the file must not be built for that."""
    if error.errno in _PASSING:
        raise error


def _unreadable_format(name: str) -> _RefusedError:
    if PurePosixPath(name).suffix.lower() in _OTHER_DOCUMENTS:
        return _RefusedError("not a format that can be read; save it as Markdown, HTML or PDF")
    return _RefusedError("not a format that can be read", SkippedKind.OTHER_FILE)


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _RefusedError("not a regular file")


def _read_file(parent: int, name: str) -> bytes:
    for _ in range(_ATTEMPTS):
        descriptor = os.open(name, _OPEN_FILE, dir_fd=parent)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            _require_readable(before)
            _wait_for_next_tick(before)
            content = file.read(before.st_size + 1)
            after = os.fstat(descriptor)
        if len(content) == after.st_size and _same(before, after):
            return content
    raise _RefusedError("it changed while it was read; build again when it is complete")


def _wait_for_next_tick(status: os.stat_result) -> None:
    """Wait until a further write would give the file another time of change."""
    age = time.time_ns() - status.st_mtime_ns
    if 0 <= age < _TICK_NS:
        time.sleep((_TICK_NS - age) / 1e9)


def _require_readable(status: os.stat_result) -> None:
    _require_regular(status)
    # Another name of the same file may lie outside of the folder, and its content is then not the folder's.
    if status.st_nlink > 1:
        raise _RefusedError("a hard link to a file with another name; copy the file")
    if status.st_size > _LARGEST_FILE:
        raise _RefusedError(f"larger than {_LARGEST_FILE // 2**20} MiB; split it")


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
