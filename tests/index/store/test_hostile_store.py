"""A store that somebody else may write in: nothing outside of it is read or written, and nothing waits."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.errors import StoreError
from index.store.manifest import manifest_checksum, verify_checksums
from index.store.serialization import load_corpus
from index.store.store import Store
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

SECRET = b"DISCORD_TOKEN=secret"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_bytes(SECRET)
    return path


def current(store: Path) -> Path:
    return Store(store).path(Store(store).current() or "")


def reseal(version: Path, **changed: str) -> None:
    """Write the manifest of `version` anew, as whoever may write in the store can."""
    data = json.loads((version / "manifest.json").read_bytes())
    data.pop("sha256")
    data["files"] = data["files"] | changed
    (version / "manifest.json").write_text(json.dumps({**data, "sha256": manifest_checksum(data)}), "utf-8")


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("name", ["texts", "passages", "hashes", "representations", "blocks"])
@pytest.mark.parametrize("number", [2**40, 2**64 - 1])
def test_records_said_to_be_elsewhere_or_of_another_number_are_damage(store: Path, name: str, number: int) -> None:
    version = current(store)
    path = version / "corpus" / name
    content = path.read_bytes()
    for at in (-8, -16, -24):  # how many there are, where the last ends, where it begins
        changed = bytearray(content)
        changed[len(changed) + at : len(changed) + at + 8] = number.to_bytes(8, "little")
        path.write_bytes(changed)
        reseal(version, **{f"corpus/{name}": hashlib.sha256(changed).hexdigest()})
        verify_checksums(version)
        with pytest.raises(StoreError, match=r"^[^\n]* is damaged; run"):
            read_all(version)


def read_all(version: Path) -> None:
    corpus = load_corpus(version)
    for document in corpus.library.documents:
        assert [document.slice(block.span) for block in document.blocks]
    assert list(zip(corpus.passages, corpus.hashes, strict=True))
    assert list(corpus.representations)


def link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("replace", [link, pipe])
@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "corpus.json",
        "vectors.faiss",
        "background.json",
        "tokens/means.npy",
        "corpus/texts",
        "corpus/starts.npy",
    ],
)
def test_a_link_or_pipe_in_place_of_a_file_is_damage_and_blocks_nobody(
    opened: Index, store: Path, build: Build, name: str, replace: Callable[[Path], None]
) -> None:
    replace(current(store) / name)
    with pytest.raises(StoreError, match=r"is missing or damaged; run"):
        Index.open(store, FakeEncoder())


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("corpus.json")])
def test_a_link_or_pipe_that_the_manifest_does_not_name_is_damage_as_well(
    opened: Index, store: Path, make: Callable[[Path], None]
) -> None:
    make(current(store) / "tokens" / "more.npy")
    with pytest.raises(StoreError, match=r"more\.npy is missing or damaged"):
        Index.open(store, FakeEncoder())


def test_a_version_that_is_a_link_is_damaged(opened: Index, store: Path, tmp_path: Path) -> None:
    current(store).rename(tmp_path / "elsewhere")
    current(store).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is missing or damaged"):
        Index.open(store, FakeEncoder())


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "file").touch()


@pytest.mark.parametrize("replace", [link, pipe, folder])
def test_current_that_is_a_link_a_pipe_or_a_folder_is_noticed_and_replaced_by_the_next_build(
    opened: Index, store: Path, build: Build, replace: Callable[[Path], None]
) -> None:
    replace(store / "CURRENT")
    with pytest.raises(StoreError, match="cannot be read"):
        Store(store).current()
    assert build().version == Store(store).current()
    assert not (store / "CURRENT").is_symlink()


@pytest.mark.parametrize("name", ["CURRENT.new", "versions/.checked"])
def test_a_folder_that_stands_where_a_build_writes_is_removed(
    opened: Index, store: Path, documents: Path, build: Build, name: str
) -> None:
    (store / name).unlink(missing_ok=True)
    (store / name / "folder").mkdir(parents=True)
    (documents / "new.txt").write_text("Something new.", "utf-8")
    assert build().version == Store(store).current()


@pytest.mark.parametrize("replace", [link, folder])
def test_a_link_or_folder_in_place_of_the_lock_is_named_in_one_line(
    opened: Index, store: Path, documents: Path, build: Build, replace: Callable[[Path], None]
) -> None:
    (store / "lock").touch()
    replace(store / "lock")
    (documents / "new.txt").write_text("Something new.", "utf-8")
    with pytest.raises(StoreError, match=rf"^{store}/lock cannot be written: .*; nothing was changed$"):
        build()
    assert Index.open(store, FakeEncoder()).version == opened.version


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("name", ["CURRENT.new", "versions/.checked"])
def test_a_link_that_was_laid_where_a_build_writes_is_not_written_through(
    store: Path, documents: Path, build: Build, secret: Path, name: str
) -> None:
    (store / name).unlink(missing_ok=True)
    (store / name).symlink_to(secret)
    (documents / "new.txt").write_text("Something new.", "utf-8")
    assert build().version == Store(store).current()
    assert secret.read_bytes() == SECRET


@pytest.mark.parametrize("length", [200, 201, 300])
def test_a_current_of_any_length_is_repaired_by_the_next_build(
    opened: Index, store: Path, build: Build, length: int
) -> None:
    (store / "CURRENT").write_bytes(b"2" * length)
    assert build().version == Store(store).current()
    assert not build().built
