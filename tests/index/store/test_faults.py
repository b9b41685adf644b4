"""A full disk, or a kill, at every single write of a build: always a whole version, never a leftover."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.errors import StoreError
from index.indexing.builder import build_store
from index.store.manifest import read_manifest, write_manifest
from index.store.store import Store
from tests.fakes import FakeEncoder
from tests.index.conftest import Build
from tests.index.disk import Disk, full

ROOT = Path(__file__).parents[3]


@pytest.fixture
def changed(build: Build, documents: Path) -> None:
    """Build a first version, then change the documents."""
    build()
    (documents / "new.txt").write_text("Something new.", "utf-8")


def never(_at: int) -> bool:
    return False


def writes(documents: Path, store: Path) -> int:
    """Return how many operations a build performs on the disk, on a copy of `store`."""
    copy = store.with_name("counted")
    if store.exists():
        shutil.copytree(store, copy)
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(never, full).install(patch)
        build_store(documents, copy, FakeEncoder())
    return len(disk.done)


def leftovers(store: Path) -> list[str]:
    """Return what is in a store beside its finished versions, and any version that is damaged."""
    known = {"CURRENT", "lock", "versions"}
    found = [path.name for path in store.iterdir() if path.name not in known]
    for path in (store / "versions").iterdir():
        if path.name == ".checked":
            continue
        try:
            Index.open_version(path, FakeEncoder())
        except StoreError:
            found.append(path.name)
    return found


def faults(documents: Path, store: Path) -> Iterator[str]:
    """Yield what is wrong with a store after a failed build, now and after the next."""
    name = Store(store).current()
    if name is not None:
        Index.open(store, FakeEncoder()).warm_up()
    report = build_store(documents, store, FakeEncoder())
    if report.version != Store(store).current():
        yield "the next build is not current"
    if "new.txt" not in [each.name for each in Index.open(store, FakeEncoder()).library.documents]:
        yield "the next build misses the change"
    if len(Store(store).versions()) > 2:
        yield "a version that never was current is left"
    yield from (f"left: {each}" for each in leftovers(store))


def fill_at_each_write(
    documents: Path, store: Path, fails_at: Callable[[int, int], bool], copies: Path
) -> list[tuple[int, str]]:
    """Build in a copy of `store` for each write there is, the disk full at it; list what went wrong."""
    found: list[tuple[int, str]] = []
    for number in range(1, writes(documents, store) + 1):
        copy = copies / str(number)
        if store.exists():
            shutil.copytree(store, copy)
        with pytest.MonkeyPatch.context() as patch:
            Disk(lambda at, last=number: fails_at(at, last), full).install(patch)  # type: ignore[misc]
            try:
                build_store(documents, copy, FakeEncoder())
            except StoreError as error:
                if "\n" in str(error) or "cannot be written: " not in str(error):
                    found.append((number, str(error)))
            else:  # a folder that was there already need not be made
                if "new.txt" not in Store(copy).manifest().documents:
                    found.append((number, "the build did not say so"))
        found += [(number, fault) for fault in faults(documents, copy)]
    return found


def once(at: int, number: int) -> bool:
    return at == number


def from_then_on(at: int, number: int) -> bool:
    return at >= number


@pytest.mark.parametrize("fails_at", [pytest.param(once, marks=pytest.mark.slow), from_then_on])
def test_a_disk_full_at_any_write_of_a_rebuild_is_reported_and_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, fails_at: Callable[[int, int], bool]
) -> None:
    assert fill_at_each_write(documents, store, fails_at, tmp_path / "copies") == []


def test_a_disk_full_at_any_write_of_a_first_build_is_reported_and_the_next_succeeds(
    documents: Path, store: Path, tmp_path: Path
) -> None:
    (documents / "new.txt").write_text("Something new.", "utf-8")
    (tmp_path / "copies").mkdir()
    assert fill_at_each_write(documents, store, from_then_on, tmp_path / "copies") == []


def test_a_disk_that_fills_up_keeps_the_old_version_until_the_new_one_is_current(
    changed: None, documents: Path, store: Path
) -> None:
    old = Index.open(store, FakeEncoder()).version
    with pytest.MonkeyPatch.context() as patch:
        Disk(lambda at: at >= 10, full).install(patch)
        with pytest.raises(StoreError):
            build_store(documents, store, FakeEncoder())
    assert (Index.open(store, FakeEncoder()).version, leftovers(store)) == (old, [])


def test_a_display_that_cannot_be_written_to_never_ends_a_build(documents: Path, store: Path) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    assert build_store(documents, store, FakeEncoder(), progress=closed).built


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM])
def test_what_the_system_lacks_is_not_said_of_the_disk(store: Path, number: int) -> None:
    with pytest.raises(StoreError) as caught, Store(store).write_lock():
        raise OSError(number, os.strerror(number))
    assert str(caught.value) == f"{store} is left as it was: {os.strerror(number)}; free some, then try again"


def test_a_fault_of_another_file_is_not_said_of_the_store(store: Path) -> None:
    with pytest.raises(StoreError) as caught, Store(store).write_lock():
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/elsewhere/dictionary.ocd2")
    assert str(caught.value) == f"{store} is left as it was: /elsewhere/dictionary.ocd2: Input/output error"


def test_vectors_that_an_older_version_stored_by_other_rules_do_not_end_a_build(
    changed: None, documents: Path, store: Path
) -> None:
    for path in store.glob("versions/*/tokens/means.npy"):
        version = path.parent.parent
        path.unlink()
        reseal_without(version, "tokens/means.npy")
    assert build_store(documents, store, FakeEncoder()).built


def reseal_without(version: Path, name: str) -> None:
    """Remove the file called `name` from the manifest of `version`."""
    manifest = read_manifest(version)
    write_manifest(
        version, replace(manifest, files={key: of for key, of in manifest.files.items() if key != name})
    )


def test_a_build_writes_in_many_places(changed: None, documents: Path, store: Path) -> None:
    assert writes(documents, store) > 40  # else the tests around this one show little


def kill(how: str, folders: tuple[Path, Path, Path], number: int) -> list[tuple[str, str]]:
    """Run builds in copies of a store and kill them; list what is wrong with the copies."""
    documents, _, copies = folders
    copies.mkdir()
    command = [sys.executable, "-m", "tests.index.disk", how, *map(str, folders), str(number)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=240)
    return [(each.name, fault) for each in sorted(copies.iterdir()) for fault in faults(documents, each)]


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_build_killed_at_any_write_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    assert kill("each-write", (documents, store, tmp_path / "copies"), step) == []


@pytest.mark.parametrize("count", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_a_build_killed_at_a_random_instant_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, count: int
) -> None:
    assert kill("random", (documents, store, tmp_path / "copies"), count) == []
