"""What holds of a store in a folder and of one in Milvus alike: versions, rollback, pruning, reuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.errors import ModelError, StoreError
from index.indexing.builder import build_store
from index.indexing.verify import verify_store
from index.milvus import local_copies
from index.store.opening import open_store
from index.store.version_names import version_label
from index.types import BuildReason, BuildReport, MilvusAddress, StoreLocation
from tests.fakes import FakeEncoder
from tests.index.conftest import Build, write_documents
from tests.index.store.conftest import build_three


@pytest.fixture(params=["folder", "milvus"])
def location(request: pytest.FixtureRequest, store: Path) -> StoreLocation:
    """Return the place for a store, in a folder and in Milvus; nothing is there yet."""
    if request.param == "folder":
        return store
    address: StoreLocation = request.getfixturevalue("milvus")
    return address


@pytest.fixture
def build(documents: Path, location: StoreLocation, encoder: FakeEncoder) -> Build:
    """Return a function that brings the store up to date with `documents`."""
    return lambda: build_store(documents, location, encoder)


@pytest.fixture
def built(build: Build) -> BuildReport:
    """Build a first version."""
    return build()


@dataclass(frozen=True, slots=True)
class Kept:
    """A store of three versions that tests share, and their names, oldest first."""

    location: StoreLocation
    names: list[str]
    caches: Path

    def state(self) -> tuple[object, ...]:
        """Return what a rollback changes."""
        store = open_store(self.location)
        return store.current(), store.withdrawn(), store.is_rolled_back(), store.versions()


@pytest.fixture(scope="module", params=["folder", "milvus"])
def three_kept(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    light_builds: Callable[[], AbstractContextManager[None]],
) -> Kept:
    """Build three versions in a folder and in Milvus, once for the tests that build no more."""
    folder = tmp_path_factory.mktemp("three")
    location: StoreLocation = folder / "store"
    if request.param == "milvus":
        location = MilvusAddress(request.getfixturevalue("milvus_server"), "three_kept")
    documents = write_documents(folder / "documents")
    with light_builds(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_copies, "user_cache_path", lambda _application: folder / "caches")
        names = build_three(lambda: build_store(documents, location, FakeEncoder()), documents)
    return Kept(location, names, folder / "caches")


@pytest.fixture
def kept(three_kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Return the store of three versions, of which the newest is current; what a test rolls back is undone."""
    monkeypatch.setattr(local_copies, "user_cache_path", lambda _application: three_kept.caches)
    fresh: tuple[object, ...] = (three_kept.names[2], frozenset(), False, tuple(three_kept.names[::-1]))
    yield three_kept
    if three_kept.state() != fresh:
        open_store(three_kept.location).rollback(three_kept.names[2], withdrawn=frozenset())
    assert three_kept.state() == fresh


def complaint(attempt: Callable[[], object]) -> str:
    """Return the message of the StoreError that `attempt` must raise, which is one line."""
    with pytest.raises(StoreError) as caught:
        attempt()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_versions_are_listed_newest_first(kept: Kept) -> None:
    assert list(open_store(kept.location).info().versions) == kept.names[::-1]


def test_the_newest_build_is_current(kept: Kept) -> None:
    assert open_store(kept.location).info().version == kept.names[2]


def test_info_is_that_of_the_manifest(built: BuildReport, location: StoreLocation, documents: Path) -> None:
    info = open_store(location).info()
    assert (info.documents_folder, info.model, info.passages, sorted(info.documents)) == (
        str(documents.resolve()),
        FakeEncoder().fingerprint,
        3,
        ["alpaca.txt", "llama.md"],
    )


def test_a_rollback_goes_to_the_version_before(kept: Kept) -> None:
    assert (open_store(kept.location).rollback(), Index.open(kept.location, FakeEncoder()).version) == (
        kept.names[1],
        kept.names[1],
    )


def test_rollbacks_go_back_one_by_one(kept: Kept) -> None:
    assert [open_store(kept.location).rollback(), open_store(kept.location).rollback()] == [
        kept.names[1],
        kept.names[0],
    ]


def test_a_rollback_before_the_first_version_is_refused(kept: Kept) -> None:
    open_store(kept.location).rollback(kept.names[0])
    assert "nothing to roll back to" in complaint(lambda: open_store(kept.location).rollback())


def test_a_named_version_can_be_older_or_newer(kept: Kept) -> None:
    assert [
        open_store(kept.location).rollback(kept.names[0]),
        open_store(kept.location).rollback(kept.names[2]),
    ] == [
        kept.names[0],
        kept.names[2],
    ]


@pytest.mark.parametrize("version", ["nowhere", "../../documents", "/", ".."])
def test_a_rollback_to_no_version_lists_those_there_are(kept: Kept, version: str) -> None:
    assert version_label(kept.names[0], kept.names) in complaint(
        lambda: open_store(kept.location).rollback(version)
    )


def test_a_rollback_without_a_store_is_refused(location: StoreLocation) -> None:
    assert "nothing to roll back to" in complaint(lambda: open_store(location).rollback())


def test_a_build_after_a_rollback_is_built_and_newest(
    three: list[str], build: Build, location: StoreLocation
) -> None:
    open_store(location).rollback(three[0])
    report = build()
    assert (report.built, open_store(location).info().versions[0]) == (True, report.version)


def test_a_rollback_holds_until_a_build_also_one_that_finds_nothing_changed(
    three: list[str], build: Build, documents: Path, location: StoreLocation
) -> None:
    assert not open_store(location).is_rolled_back()
    open_store(location).rollback()
    assert open_store(location).is_rolled_back()
    (documents / "new.txt").write_text("Something new 1.", "utf-8")
    assert (build().built, open_store(location).is_rolled_back()) == (False, False)


def test_a_rollback_that_is_undone_holds_no_more(kept: Kept) -> None:
    withdrawn = open_store(kept.location).withdrawn()
    open_store(kept.location).rollback(kept.names[0])
    open_store(kept.location).rollback(kept.names[2], withdrawn=withdrawn)
    assert (open_store(kept.location).is_rolled_back(), open_store(kept.location).fallbacks()) == (
        False,
        (kept.names[1], kept.names[0]),
    )


def test_what_was_withdrawn_stays_so_until_it_is_chosen_itself(kept: Kept) -> None:
    open_store(kept.location).rollback(kept.names[0])
    open_store(kept.location).rollback(kept.names[2])
    assert (open_store(kept.location).is_rolled_back(), open_store(kept.location).fallbacks()) == (
        False,
        (kept.names[0],),
    )
    open_store(kept.location).rollback(kept.names[1])
    assert open_store(kept.location).withdrawn() == {kept.names[2]}


def test_the_documents_of_an_older_version_are_those_it_was_built_from(kept: Kept) -> None:
    texts = [
        document.text
        for version in kept.names
        for document in open_store(kept.location).library(version).documents
        if document.name == "new.txt"
    ]
    assert texts == ["Something new 0.", "Something new 1.", "Something new 2."]


def test_only_the_newest_versions_are_kept(three: list[str], documents: Path, location: StoreLocation) -> None:
    (documents / "new.txt").write_text("Something else.", "utf-8")
    version = build_store(documents, location, FakeEncoder(), keep=2).version
    assert open_store(location).info().versions == (version, three[2])


def test_the_current_version_is_never_pruned(three: list[str], location: StoreLocation) -> None:
    open_store(location).rollback(three[0])
    open_store(location).prune(1)
    assert open_store(location).info().versions == (three[2], three[0])


def test_a_missing_store_names_the_remedy(location: StoreLocation) -> None:
    message = complaint(lambda: Index.open(location, FakeEncoder()))
    assert message == f"no index in {location}; run `python -m index build`"


def test_a_build_with_nothing_to_do_encodes_nothing(
    built: BuildReport, build: Build, encoder: FakeEncoder, location: StoreLocation
) -> None:
    before = encoder.encoded
    report = build()
    assert (report.reasons, encoder.encoded) == ((BuildReason.NOTHING_CHANGED,), before)
    assert open_store(location).versions() == (built.version,)


def test_a_text_that_an_earlier_version_encoded_is_not_encoded_again(
    built: BuildReport, build: Build, documents: Path, encoder: FakeEncoder
) -> None:
    before = encoder.encoded
    (documents / "new.txt").write_text("Something new.", "utf-8")
    assert (build().encoded, encoder.encoded) == (1, before + 1)


def test_a_sound_version_is_verified(built: BuildReport, location: StoreLocation) -> None:
    found = verify_store(location, FakeEncoder())
    assert (found.version, found.documents, found.passages) == (built.version, 2, 3)


def test_a_model_that_fails_changes_nothing(
    built: BuildReport, documents: Path, location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelError("out of order")

    (documents / "new.txt").write_text("Something new.", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(FakeEncoder, "encode_passages", fail)
        with pytest.raises(ModelError):
            build_store(documents, location, FakeEncoder())
    assert open_store(location).versions() == (built.version,)
    assert build_store(documents, location, FakeEncoder()).built


def test_a_new_version_that_finds_nothing_is_never_current(
    built: BuildReport, documents: Path, location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_index: Index) -> None:
        raise StoreError("finds nothing")

    (documents / "new.txt").write_text("Something new.", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Index, "warm_up", fail)
        complaint(lambda: build_store(documents, location, FakeEncoder()))
    store = open_store(location)
    assert (store.current(), store.versions()) == (built.version, (built.version,))


def test_an_open_index_answers_on_while_the_store_is_rebuilt_and_pruned(
    built: BuildReport, documents: Path, location: StoreLocation
) -> None:
    opened = Index.open(location, FakeEncoder())
    before = opened.ask("What did it cost?")
    for number in range(2):
        (documents / "new.txt").write_text(f"Something new {number}.", "utf-8")
        build_store(documents, location, FakeEncoder(), keep=1)
    assert built.version not in open_store(location).versions()
    assert replace(opened.ask("What did it cost?"), elapsed_ms=0) == replace(before, elapsed_ms=0)
