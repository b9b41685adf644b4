"""A full disk, or a kill, at every single write of a build: always a whole version, never a leftover."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
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
SLOW = (pytest.mark.slow, pytest.mark.timeout(3600))


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
        if path.name == ".checked" or path.name.removeprefix(".withdrawn-") in Store(store).versions():
            continue
        try:
            Index.open_version(path, FakeEncoder())
        except StoreError:
            found.append(path.name)
    return found


def faults(documents: Path, store: Path, *, most: int = 2) -> Iterator[str]:
    """Yield what is wrong with a store after a failed operation, now and after the next build.

    most: as many versions may be left.
    """
    name = Store(store).current()
    if name is not None:
        Index.open(store, FakeEncoder()).warm_up()
    report = build_store(documents, store, FakeEncoder())
    if report.version != Store(store).current():
        yield "the next build is not current"
    if "new.txt" not in [each.name for each in Index.open(store, FakeEncoder()).library.documents]:
        yield "the next build misses the change"
    if len(Store(store).versions()) > most:
        yield "a version that never was current is left"
    yield from (f"left: {each}" for each in leftovers(store))


def fill_at_writes(
    documents: Path, store: Path, fails_at: Callable[[int, int], bool], copies: Path, *, step: int
) -> list[tuple[int, str]]:
    """Build in a copy of `store` for every `step`th write there is, the disk full at it; list what went wrong."""
    found: list[tuple[int, str]] = []
    for number in range(1, writes(documents, store) + 1, step):
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


@pytest.mark.parametrize(
    ("fails_at", "step"),
    [
        (from_then_on, 11),
        (once, 17),
        pytest.param(from_then_on, 1, marks=pytest.mark.slow),
        pytest.param(once, 1, marks=pytest.mark.slow),
    ],
)
@pytest.mark.usefixtures("changed")
def test_a_disk_full_at_any_write_of_a_rebuild_is_reported_and_leaves_a_whole_version(
    documents: Path, store: Path, tmp_path: Path, fails_at: Callable[[int, int], bool], step: int
) -> None:
    assert fill_at_writes(documents, store, fails_at, tmp_path / "copies", step=step) == []


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_disk_full_at_any_write_of_a_first_build_is_reported_and_the_next_succeeds(
    documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    (documents / "new.txt").write_text("Something new.", "utf-8")
    (tmp_path / "copies").mkdir()
    assert fill_at_writes(documents, store, from_then_on, tmp_path / "copies", step=step) == []


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


def end(how: str, operation: str, folders: tuple[Path, Path, Path], number: int) -> list[tuple[str, str]]:
    """Run an operation in copies of a store and end it; list what is wrong with the copies."""
    documents, store, copies = folders
    copies.mkdir()
    known = Store(store).versions()
    whole = store.with_name("whole")
    whole = Store(whole).path(build_store(documents, whole, FakeEncoder()).version)
    arguments = [how, operation, *map(str, folders), str(whole), str(number)]
    command = [sys.executable, "-m", "tests.index.disk", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, timeout=1200, env={**os.environ, "OMP_NUM_THREADS": "1"})
    ended = sorted(copies.iterdir())
    assert ended
    found = [
        (each.name, fault) for each in ended for fault in rollback_faults(each, known) if operation == "rollback"
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        return found + [(each.name, fault) for each in ended for fault in faults(documents, each, most=3)]


def rollback_faults(store: Path, known: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with a store that had the versions `known`, newest first: it is rolled back, or it is not."""
    current = Store(store).current()
    if current == known[-1] and not Store(store).is_rolled_back():
        yield "a rollback that does not hold"
    if current == known[0] and Store(store).is_rolled_back():
        yield "held back by a rollback that was not done"


@pytest.mark.parametrize("step", [10, pytest.param(1, marks=SLOW)])
def test_a_build_killed_at_any_write_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    assert end("each-write", "build", (documents, store, tmp_path / "copies"), step) == []


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=SLOW)])
def test_a_build_killed_at_a_random_instant_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, count: int
) -> None:
    assert end("random", "build", (documents, store, tmp_path / "copies"), count) == []


@pytest.fixture
def two_versions(changed: None, build: Build, documents: Path) -> None:
    build()


@pytest.mark.parametrize("count", [4, pytest.param(100, marks=SLOW)])
def test_a_rollback_killed_at_a_random_instant_is_done_and_holds_or_is_not_done(
    two_versions: None, documents: Path, store: Path, tmp_path: Path, count: int
) -> None:
    assert end("random", "rollback", (documents, store, tmp_path / "copies"), count) == []


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=SLOW)])
def test_a_rollback_killed_at_any_write_is_done_and_holds_or_is_not_done(
    two_versions: None, documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    assert end("each-write", "rollback", (documents, store, tmp_path / "copies"), step) == []


@pytest.mark.parametrize("step", [30, pytest.param(1, marks=SLOW)])
def test_a_power_cut_at_any_write_of_a_build_leaves_a_whole_version(
    changed: None, documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    assert end("power-cut", "build", (documents, store, tmp_path / "copies"), step) == []


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=SLOW)])
def test_a_power_cut_at_any_write_of_a_rollback_leaves_it_done_and_holding_or_not_done(
    two_versions: None, documents: Path, store: Path, tmp_path: Path, step: int
) -> None:
    assert end("power-cut", "rollback", (documents, store, tmp_path / "copies"), step) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_at_any_write_of_a_rollback_leaves_all_as_it_was_or_the_rollback_done(
    two_versions: None, store: Path, tmp_path: Path, number: int
) -> None:
    newest, before = Store(store).versions()

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    for last in range(1, len(roll_back_failing_at(0, store, tmp_path / "whole", refuse)) + 1):
        copy = tmp_path / str(last)
        roll_back_failing_at(last, store, copy, refuse)
        state = (Store(copy).current(), Store(copy).withdrawn(), Store(copy).is_rolled_back())
        assert state in ((newest, frozenset(), False), (before, {newest}, True)), last


def roll_back_failing_at(last: int, store: Path, copy: Path, refuse: Callable[[], None]) -> list[str]:
    """Roll back in a copy of `store`, and fail at write `last`; return the writes."""
    shutil.copytree(store, copy)
    with pytest.MonkeyPatch.context() as patch, suppress(StoreError):
        disk = Disk(lambda at: at == last, refuse).install(patch)
        Store(copy).rollback()
    return disk.done
