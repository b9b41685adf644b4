"""A build with nothing to do reads no gigabytes, and still misses nothing that was touched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.errors import StoreError
from index.indexing.builder import build_store
from index.store.files import file_sha256
from index.store.integrity_cache import file_states, is_unchanged, remember
from index.store.manifest import Manifest, verify_checksums
from index.store.store import Store
from index.types import BuildReason, BuildReport
from tests.fakes import FakeEncoder
from tests.index.conftest import Build


def version_of(store: Path) -> Path:
    return Store(store).path(Store(store).current() or "")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list of the versions whose checksums a build has compared."""
    checked: list[Path] = []

    def check(folder: Path) -> Manifest:
        checked.append(folder)
        return verify_checksums(folder)

    monkeypatch.setattr("index.indexing.builder.verify_checksums", check)
    return checked


def test_a_build_with_nothing_to_do_compares_no_checksums(build: Build, unread: list[Path]) -> None:
    build()
    assert (build().built, unread) == (False, [])


def test_a_version_that_was_copied_is_checked_once(
    build: Build, documents: Path, store: Path, tmp_path: Path, unread: list[Path]
) -> None:
    build()
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    reports: list[BuildReport] = [build_store(documents, copy, FakeEncoder()) for _ in range(2)]
    assert ([report.built for report in reports], unread) == ([False, False], [version_of(copy)])


def test_a_changed_byte_is_seen_though_size_and_time_are_set_back(build: Build, store: Path) -> None:
    build()
    path = version_of(store) / "corpus.json"
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build().reasons == (BuildReason.DAMAGED,)


def test_a_byte_that_rots_unseen_is_repaired_once_the_version_was_opened(build: Build, store: Path) -> None:
    build()
    folder = version_of(store)
    flip(folder / "vectors.faiss")
    remember(folder, file_states(folder))  # as if the file system had noticed nothing
    assert not build().built
    with pytest.raises(StoreError, match="damaged"):
        Index.open(store, FakeEncoder())
    assert (build().built, Index.open(store, FakeEncoder()).version) == (True, Store(store).current())


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that are read for their checksum; every version is a large one."""
    read: list[Path] = []

    def digest(path: Path) -> str:
        read.append(path)
        return file_sha256(path)

    monkeypatch.setattr("index.store.manifest._LARGE", 0)
    monkeypatch.setattr("index.store.manifest.file_sha256", digest)
    return read


def test_a_large_version_is_read_once_wherever_it_is_opened(build: Build, store: Path, hashed: list[Path]) -> None:
    build()
    (store / "versions" / ".checked").unlink()
    hashed.clear()
    Index.open(store, FakeEncoder())
    counted = len(hashed)
    Index.open(store, FakeEncoder())
    Store(store).library()
    assert len(hashed) == counted > 0


@pytest.mark.parametrize("name", ["corpus.json", "vectors.faiss", "corpus/passages"])
def test_a_large_version_that_was_touched_is_read_again(
    build: Build, store: Path, hashed: list[Path], name: str
) -> None:
    build()
    flip(version_of(store) / name)
    for _ in range(2):
        with pytest.raises(StoreError, match=rf"{name} is missing or damaged"):
            Index.open(store, FakeEncoder())


def test_a_file_missing_from_a_large_version_is_named(build: Build, store: Path, hashed: list[Path]) -> None:
    build()
    (version_of(store) / "corpus" / "texts").unlink()
    with pytest.raises(StoreError, match=r"texts is missing or damaged"):
        Index.open(store, FakeEncoder())


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"x": 3}', b"\xff"])
def test_a_damaged_cache_proves_nothing(build: Build, store: Path, content: bytes) -> None:
    build()
    (store / "versions" / ".checked").write_bytes(content)
    assert not is_unchanged(version_of(store))
    assert not build().built
    assert is_unchanged(version_of(store))


def test_a_strange_file_in_a_version_is_looked_at(build: Build, store: Path) -> None:
    build()
    (version_of(store) / "more").write_bytes(b"")
    assert not is_unchanged(version_of(store))


def test_notes_on_files_left_out_are_reported_again(build: Build, documents: Path) -> None:
    (documents / "latin.txt").write_bytes(b"\xff\xfe\xfd")
    assert build().skipped == build().skipped != ()
