"""The store on disk: whole versions in folders of their own, one of them current.

STORE/CURRENT                   the name of the current version, replaced atomically
STORE/versions/NAME/            manifest.json, corpus.json, documents/, and the indexes
STORE/versions/.unfinished-…    a version being built, or one whose build was killed
STORE/versions/.unswitched-…    marks a finished version that has not been current yet
STORE/versions/.withdrawn-…     marks a version that was rolled back from
STORE/versions/.rolled-back     says that a rollback holds, until somebody builds
STORE/versions/.removed-…       an old version being removed
STORE/versions/.checked         see `index.store.integrity_cache`
STORE/calibration.json          the confidence fitted for this store's model, if there is one
STORE/lock                      held by the process that builds
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

from filelock import FileLock, Timeout

from index.errors import REBUILD, StoreBusyError, StoreError
from index.store.files import flush, read_file, refusal, remove_folder, replace_file
from index.store.manifest import (
    Manifest,
    list_files,
    read_manifest,
    verify_checksums,
    verify_for_opening,
    write_manifest,
)
from index.store.serialization import load_corpus
from index.store.version_names import LONGEST_NAME, is_version_name, require_version
from index.store.withdrawals import Withdrawals
from index.types import Library, StoreInfo, StoreLocation

_CURRENT = "CURRENT"
VERSIONS = "versions"
_UNFINISHED = ".unfinished-"
_UNSWITCHED = ".unswitched-"
_REMOVED = ".removed-"

_T = TypeVar("_T")


class Store:
    """A folder of index versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location: StoreLocation = folder  # as it was named, for messages
        self._withdrawals = Withdrawals(folder / VERSIONS)

    @classmethod
    def of_version(cls, folder: Path) -> Self:
        """Return the store that the version in `folder` belongs to."""
        return cls(folder.parent.parent)

    def current(self) -> str | None:
        """Return the name of the current version; None before the first build. Raises StoreError."""
        try:
            name = read_file(self.folder / _CURRENT, most=LONGEST_NAME + 2).decode("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.folder / _CURRENT} cannot be read: {error}; {REBUILD}") from error
        if not is_version_name(name):
            raise StoreError(f"{self.folder / _CURRENT} is damaged; {REBUILD}")
        return name

    def versions(self) -> tuple[str, ...]:
        """Return the names of the finished versions, newest first; they may be damaged. Never raises."""
        with suppress(OSError):
            found = (self.folder / VERSIONS).iterdir()
            names = [path.name for path in found if is_version_name(path.name) and path.is_dir()]
            return tuple(sorted(names, reverse=True))
        return ()

    def path(self, version: str) -> Path:
        """Return the folder of a version."""
        return self._folder(version)

    def _folder(self, version: str) -> Path:
        return self.folder / VERSIONS / version

    def manifest(self, version: str | None = None) -> Manifest:
        """Return a version's manifest, the current one's by default. Raises StoreError."""
        return self.read_current(read_manifest) if version is None else read_manifest(self.path(version))

    def library(self, version: str | None = None) -> Library:
        """Return the documents of a version, the current one by default. Raises StoreError."""
        return self.read_current(_library) if version is None else _library(self.path(version))

    def read_current(self, read: Callable[[Path], _T]) -> _T:
        """Return what `read` makes of the current version's folder. Raises StoreError.

        If it fails because builds replaced and removed that version meanwhile, it reads the new current one.
        """
        while True:
            name = self.current()
            if name is None:
                raise StoreError(f"no index in {self.location}; {REBUILD}")
            try:
                return read(self.path(name))
            except StoreError:
                if self.current() == name:
                    raise

    def info(self) -> StoreInfo:
        """Return what the current version's manifest says. Raises StoreError."""
        manifest = self.manifest()
        return StoreInfo(
            version=manifest.version,
            built_at=manifest.built_at,
            model=manifest.rules.model,
            documents_folder=manifest.folder,
            documents=manifest.documents,
            passages=manifest.passages,
            versions=self.versions(),
        )

    def is_rolled_back(self) -> bool:
        """Return whether a rollback holds: until somebody builds, nothing newer may be published. Never raises."""
        current = self._current_if_readable() or ""
        return self._withdrawals.are_held() and any(name > current for name in self.withdrawn())

    def fallbacks(self) -> tuple[str, ...]:
        """Return the versions that may stand in for the current one, newest first. Never raises.

        They are older, and none was withdrawn by a rollback.
        """
        current = self._current_if_readable()
        withdrawn = self.withdrawn()
        older = (name for name in self.versions() if current is None or name < current)
        return tuple(name for name in older if name not in withdrawn)

    def rollback(self, version: str | None = None, *, withdrawn: Collection[str] | None = None) -> str:
        """Make the version of that name or label current, or the one before that is not withdrawn; return its name.

        It holds until somebody builds, and the newer versions are withdrawn. withdrawn: exactly these are, to undo a
        rollback. Raises StoreError.
        """
        with self.write_lock():
            names, current = self.versions(), self._current_if_readable()
            if version is None:
                older = self.fallbacks() if current is not None else ()
                if not older:
                    raise StoreError(f"no version before {current} in {self.location}: nothing to roll back to")
                version = older[0]
            else:
                version = require_version(version, names, store=self.location)
            verify_checksums(self.path(version))
            if withdrawn is None:
                withdrawn = self.withdrawn().union(name for name in names if name > version)
            with self._withdrawals.marked(withdrawn):
                self.switch(version)
            with suppress(OSError):  # the version is current now
                self._withdrawals.unmark({*self.withdrawn().difference(withdrawn), version})
                if not self.is_rolled_back():  # to the newest, or undone
                    self._withdrawals.release()
            return version

    def fall_back(self, version: str) -> None:
        """Make `version` current in place of a damaged one, which is not withdrawn by that. Raises StoreError."""
        with self.write_lock():
            verify_checksums(self.path(version))
            self.switch(version)

    def end_rollback(self) -> None:
        """Allow newer versions to be published again, after a build. The caller holds the lock. Raises OSError."""
        self._withdrawals.release()

    def _current_if_readable(self) -> str | None:
        with suppress(StoreError):
            return self.current()
        return None

    def withdrawn(self) -> frozenset[str]:
        """Return the versions that were rolled back from. Never raises."""
        return self._withdrawals.names()

    def _mark(self, kind: str, version: str) -> Path:
        return self.folder / VERSIONS / f"{kind}{version}"

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the store's lock and remove what killed builds left; the system frees the lock of a dead process.

        Raises StoreBusyError, and StoreError for what the system refuses meanwhile.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=0):
                self._remove_leftovers()
                yield
        except Timeout as error:
            raise StoreBusyError(f"{self.location} is being built by another process; wait for it") from error
        except OSError as error:
            raise StoreError(refusal(error, self.folder)) from error

    @contextmanager
    def staged(self, version: str) -> Iterator[Path]:
        """Yield a fresh folder to build `version` in; nothing is left of one that is not current afterwards."""
        folder = self._mark(_UNFINISHED, version)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            self._remove_leftovers()

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Write the manifest of a staged version, flush it to disk and give it its name; it is not current yet."""
        write_manifest(folder, manifest)
        for path in [*list_files(folder), *(path for path in folder.rglob("*") if path.is_dir()), folder]:
            flush(path)
        # Without the marker, a version whose builder was killed before the switch could not be told from one that
        # was rolled back from.
        self._mark(_UNSWITCHED, manifest.version).touch()
        folder.rename(self._folder(manifest.version))
        flush(self.folder / VERSIONS)

    def switch(self, version: str) -> None:
        """Make `version` current, atomically."""
        fresh = self.folder / f"{_CURRENT}.new"
        replace_file(fresh, version + "\n")
        flush(fresh)
        remove_folder(self.folder / _CURRENT)
        fresh.replace(self.folder / _CURRENT)
        with suppress(OSError):  # the version is current now: this must not be reported as a failed build
            flush(self.folder)
            self._mark(_UNSWITCHED, version).unlink(missing_ok=True)

    def prune(self, keep: int) -> None:
        """Remove all but the newest `keep` versions and the current one; for a reader each vanishes at once."""
        current = self.current()
        for name in self.versions()[keep:]:
            if name != current:
                self._remove(name)

    def _remove(self, version: str) -> None:
        removed = self._mark(_REMOVED, version)
        with suppress(OSError):  # the next build tries again
            self._folder(version).rename(removed)
            shutil.rmtree(removed)

    def _remove_leftovers(self) -> None:
        """Remove what failed or killed builds left: half versions, and versions that were never current."""
        versions = self.folder / VERSIONS
        for path in [*versions.glob(f"{_UNFINISHED}*"), *versions.glob(f"{_REMOVED}*")]:
            shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError, StoreError):
            current = self.current()
            for marker in versions.glob(f"{_UNSWITCHED}*"):
                version = marker.name.removeprefix(_UNSWITCHED)
                if version != current and is_version_name(version):
                    self._remove(version)
                if version == current or not self._folder(version).exists():
                    marker.unlink()
            (self.folder / f"{_CURRENT}.new").unlink(missing_ok=True)
            kept = self.versions()
            gone = {name for name in self.withdrawn() if name not in kept and not self.is_rolled_back()}
            # The current version has a mark only where a rollback was killed before it switched.
            self._withdrawals.unmark({*gone, *filter(None, [current])})


def _library(folder: Path) -> Library:
    verify_for_opening(folder)
    corpus = load_corpus(folder)
    return replace(corpus.library, annotations=corpus.annotations, terms=corpus.terms)
