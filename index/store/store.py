"""The store on disk: whole versions in folders of their own, one of them current.

STORE/CURRENT                   the name of the current version, replaced atomically
STORE/versions/NAME/            manifest.json, corpus.json, vectors.faiss, bm25/, tokens/, answerability/, documents/
STORE/versions/.unfinished-…    a build under way, or one that was killed
STORE/versions/.unswitched-…    says that a finished version has not been current yet
STORE/versions/.removed-…       an old version on its way out
STORE/versions/.checked         size and times of a version's files when they were last checked
STORE/lock                      held by the process that builds
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from index.errors import REBUILD, StoreBusyError, StoreError
from index.store.manifest import Manifest, check_files, files_in, read_manifest, write_manifest
from index.types import StoreInfo

_CURRENT = "CURRENT"
_VERSIONS = "versions"
_UNFINISHED = ".unfinished-"
_UNSWITCHED = ".unswitched-"
_REMOVED = ".removed-"

_T = TypeVar("_T")


class Store:
    """A folder of versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> str | None:
        """Name the current version; None when nothing was built yet."""
        try:
            name = (self.folder / _CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.folder / _CURRENT} cannot be read: {error}; {REBUILD}") from error
        if not name or "/" in name or name.startswith("."):
            raise StoreError(f"{self.folder / _CURRENT} is damaged; {REBUILD}")
        return name

    def versions(self) -> tuple[str, ...]:
        """Name every finished version, newest first."""
        with suppress(OSError):
            found = (self.folder / _VERSIONS).iterdir()
            names = [path.name for path in found if not path.name.startswith(".") and path.is_dir()]
            return tuple(sorted(names, reverse=True))
        return ()

    def path(self, version: str) -> Path:
        """Give the folder of a version."""
        return self.folder / _VERSIONS / version

    def manifest(self, version: str | None = None) -> Manifest:
        """Read a version's manifest, the current one's by default. Raises StoreError."""
        return self.read_current(read_manifest) if version is None else read_manifest(self.path(version))

    def read_current(self, read: Callable[[Path], _T]) -> _T:
        """Give what `read` makes of the current version's folder. Raises StoreError.

        When it fails because builds made another version current and removed this one meanwhile, it reads
        that one.
        """
        while True:
            name = self.current()
            if name is None:
                raise StoreError(f"no index in {self.folder}; {REBUILD}")
            try:
                return read(self.path(name))
            except StoreError:
                if self.current() == name:
                    raise

    def info(self) -> StoreInfo:
        """Say what the current version is, without opening it."""
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

    def rollback(self, version: str | None = None) -> str:
        """Make the version before the current one, or the named one, current; return its name."""
        with self.building():
            names, current = self.versions(), self.current()
            if version is None:
                older = [name for name in names if current is not None and name < current]
                if not older:
                    raise StoreError(f"no version before {current} in {self.folder}: nothing to roll back to")
                version = older[0]
            elif version not in names:
                raise StoreError(f"no version {version} in {self.folder}; there are {', '.join(names) or 'none'}")
            check_files(self.path(version))
            self.switch(version)
            return version

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the builder's lock, which the system frees when its holder dies; sweep what a killed one left.

        Raises StoreBusyError, and StoreError for what the file system refuses meanwhile.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=0):
                self._sweep()
                yield
        except Timeout as error:
            raise StoreBusyError(f"{self.folder} is being built by another process; wait for it") from error
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"{self.folder} cannot be written: {why}; nothing was changed") from error

    @contextmanager
    def unfinished(self, version: str) -> Iterator[Path]:
        """Give a fresh folder to build `version` in; afterwards it is current, or nothing of it is left."""
        folder = self.folder / _VERSIONS / f"{_UNFINISHED}{version}"
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            self._sweep()

    def finish(self, folder: Path, manifest: Manifest) -> None:
        """Write the manifest of an unfinished version, flush it to disk and give it its name."""
        write_manifest(folder, manifest)
        for path in [*files_in(folder), *(path for path in folder.rglob("*") if path.is_dir()), folder]:
            _flush(path)
        (self.folder / _VERSIONS / f"{_UNSWITCHED}{manifest.version}").touch()
        folder.rename(self.path(manifest.version))
        _flush(self.folder / _VERSIONS)

    def switch(self, version: str) -> None:
        """Make `version` current, atomically."""
        fresh = self.folder / f"{_CURRENT}.new"
        fresh.write_text(version + "\n", "ascii")
        _flush(fresh)
        fresh.replace(self.folder / _CURRENT)
        with suppress(OSError):  # it is current now: what fails here must not be told as a failed build
            _flush(self.folder)
            (self.folder / _VERSIONS / f"{_UNSWITCHED}{version}").unlink(missing_ok=True)

    def prune(self, keep: int) -> None:
        """Remove all but the newest `keep` versions and the current one, each at once as a reader sees it."""
        current = self.current()
        for name in self.versions()[keep:]:
            if name != current:
                self._remove(name)

    def _remove(self, version: str) -> None:
        removed = self.folder / _VERSIONS / f"{_REMOVED}{version}"
        with suppress(OSError):  # the next build tries again
            self.path(version).rename(removed)
            shutil.rmtree(removed)

    def _sweep(self) -> None:
        """Remove what builds left that failed or were killed: half versions, and ones never current."""
        versions = self.folder / _VERSIONS
        for left in [*versions.glob(f"{_UNFINISHED}*"), *versions.glob(f"{_REMOVED}*")]:
            shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError, StoreError):
            current = self.current()
            for marker in versions.glob(f"{_UNSWITCHED}*"):
                version = marker.name.removeprefix(_UNSWITCHED)
                if version != current:
                    self._remove(version)
                if version == current or not self.path(version).exists():
                    marker.unlink()
            (self.folder / f"{_CURRENT}.new").unlink(missing_ok=True)


def version_name(taken: tuple[str, ...]) -> str:
    """Name a new version by its time (UTC), after every one in `taken`."""
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return max([name, *(f"{older}+" for older in taken if older >= name)])


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
