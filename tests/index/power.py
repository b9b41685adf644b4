"""What a power cut leaves of a folder: all that was not flushed may be lost, torn or out of order.

As file systems allow it (Pillai et al., OSDI 2014, "All File Systems Are Not Created Equal"): a file's content is
certain once the file was flushed, and a name in a folder once the folder was.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest


@dataclass
class _Rename:
    """A rename that may be lost, and what it replaced."""

    source: Path
    target: Path
    replaced: bytes | None


@dataclass
class Power:
    """Knows what has been flushed below `folder`; what stood there from the start was."""

    folder: Path
    _flushed: dict[int, tuple[int, int]] = field(default_factory=dict)  # size and time of each inode's last flush
    _names: dict[Path, set[str]] = field(default_factory=dict)  # of each folder at its last flush
    _renames: list[_Rename] = field(default_factory=list)

    def install(self, patch: pytest.MonkeyPatch) -> Power:
        """Begin to listen."""
        for path in [self.folder, *self.folder.rglob("*")]:
            self._note(path)
        patch.setattr(os, "fsync", self._fsync)
        patch.setattr(os, "rename", self._renaming(os.rename))
        patch.setattr(os, "replace", self._renaming(os.replace))
        return self

    def _fsync(self, handle: int) -> None:
        """Note what is flushed, without waiting for a disk."""
        path = Path(f"/proc/self/fd/{handle}").readlink()
        self._note(path)
        if path.is_dir():
            self._renames = [each for each in self._renames if each.target.parent != path]

    def _note(self, path: Path) -> None:
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            self._names[path] = {each.name for each in path.iterdir()}
        else:
            self._flushed[status.st_ino] = (status.st_size, status.st_mtime_ns)

    def _renaming(self, real: Callable[..., None]) -> Callable[..., None]:
        def rename(source: Any, target: Any, **options: Any) -> None:
            old, new = Path(source), Path(target)
            replaced = new.read_bytes() if new.is_file() else None
            real(source, target, **options)
            self._renames.append(_Rename(old, new, replaced))
            for folder in [each for each in self._names if each.is_relative_to(old)]:
                self._names[new / folder.relative_to(old)] = self._names.pop(folder)

        return rename

    def unflushed_files(self) -> list[Path]:
        """Return the files whose content is not certain."""
        found = []
        for path in self.folder.rglob("*"):
            status = path.lstat()
            state = (status.st_size, status.st_mtime_ns)
            if stat.S_ISREG(status.st_mode) and self._flushed.get(status.st_ino) != state:
                found.append(path)
        return found

    def forget_names(self) -> None:
        """Undo the renames, and remove the files and folders, whose names were not flushed."""
        for each in reversed(self._renames):
            if each.target.exists():
                each.target.rename(each.source)
            if each.replaced is not None:
                each.target.write_bytes(each.replaced)
        for folder in sorted(path for path in [self.folder, *self.folder.rglob("*")] if path.is_dir()):
            known = self._names.get(folder, set())
            for path in list(folder.iterdir()) if folder.exists() else []:
                if path.name not in known:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


Outage: TypeAlias = Callable[[Power], None]


def contents_are_lost(power: Power) -> None:
    """Keep each name, and nothing of what was not flushed: the names were written first."""
    for path in power.unflushed_files():
        os.truncate(path, 0)


def contents_are_torn(power: Power) -> None:
    """Keep the first half of what was not flushed, and zeros where the rest was."""
    for path in power.unflushed_files():
        size = path.stat().st_size
        os.truncate(path, size // 2)
        os.truncate(path, size)


def names_are_lost(power: Power) -> None:
    """Keep each content, under the name that was flushed last."""
    power.forget_names()


def all_is_lost(power: Power) -> None:
    """Keep what was flushed alone."""
    contents_are_lost(power)
    power.forget_names()


OUTAGES: tuple[Outage, ...] = (contents_are_lost, contents_are_torn, names_are_lost, all_is_lost)
