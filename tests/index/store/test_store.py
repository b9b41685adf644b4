"""Versions on disk: what is damaged is noticed, what is old can come back, and one builds at a time."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.corpus.corpus import Corpus
from index.errors import ChronicleError, StoreBusyError, StoreError
from index.indexing.builder import build_store
from index.store.manifest import FORMAT, manifest_checksum, read_manifest, verify_checksums
from index.store.serialization import load_corpus
from index.store.store import Store
from index.store.version_names import new_version_name
from index.types import BuildReason
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

ROOT = Path(__file__).parents[3]


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".checked")


def complaint(attempt: Callable[[], object]) -> str:
    """Return the message of the StoreError that `attempt` must raise."""
    with pytest.raises(StoreError) as caught:
        attempt()
    return str(caught.value)


def version_of(store: Path) -> Path:
    return store / "versions" / (store / "CURRENT").read_text("ascii").strip()


def reseal(store: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change the current manifest as another program would have written it."""
    path = version_of(store) / "manifest.json"
    data = json.loads(path.read_bytes())
    data.pop("sha256")
    change(data)
    path.write_text(json.dumps({**data, "sha256": manifest_checksum(data)}), "utf-8")


# Damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, empty, Path.unlink])
def test_any_damaged_file_is_noticed_in_one_line_that_names_the_remedy(
    opened: Index, store: Path, damage: Callable[[Path], None]
) -> None:
    unnoticed = []
    for name in files_of(version_of(store)):
        path = version_of(store) / name
        whole = path.read_bytes()
        damage(path)
        try:
            Index.open(store, FakeEncoder())
        except StoreError as error:
            if "\n" in str(error) or not str(error).endswith("run `python -m index build`"):
                unnoticed.append(str(error))
        else:
            unnoticed.append(name)
        path.write_bytes(whole)
    assert unnoticed == []


def test_bytes_all_over_the_manifest_count(opened: Index, store: Path) -> None:
    path = version_of(store) / "manifest.json"
    whole = path.read_bytes()
    unnoticed = []
    for at in range(0, len(whole), 13):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            read_manifest(version_of(store))
        except StoreError:
            continue
        unnoticed.append(at)
    assert unnoticed == []


@pytest.mark.parametrize(
    ("damage", "step"),
    [
        (flip, 2),
        (Path.unlink, 5),
        *(pytest.param(each, 1, marks=pytest.mark.slow) for each in (flip, Path.unlink)),
    ],
)
def test_a_build_repairs_any_damaged_file(
    opened: Index, store: Path, documents: Path, damage: Callable[[Path], None], step: int
) -> None:
    broken, copy = [], store.with_name("copy")
    for name in files_of(version_of(store))[::step]:
        shutil.copytree(store, copy)
        damage(version_of(copy) / name)
        report = build_store(documents, copy, FakeEncoder())
        if not (
            report.reasons == (BuildReason.DAMAGED,) and Index.open(copy, FakeEncoder()).version == report.version
        ):
            broken.append(name)
        shutil.rmtree(copy)
    assert broken == []


def test_the_library_of_a_damaged_version_is_not_read(opened: Index, store: Path) -> None:
    flip(version_of(store) / "corpus" / "texts")
    assert "is missing or damaged" in complaint(lambda: Store(store).library())


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"../elsewhere", b".hidden", b"no such version\n", b"\xff", b"a\x00b", b"x" * 5000]
)
def test_a_damaged_current_is_noticed(opened: Index, store: Path, content: bytes) -> None:
    (store / "CURRENT").write_bytes(content)
    message = complaint(lambda: Index.open(store, FakeEncoder()))
    assert ("\n" in message, message.endswith("run `python -m index build`")) == (False, True)


@pytest.mark.parametrize("content", [b"", b"../elsewhere", b"no such version\n", b"\xff"])
def test_a_build_repairs_a_damaged_current(build: Build, opened: Index, store: Path, content: bytes) -> None:
    (store / "CURRENT").write_bytes(content)
    assert Index.open(store, FakeEncoder()).version if build().built else None


def test_a_missing_store_names_the_remedy(store: Path) -> None:
    message = complaint(lambda: Index.open(store, FakeEncoder()))
    assert message == f"no index in {store}; run `python -m index build`"


@pytest.mark.parametrize("read", [Store.info, Store.library])
def test_reading_a_missing_store_names_the_remedy(store: Path, read: Callable[[Store], object]) -> None:
    assert complaint(lambda: read(Store(store))) == f"no index in {store}; run `python -m index build`"


def test_a_version_of_another_format_is_foreign(opened: Index, store: Path) -> None:
    reseal(store, lambda data: data["rules"].update(format=99))  # type: ignore[attr-defined]
    assert "was built by another version of this program; run" in complaint(
        lambda: Index.open(store, FakeEncoder())
    )


def test_a_version_of_another_format_is_built_anew(opened: Index, build: Build, store: Path) -> None:
    reseal(store, lambda data: data["rules"].update(format=99))  # type: ignore[attr-defined]
    assert (build().built, Index.open(store, FakeEncoder()).library.documents != ()) == (True, True)


@pytest.mark.parametrize(
    "key",
    [
        "normalization",
        "parsing",
        "passages",
        "representations",
        "terms",
        "retrieval",
        "centering",
        "answerability",
        "background",
        "front_desk",
    ],
)
def test_a_version_of_other_rules_is_foreign(opened: Index, store: Path, key: str) -> None:
    reseal(store, lambda data: data["rules"].update({key: 99}))  # type: ignore[attr-defined]
    assert "was built with another model or version" in complaint(lambda: Index.open(store, FakeEncoder()))


def test_a_version_of_another_model_is_foreign(opened: Index, store: Path) -> None:
    assert "was built with another model or version; run `python -m index build`" in complaint(
        lambda: Index.open(store, FakeEncoder("fake-2"))
    )


@pytest.mark.parametrize(
    "content",
    [b"[]", b"3", b'"text"', b"{}", b'{"rules": 3}', b'{"rules": {"format": %d}}' % FORMAT, b"\xff"],
)
def test_a_manifest_that_is_none_is_damaged(opened: Index, store: Path, content: bytes) -> None:
    (version_of(store) / "manifest.json").write_bytes(content)
    assert "manifest.json is missing or damaged" in complaint(lambda: verify_checksums(version_of(store)))


@pytest.mark.parametrize("name", ["../../../.env", "/etc/passwd", "a/../../b", "..", "C:\\x", "a\0b"])
def test_a_manifest_that_names_a_file_elsewhere_is_damaged(opened: Index, store: Path, name: str) -> None:
    reseal(store, lambda data: data["files"].update({name: "0" * 64}))  # type: ignore[attr-defined]
    message = complaint(lambda: verify_checksums(version_of(store)))
    assert message.endswith("manifest.json is missing or damaged; run `python -m index build`")


def test_a_manifest_of_nested_brackets_is_damaged(opened: Index, store: Path, build: Build) -> None:
    (version_of(store) / "manifest.json").write_bytes(b"[" * 100_000)
    assert "manifest.json is missing or damaged" in complaint(lambda: verify_checksums(version_of(store)))
    assert build().reasons == (BuildReason.DAMAGED,)


@pytest.mark.parametrize("content", [b"[" * 5000, b"#" * 10**6, b"x" * 10**6])
def test_an_old_or_hostile_current_is_rebuilt(build: Build, opened: Index, store: Path, content: bytes) -> None:
    (store / "CURRENT").write_bytes(content)
    assert "is damaged" in complaint(lambda: Index.open(store, FakeEncoder()))
    assert build().reasons == (BuildReason.DAMAGED,)


# Versions, rollback, pruning


def test_a_rollback_to_a_damaged_version_changes_nothing(three: list[str], store: Path) -> None:
    flip(store / "versions" / three[1] / "corpus.json")
    complaint(lambda: Store(store).rollback())
    assert Store(store).info().version == three[2]


def test_a_rollback_that_cannot_be_written_is_one_line(
    three: list[str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert (
        complaint(lambda: Store(store).rollback())
        == f"{store} cannot be written: No space left on device; nothing was changed"
    )


def test_what_was_withdrawn_never_stands_in_for_a_damaged_version(
    three: list[str], build: Build, store: Path
) -> None:
    Store(store).rollback(three[1])
    assert Store(store).fallbacks() == (three[0],)
    (store / "CURRENT").write_bytes(b"?")
    assert (Store(store).fallbacks(), Store(store).is_rolled_back()) == ((three[1], three[0]), True)
    build()
    assert (Store(store).fallbacks(), Store(store).is_rolled_back()) == ((three[1], three[0]), False)


def test_falling_back_from_a_damaged_version_is_no_rollback(three: list[str], store: Path) -> None:
    flip(store / "versions" / three[2] / "corpus.json")
    Store(store).fall_back(three[1])
    assert (Store(store).current(), Store(store).is_rolled_back()) == (three[1], False)


@pytest.mark.parametrize("ended_by", ["a build", "the choice of the newest"])
def test_a_rollback_that_was_ended_does_not_hold_again_where_a_version_is_damaged_later(
    three: list[str], build: Build, documents: Path, store: Path, ended_by: str
) -> None:
    Store(store).rollback()
    if ended_by == "a build":
        (documents / "new.txt").write_text("Something else.", "utf-8")
        build()
    else:
        Store(store).rollback(three[2])
        Store(store).rollback(three[1], withdrawn={three[2]})
        Store(store).rollback(three[2])
    Store(store).fall_back(three[0])
    assert not Store(store).is_rolled_back()


def test_a_named_version_can_be_made_current_where_current_is_damaged(three: list[str], store: Path) -> None:
    (store / "CURRENT").write_bytes(b"?")
    assert Store(store).rollback(three[0]) == Store(store).current() == three[0]


def test_a_stray_file_is_no_version(opened: Index, store: Path) -> None:
    (store / "versions" / "Thumbs.db").write_bytes(b"")
    assert Store(store).info().versions == (opened.version,)


def test_a_new_version_sorts_after_every_other() -> None:
    future = "99991231T000000.000000Z"
    assert new_version_name((future, "20250101T000000.000000Z")) > future


# What killed builds leave


def test_leftovers_of_a_killed_build_are_swept_by_the_next(opened: Index, build: Build, store: Path) -> None:
    (store / "versions" / ".unfinished-1").mkdir()
    (store / "versions" / ".unfinished-1" / "corpus.json").write_text("{")
    (store / "CURRENT.new").write_text("half")
    build()
    left = [path.name for path in store.rglob("*") if path.name.startswith((".", "CURRENT."))]
    assert left == [".checked"]


def test_a_version_half_removed_is_swept_by_the_next_build(opened: Index, build: Build, store: Path) -> None:
    shutil.copytree(version_of(store), store / "versions" / ".removed-20250101T000000.000000Z")
    build()
    assert names_in(store / "versions") == [opened.version]


def test_a_version_that_cannot_be_removed_is_gone_for_readers_and_swept_later(
    three: list[str], build: Build, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        Store(store).prune(1)
    versions = Store(store).info().versions
    build()
    assert (versions, names_in(store / "versions")) == ((three[2],), [three[2]])


def test_a_version_removed_while_it_is_opened_gives_way_to_the_one_that_is_current(
    opened: Index, store: Path, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def build_meanwhile(folder: Path) -> Corpus:
        monkeypatch.undo()
        (documents / "new.txt").write_text("Something new.", "utf-8")
        build_store(documents, store, FakeEncoder(), keep=1)
        return load_corpus(folder)

    monkeypatch.setattr("index.answering.stored_index.load_corpus", build_meanwhile)
    assert Index.open(store, FakeEncoder()).version == Store(store).current() != opened.version


def test_a_version_that_never_was_current_is_swept_by_the_next_build(
    opened: Index, build: Build, store: Path
) -> None:
    shutil.copytree(version_of(store), store / "versions" / "99991231T000000.000000Z")
    (store / "versions" / ".unswitched-99991231T000000.000000Z").touch()
    build()
    assert names_in(store / "versions") == [opened.version]


def test_a_version_that_became_current_is_kept_though_its_builder_was_killed(
    opened: Index, build: Build, store: Path
) -> None:
    (store / "versions" / f".unswitched-{opened.version}").touch()
    build()
    assert names_in(store / "versions") == [opened.version]


# One builder at a time


@pytest.fixture
def holder(store: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process that holds the builder's lock."""
    program = (
        "import sys; from pathlib import Path; from index.store.store import Store\n"
        "with Store(Path(sys.argv[1])).write_lock(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(store)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_builder_must_wait(holder: subprocess.Popen[str], build: Build, store: Path) -> None:
    with pytest.raises(StoreBusyError, match=r"^[^\n]*is being built by another process; wait for it$"):
        build()


def test_a_rollback_during_a_build_must_wait(holder: subprocess.Popen[str], store: Path) -> None:
    with pytest.raises(StoreBusyError):
        Store(store).rollback()


def test_the_lock_of_a_killed_builder_is_free(holder: subprocess.Popen[str], build: Build) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert build().built


def test_a_builder_that_fails_frees_the_lock(build: Build, documents: Path) -> None:
    hidden = documents.rename(documents.with_name("hidden"))
    with pytest.raises(ChronicleError):
        build()
    hidden.rename(documents)
    assert build().built


def test_a_store_can_be_read_during_a_build(opened: Index, holder: subprocess.Popen[str], store: Path) -> None:
    assert Index.open(store, FakeEncoder()).version == opened.version


def test_a_store_in_place_of_which_a_file_stands_is_one_line(documents: Path, store: Path) -> None:
    store.write_text("a file")
    assert complaint(lambda: build_store(documents, store, FakeEncoder())).startswith(
        f"{store} cannot be written: "
    )
