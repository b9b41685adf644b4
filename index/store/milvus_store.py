"""The store in Milvus: its versions are shared, and those that this machine uses are copied into a local folder.

Milvus says which versions there are and which is current. While it cannot be reached, the copies do: what is open
goes on answering, and nothing can be changed.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from index.errors import REBUILD, StoreError, StoreOutdatedError, StoreUnreachableError
from index.milvus.files import RemoteFiles
from index.milvus.lease import Lease
from index.milvus.local_copies import open_copies, owner_of
from index.milvus.versions import RemoteState, RemoteVersions
from index.store.manifest import MANIFEST, Manifest, parse_manifest, verify_checksums
from index.store.store import VERSIONS, Store
from index.types import MilvusAddress

logger = logging.getLogger(__name__)

_COPYING = ".copying-"

_T = TypeVar("_T")


class MilvusStore(Store):
    """An index in Milvus, which several machines may share."""

    def __init__(self, address: MilvusAddress) -> None:
        super().__init__(open_copies(address))
        self.location = address
        self._address = address
        self._remote = RemoteVersions(address)
        self._lease: Lease | None = None

    def current(self) -> str | None:
        """Return the version that the alias leads to, or while Milvus is out of reach, the one before that.

        Raises StoreError.
        """
        try:
            state = self._mirror()
        except StoreUnreachableError:
            known = self._copied_current()
            if known is None:
                raise
            return known
        if state.moved_to:
            raise StoreError(
                f"somebody has moved the alias of {self._address} to {state.moved_to}, which is no version of it; "
                f"{REBUILD}, or `python -m index rollback VERSION`"
            )
        return state.current

    def versions(self) -> tuple[str, ...]:
        """Return the names of the finished versions, newest first; out of reach, those copied. Never raises."""
        with suppress(StoreError):
            return self._remote.state().versions
        return super().versions()

    def withdrawn(self) -> frozenset[str]:
        """Return the versions that were rolled back from; out of reach, as last known. Never raises."""
        with suppress(StoreError):
            self._mirror()
        return super().withdrawn()

    def is_rolled_back(self) -> bool:
        """Return whether a rollback holds, as last known: Milvus is not asked. Never raises."""
        return Store(self.folder).is_rolled_back()

    def path(self, version: str) -> Path:
        """Return the folder of a version, which is copied from Milvus if it is not there. Raises StoreError."""
        folder = super().path(version)
        if not folder.is_dir():
            self._copy(version, folder)
        return folder

    def manifest(self, version: str | None = None) -> Manifest:
        """Return a version's manifest without copying its files. Raises StoreError."""
        name = version or self.current()
        if name is None or super().path(name).is_dir():
            return super().manifest(version)
        content = RemoteFiles(self._address, self._remote.names.files(name)).read(MANIFEST)
        return parse_manifest(content, where=f"version {name} in {self._address}")

    def read_current(self, read: Callable[[Path], _T]) -> _T:
        """Return what `read` makes of the current version's folder, copied anew if damaged. Raises StoreError."""
        try:
            return super().read_current(read)
        except StoreError as error:
            name = self._current_if_readable()
            if name is None or not self._is_damaged_copy(name):
                raise
            logger.warning("%s: copying version %s from %s anew", error, name, self._address)
            shutil.rmtree(super().path(name), ignore_errors=True)
        return super().read_current(read)

    def fall_back(self, version: str) -> None:
        """Leave the alias where it is: what keeps this machine from a version need not keep others from it."""

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the right to build, here and among all that share the index. Raises StoreBusyError, StoreError."""
        with super().write_lock():
            lease = Lease(self._address, owner_of(self.folder))
            with lease.held():
                self._lease = lease
                try:
                    for version in self._mirror().unfinished:
                        self._remote.drop(version)
                    yield
                    self._share_marks(is_rolled_back=self.is_rolled_back())
                finally:
                    self._lease = None

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Rename a staged version to its final name, and write its files into Milvus; it is not current yet."""
        super().publish(folder, manifest)
        files = RemoteFiles(self._address, self._remote.names.files(manifest.version))
        files.upload(super().path(manifest.version), [MANIFEST, *manifest.files])

    def switch(self, version: str) -> None:
        """Make `version` current for all that share the index, atomically."""
        if self._lease is not None:
            self._lease.require_held()
        self._share_marks(is_rolled_back=self._withdrawals.are_held())
        self._remote.switch(version)
        super().switch(version)
        self._share_marks(is_rolled_back=self.is_rolled_back())

    def _remove(self, version: str) -> None:
        try:
            self._remote.drop(version)
        except StoreError as error:  # the next build tries again
            logger.warning("version %s stays: %s", version, error)
        super()._remove(version)

    def _mirror(self) -> RemoteState:
        """Return what is in Milvus, and note it in the local folder. Raises StoreError."""
        state = self._remote.state()
        with suppress(OSError):
            self._note(state)
        return state

    def _note(self, state: RemoteState) -> None:
        """Note which version is current, and which are withdrawn, for when Milvus is out of reach. Raises OSError."""
        current = state.current
        if current and current != self._copied_current() and super().path(current).is_dir():
            super().switch(current)
        self._withdrawals.set(state.withdrawn, are_held=state.is_rolled_back)

    def _copied_current(self) -> str | None:
        with suppress(StoreError):
            return super().current()
        return None

    def _share_marks(self, *, is_rolled_back: bool) -> None:
        """Note in Milvus which versions are withdrawn, as the local folder has it. Raises StoreError."""
        self._remote.mark(withdrawn=super().withdrawn(), is_rolled_back=is_rolled_back)

    def _copy(self, version: str, folder: Path) -> None:
        """Copy a version from Milvus, and compare every file with its checksum. Raises StoreError."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder.with_name(f"{_COPYING}{version}")
        try:
            with FileLock(self.folder / "copying"):
                if folder.is_dir():  # by another process meanwhile
                    return
                self._remove_old_copies()
                fresh.mkdir()
                RemoteFiles(self._address, self._remote.names.files(version)).download(fresh)
                verify_checksums(fresh)
                fresh.rename(folder)
                self._mirror()
        except (StoreUnreachableError, StoreOutdatedError):
            raise
        except StoreError as error:
            raise StoreError(f"version {version} in {self._address} is missing or damaged; {REBUILD}") from error
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"version {version} cannot be copied into {self.folder}: {why}; make room") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _remove_old_copies(self) -> None:
        """Remove copies that are no longer in Milvus, unless it has none at all, and halves of copies."""
        kept = self._remote.state().versions
        for path in (self.folder / VERSIONS).iterdir():
            is_half = path.name.startswith(_COPYING)
            if is_half or (kept and path.name in super().versions() and path.name not in kept):
                shutil.rmtree(path, ignore_errors=True)

    def _is_damaged_copy(self, version: str) -> bool:
        """Return whether a version's copy differs from its checksums, and Milvus has it."""
        folder = super().path(version)
        try:
            if folder.is_dir():
                verify_checksums(folder)
        except StoreOutdatedError:
            return False
        except StoreError:
            with suppress(StoreError):
                return version in self._remote.state().versions
        return False
