"""Reading the files of a folder: what is read, what is refused, and that nothing outside gets in."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.corpus.sources import Sources, read_sources
from index.errors import DocumentsError

SUFFIXES = frozenset({".md", ".txt"})
SECRET = b"a secret"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "good.md").write_bytes(b"words")
    return tmp_path / "folder"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_bytes(SECRET)
    return tmp_path / "outside"


def read(folder: Path) -> Sources:
    return read_sources(folder, SUFFIXES)


def reasons(folder: Path) -> dict[str, str]:
    return {note.name: note.reason for note in read(folder).skipped}


def test_documents_and_sidecars_are_read_by_their_names_in_the_folder(folder: Path) -> None:
    (folder / "b" / "c").mkdir(parents=True)
    for name in ("b/c/deep.TXT", "catalog.toml", "good.md.annotations.toml", "b/good.txt"):
        (folder / name).write_bytes(name.encode())
    found = read(folder)
    assert (dict(found.documents), dict(found.sidecars), found.skipped) == (
        {"b/c/deep.TXT": b"b/c/deep.TXT", "b/good.txt": b"b/good.txt", "good.md": b"words"},
        {"catalog.toml": b"catalog.toml", "good.md.annotations.toml": b"good.md.annotations.toml"},
        (),
    )


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert list(read(tmp_path / "link").documents) == ["good.md"]


@pytest.mark.parametrize("name", ["nowhere", "folder/good.md"])
def test_no_such_folder_is_one_line_that_names_it(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(
        DocumentsError, match=r"^no such documents folder: .*; create it or set CHRONICLE_DOCUMENTS$"
    ):
        read(tmp_path / name)


@pytest.mark.parametrize("name", [".hidden.md", ".git/note.md", ".git/deep/note.txt"])
def test_hidden_files_and_folders_are_passed_over_silently(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"words")
    assert (list(read(folder).documents), reasons(folder)) == (["good.md"], {})


@pytest.mark.parametrize("target", ["../outside/secret.md", "good.md", "nowhere.md", "../outside", "."])
def test_a_symbolic_link_is_reported_and_not_followed(folder: Path, outside: Path, target: str) -> None:
    (folder / "link.md").symlink_to(target)
    assert (list(read(folder).documents), reasons(folder)) == (
        ["good.md"],
        {"link.md": "a symbolic link is not followed; copy the file"},
    )


def test_a_hard_link_is_reported_and_not_read(folder: Path, outside: Path) -> None:
    (folder / "link.md").hardlink_to(outside / "secret.md")
    assert (list(read(folder).documents), reasons(folder)) == (
        ["good.md"],
        {"link.md": "a hard link to a file with another name; copy the file"},
    )


def test_pipes_sockets_and_devices_are_reported_and_not_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert reasons(folder) == {"pipe.txt": "not a regular file", "socket.txt": "not a regular file"}


def test_a_name_that_is_not_utf8_is_reported_in_words_that_can_be_printed(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.md")).write_bytes(b"words")
    assert reasons(folder) == {"\\udcff.md": "its name is not UTF-8; rename it"}


def test_a_file_of_no_known_format_is_reported(folder: Path) -> None:
    (folder / "movie.mkv").write_bytes(b"words")
    (folder / "sub").mkdir()
    (folder / "sub" / "catalog.toml").write_bytes(b"")
    assert reasons(folder) == {
        "movie.mkv": "not a format that can be read",
        "sub/catalog.toml": "not a format that can be read",
    }


def test_a_file_too_large_to_be_written_by_a_person_is_reported_and_not_read(folder: Path) -> None:
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    assert reasons(folder) == {"huge.txt": "larger than 64 MiB; split it"}


def test_folders_that_lie_too_deep_are_reported_and_the_others_read(folder: Path) -> None:
    deepest = folder / "/".join(["d"] * 65)
    deepest.mkdir(parents=True)
    (deepest / "note.md").write_bytes(b"words")
    (deepest.parent / "note.md").write_bytes(b"words")
    found = read(folder)
    assert list(found.documents) == ["/".join(["d"] * 64 + ["note.md"]), "good.md"]
    assert reasons(folder) == {"/".join(["d"] * 65): "more than 64 folders deep; move it up"}


def test_the_hashes_are_those_of_every_file(folder: Path) -> None:
    (folder / "catalog.toml").write_bytes(b"")
    assert {name: len(hash_) for name, hash_ in read(folder).hashes.items()} == {
        "catalog.toml": 64,
        "good.md": 64,
    }


# What changes while it is read: `at` does something when the program opens the file or folder called `name`.

At = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    actions: dict[str, list[Callable[[], object]]] = {}
    real_open = os.open

    def opened(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        for action in actions.pop(str(path), []):
            action()
        return real_open(path, flags, mode, dir_fd=dir_fd)

    def register(name: str, action: Callable[[], object]) -> None:
        actions.setdefault(name, []).append(action)

    monkeypatch.setattr(os, "open", opened)
    yield register
    assert not actions, "the file was never opened"


def swap(path: Path, make: Callable[[Path], object]) -> Callable[[], None]:
    def action() -> None:
        path.rename(path.with_name(".moved"))
        make(path)

    return action


def test_a_link_that_is_swapped_in_for_a_file_is_not_followed(folder: Path, outside: Path, at: At) -> None:
    at("good.md", swap(folder / "good.md", lambda path: path.symlink_to(outside / "secret.md")))
    assert reasons(folder) == {"good.md": "a symbolic link is not followed; copy the file"}


def test_a_hard_link_that_is_swapped_in_for_a_file_is_not_read(folder: Path, outside: Path, at: At) -> None:
    at("good.md", swap(folder / "good.md", lambda path: path.hardlink_to(outside / "secret.md")))
    assert reasons(folder) == {"good.md": "a hard link to a file with another name; copy the file"}


def test_a_pipe_that_is_swapped_in_for_a_file_does_not_block(folder: Path, at: At) -> None:
    at("good.md", swap(folder / "good.md", os.mkfifo))
    assert reasons(folder) == {"good.md": "not a regular file"}


@pytest.mark.parametrize("inner", [False, True])
def test_a_link_that_is_swapped_in_for_a_folder_is_not_followed(
    folder: Path, outside: Path, at: At, inner: bool
) -> None:
    (folder / "sub" / "low").mkdir(parents=True)
    (outside / "low").mkdir()
    (outside / "low" / "secret.md").write_bytes(SECRET)
    if inner:
        at("low", swap(folder / "sub", lambda path: path.symlink_to(outside)))
    else:
        at("sub", swap(folder / "sub", lambda path: path.symlink_to(outside)))
    found = read(folder)
    assert (list(found.documents), SECRET in found.documents.values()) == (["good.md"], False)


def test_a_file_that_vanishes_meanwhile_is_reported(folder: Path, at: At) -> None:
    (folder / "gone.md").write_bytes(b"words")
    at("gone.md", (folder / "gone.md").unlink)
    assert reasons(folder) == {"gone.md": "cannot be read: No such file or directory"}


@pytest.fixture
def overwriting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, list[bytes]], None]:
    """Return what makes each look at a file's descriptor come before it is overwritten with the next content."""

    def overwrite(path: Path, contents: list[bytes]) -> None:
        fstat = os.fstat
        number = path.stat().st_ino

        def looked(descriptor: int) -> os.stat_result:
            status = fstat(descriptor)
            if status.st_ino == number and contents:
                path.write_bytes(contents.pop(0))
            return status

        monkeypatch.setattr(os, "fstat", looked)

    return overwrite


@pytest.mark.parametrize("new", [b"longer than before", b"", b"cut", b"WORDS"])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    folder: Path, overwriting: Callable[[Path, list[bytes]], None], new: bytes
) -> None:
    path = folder / "good.md"
    os.utime(path, (1, 1))
    overwriting(path, [new])
    assert read(folder).documents == {"good.md": new}


def test_a_change_of_the_same_size_within_one_tick_of_the_clock_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file system's clock stands still for some milliseconds: here all writes before a read share one tick."""
    path = folder / "good.md"
    path.write_bytes(b"ONE ")
    tick = path.stat().st_mtime_ns
    fstat = os.fstat

    def look(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        if path.read_bytes() == b"ONE ":
            path.write_bytes(b"TWO ")
            os.utime(path, ns=(tick, tick))
        return status

    monkeypatch.setattr(os, "fstat", look)
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time_ns", lambda: tick + 5_000_000)
    assert read(folder).documents == {"good.md": b"TWO "}
    assert slept
    assert all(0.005 <= seconds < 0.1 for seconds in slept)


def test_a_file_that_keeps_changing_is_reported(
    folder: Path, overwriting: Callable[[Path, list[bytes]], None]
) -> None:
    overwriting(folder / "good.md", [b"a longer one", b"", b"one still longer", b""])
    assert reasons(folder) == {"good.md": "it changed while it was read; build again when it is complete"}


def test_a_file_that_is_overwritten_all_the_time_is_never_served_in_parts(folder: Path) -> None:
    path = folder / "good.md"
    versions = [bytes([letter]) * (2**20 + letter) for letter in b"abc"]
    path.write_bytes(versions[0])
    stopped = threading.Event()

    def write() -> None:
        while not stopped.is_set():
            for version in versions:
                path.write_bytes(version)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            found = read(folder).documents.get("good.md")
            assert found is None or found in (*versions, b"")
    finally:
        stopped.set()
        writer.join()


def test_a_file_that_cannot_be_read_is_reported(folder: Path, at: At) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    at("good.md", refuse)
    assert reasons(folder) == {"good.md": "cannot be read: Permission denied"}


def test_a_folder_that_cannot_be_listed_is_reported(folder: Path, at: At) -> None:
    (folder / "closed").mkdir()

    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    at("closed", refuse)
    found = read(folder)
    assert (list(found.documents), [(note.name, note.reason) for note in found.skipped]) == (
        ["good.md"],
        [("closed", "a folder that cannot be listed")],
    )


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ESTALE])
def test_a_fault_that_passes_ends_the_reading_and_leaves_no_file_out(folder: Path, at: At, number: int) -> None:
    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    at("good.md", refuse)
    with pytest.raises(DocumentsError, match=rf"^{folder} cannot be read: {os.strerror(number)}; try again$"):
        read(folder)
