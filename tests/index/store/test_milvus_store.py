"""A store in Milvus: shared by machines, and what becomes of it when Milvus fails."""

from __future__ import annotations

import logging
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pytest import LogCaptureFixture, MonkeyPatch  # noqa: PT013

from index.answering.engine import Index
from index.answering.policy import AnswerPolicy
from index.errors import StoreBusyError, StoreError, StoreUnreachableError
from index.indexing.builder import build_store
from index.indexing.verify import verify_store
from index.milvus import connection, lease, local_copies
from index.milvus.local_copies import open_copies
from index.milvus.names import Names
from index.retrieval.candidates import milvus_search
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.ranking_config import RankingConfig
from index.store.opening import open_store
from index.types import BuildReport, MilvusAddress, Query
from tests.fakes import FakeEncoder
from tests.index.conftest import Build, write_documents

pymilvus = pytest.importorskip("pymilvus", reason="the extra milvus is not installed")

Machine = Callable[[str], None]

# Candidates are asked for however few representations there are.
PROPOSING = AnswerPolicy(ranking=RankingConfig(exhaustive=0, candidates=3))
QUESTIONS = ["What did it cost?", "十四位作者之中誰留任？", "Nobody expected the demo", "駱馬模型"]


@pytest.fixture
def build(documents: Path, milvus: MilvusAddress) -> Build:
    """Return a function that brings the store up to date with `documents`."""
    return lambda: build_store(documents, milvus, FakeEncoder())


@pytest.fixture
def built(build: Build) -> BuildReport:
    """Build a first version."""
    return build()


@pytest.fixture
def changed(built: BuildReport, documents: Path) -> str:
    """Change the documents after the first build, and return its version."""
    (documents / "new.txt").write_text("Something new.", "utf-8")
    return built.version


@dataclass(frozen=True, slots=True)
class Published:
    """A version that tests share, and the copies of the machine that built it."""

    address: MilvusAddress
    version: str
    caches: Path


@pytest.fixture(scope="module")
def published(
    milvus_server: str,
    tmp_path_factory: pytest.TempPathFactory,
    light_builds: Callable[[], AbstractContextManager[None]],
) -> Published:
    """Build a first version for the tests that only read it."""
    folder = tmp_path_factory.mktemp("published")
    address = MilvusAddress(milvus_server, "published")
    documents = write_documents(folder / "documents")
    with light_builds(), MonkeyPatch.context() as patch:
        patch.setattr(local_copies, "user_cache_path", lambda _application: folder / "caches")
        version = build_store(documents, address, FakeEncoder()).version
    return Published(address, version, folder / "caches")


@pytest.fixture
def shared(published: Published, machine: Machine, tmp_path: Path) -> Published:
    """Return a version in Milvus to be read only, on a machine with copies as the builder's."""
    shutil.copytree(published.caches, tmp_path / "caches" / "shared")
    machine("shared")
    return published


@pytest.fixture
def client(milvus: MilvusAddress) -> Iterator[Any]:
    """Return a client of somebody else's."""
    found = pymilvus.MilvusClient(milvus.server)
    yield found
    found.close()


def complaint(attempt: Callable[[], object], of: type[StoreError] = StoreError) -> str:
    """Return the message of the error that `attempt` must raise, which is one line."""
    with pytest.raises(of) as caught:
        attempt()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def refuse(milvus: MilvusAddress, monkeypatch: MonkeyPatch) -> None:
    """Close the address of Milvus, for the index that is open as well."""

    def no_client(address: MilvusAddress, seconds: float) -> object:
        return connection._connect("http://127.0.0.1:1", seconds, address)

    assert milvus.server
    monkeypatch.setattr(connection, "_client", no_client)


def state_of(milvus: MilvusAddress) -> tuple[object, ...]:
    """Return what is in Milvus of the index."""
    store = open_store(milvus)
    return store.current(), store.versions(), store.withdrawn()


def answers(index: Index) -> list[object]:
    """Return the answers to some questions without their times."""
    return [replace(index.ask(question), elapsed_ms=0, version="") for question in QUESTIONS]


def search_of(index: Index) -> milvus_search.MilvusSearch:
    """Return what proposes the candidates of an index."""
    hybrid = index._stored.hybrid
    assert isinstance(hybrid, HybridIndex)
    assert isinstance(hybrid.search, milvus_search.MilvusSearch)
    return hybrid.search


# The same answers


@pytest.mark.parametrize("policy", [AnswerPolicy(), PROPOSING])
def test_it_answers_as_a_store_in_a_folder_does(
    policy: AnswerPolicy, shared: Published, documents: Path, store: Path
) -> None:
    build_store(documents, store, FakeEncoder())
    in_milvus, in_folder = (Index.open(at, FakeEncoder(), policy=policy) for at in (shared.address, store))
    assert answers(in_milvus) == answers(in_folder)


def test_candidates_are_those_of_faiss_and_bm25s(shared: Published) -> None:
    index = Index.open(shared.address, FakeEncoder())
    search = search_of(index)
    for question in QUESTIONS:
        query = index._reader.read([Query(question)])[0].query
        sparse = search._local.bm25.weights_of_question([*query.terms, *query.literals])
        found = search._remote.search(query.encoding.pooled, sparse, count=2)
        assert set(found) == set(search._local.candidates(query, 2))


# Shared by machines


def test_a_version_built_on_one_machine_answers_on_another(shared: Published, machine: Machine) -> None:
    here = answers(Index.open(shared.address, FakeEncoder()))
    machine("two")
    assert open_store(shared.address).manifest().version == shared.version  # without copying the files
    assert not (open_copies(shared.address) / "versions" / shared.version).exists()
    assert answers(Index.open(shared.address, FakeEncoder())) == here


def test_another_machine_follows_a_build_and_a_rollback_and_holds_still_after_it(
    changed: str, build: Build, milvus: MilvusAddress, machine: Machine
) -> None:
    machine("two")
    other = open_store(milvus)
    assert other.current() == changed
    machine("one")
    newer = build().version
    assert other.current() == newer
    open_store(milvus).rollback()
    assert (other.current(), other.withdrawn()) == (changed, frozenset({newer}))
    Index.open(milvus, FakeEncoder())
    machine("two")
    Index.open(milvus, FakeEncoder())
    assert other.is_rolled_back()


def test_another_machine_does_not_encode_what_was_encoded(
    changed: str, milvus: MilvusAddress, documents: Path, machine: Machine
) -> None:
    machine("two")
    assert build_store(documents, milvus, FakeEncoder()).encoded == 1


def test_a_copy_that_was_pruned_elsewhere_is_removed_when_the_next_is_made(
    changed: str, milvus: MilvusAddress, documents: Path, machine: Machine
) -> None:
    machine("two")
    Index.open(milvus, FakeEncoder())
    copies = open_copies(milvus) / "versions"
    machine("one")
    build_store(documents, milvus, FakeEncoder(), keep=1)
    machine("two")
    newest = Index.open(milvus, FakeEncoder()).version
    assert [path.name for path in copies.iterdir() if path.name[0] != "."] == [newest]


def test_a_damaged_copy_is_copied_anew(shared: Published, caplog: LogCaptureFixture) -> None:
    path = open_store(shared.address).path(shared.version) / "corpus.json"
    path.write_bytes(path.read_bytes()[:-9])
    assert Index.open(shared.address, FakeEncoder()).version == shared.version
    assert "anew" in caplog.text


def test_falling_back_on_one_machine_moves_nothing_for_the_others(
    changed: str, build: Build, milvus: MilvusAddress
) -> None:
    newer = build().version
    open_store(milvus).fall_back(changed)
    assert open_store(milvus).current() == newer


# One builds at a time


def test_a_second_machine_waits_while_one_builds(
    changed: str, documents: Path, milvus: MilvusAddress, machine: Machine
) -> None:
    with open_store(milvus).write_lock():
        machine("two")
        message = complaint(lambda: build_store(documents, milvus, FakeEncoder()), StoreBusyError)
    assert "another machine" in message
    assert build_store(documents, milvus, FakeEncoder()).built


def leave_lease(client: Any, milvus: MilvusAddress, *, age: timedelta) -> None:
    """Leave the lease of a machine that was switched off while it built."""
    time = (datetime.now(UTC) - age).strftime("%Y%m%dT%H%M%S")
    name = f"{milvus.name}_lock_0123abcd_{time}"
    lease._create(client, name)
    client.create_alias(name, f"{milvus.name}_lock")


def test_the_lease_of_a_machine_that_is_gone_expires(
    changed: str, build: Build, milvus: MilvusAddress, client: Any
) -> None:
    leave_lease(client, milvus, age=timedelta(minutes=9))
    complaint(build, StoreBusyError)
    client.drop_alias(f"{milvus.name}_lock")
    leave_lease(client, milvus, age=timedelta(minutes=11))
    assert build().built


def test_a_builder_whose_lease_was_taken_changes_nothing(
    changed: str, build: Build, milvus: MilvusAddress, client: Any, monkeypatch: MonkeyPatch
) -> None:
    def take_over(index: Index) -> None:
        client.drop_alias(f"{milvus.name}_lock")
        leave_lease(client, milvus, age=timedelta())

    with monkeypatch.context() as patch:
        patch.setattr(Index, "warm_up", take_over)
        message = complaint(build, StoreBusyError)
    assert "nothing was changed" in message
    assert state_of(milvus)[:2] == (changed, (changed,))


def test_what_a_killed_build_left_is_swept(changed: str, build: Build, milvus: MilvusAddress, client: Any) -> None:
    for left in ("20200101T000000_000000Z", "20200101T000000_000001Z_files"):
        client.create_collection(f"{milvus.name}_{left}", dimension=2)
    build()
    assert not any("20200101T" in name for name in client.list_collections())


# Milvus fails


def test_while_milvus_is_down_what_is_open_answers_as_before(
    shared: Published, monkeypatch: MonkeyPatch, caplog: LogCaptureFixture
) -> None:
    index = Index.open(shared.address, FakeEncoder(), policy=PROPOSING)
    before = answers(index)
    refuse(shared.address, monkeypatch)
    assert answers(index) == before
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
    assert "cannot be reached" in caplog.text


def test_milvus_is_asked_again_once_it_is_back(shared: Published, monkeypatch: MonkeyPatch) -> None:
    index = Index.open(shared.address, FakeEncoder(), policy=PROPOSING)
    proposing = search_of(index)
    with monkeypatch.context() as patch:
        refuse(shared.address, patch)
        index.ask("the demo")
    asked: list[int] = []

    def search(*_: object, **__: object) -> list[int]:
        asked.append(1)
        return [0]

    monkeypatch.setattr(proposing._remote, "search", search)
    index.ask("the demo")
    assert not asked
    proposing._paused_until = time.monotonic()
    index.ask("the demo")
    assert asked


def test_while_milvus_is_down_the_copy_of_the_current_version_is_opened(
    shared: Published, monkeypatch: MonkeyPatch
) -> None:
    refuse(shared.address, monkeypatch)
    assert Index.open(shared.address, FakeEncoder()).version == shared.version
    assert open_store(shared.address).versions() == (shared.version,)
    assert open_store(shared.address).info().version == shared.version


def test_while_milvus_is_down_nothing_is_built_or_rolled_back_and_nothing_lost(
    changed: str, build: Build, milvus: MilvusAddress, monkeypatch: MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse(milvus, patch)
        for attempt in (build, lambda: open_store(milvus).rollback(changed)):
            assert "cannot be reached" in complaint(attempt, StoreUnreachableError)
    assert state_of(milvus) == (changed, (changed,), frozenset())
    assert build().built


def test_without_a_copy_it_is_said_that_milvus_is_down(
    shared: Published, machine: Machine, monkeypatch: MonkeyPatch
) -> None:
    machine("two")
    refuse(shared.address, monkeypatch)
    for attempt in (
        lambda: Index.open(shared.address, FakeEncoder()),
        open_store(shared.address).info,
        open_store(shared.address).library,
    ):
        assert "cannot be reached" in complaint(attempt, StoreUnreachableError)


def test_a_server_that_never_replies_is_given_up_in_time(machine: Machine, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CALL_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = MilvusAddress(f"http://127.0.0.1:{silent.getsockname()[1]}", "llamas")
        started = time.monotonic()
        complaint(lambda: open_store(address).current(), StoreUnreachableError)
    assert time.monotonic() - started < 10


def test_a_search_that_takes_too_long_gives_way_to_the_copy(shared: Published, monkeypatch: MonkeyPatch) -> None:
    index = Index.open(shared.address, FakeEncoder(), policy=PROPOSING)
    before = answers(index)

    def too_late(*_: object, **__: object) -> None:
        raise pymilvus.MilvusException(4, "Retry timeout: 2.0s, deadline exceeded")

    monkeypatch.setattr(pymilvus.MilvusClient, "hybrid_search", too_late)
    assert answers(index) == before


@pytest.mark.parametrize(
    "call", ["insert", "create_collection", "flush", "load_collection", "create_index", "alter_alias"]
)
def test_a_full_milvus_at_any_step_changes_nothing_and_leaves_nothing(
    changed: str, build: Build, milvus: MilvusAddress, client: Any, call: str
) -> None:
    before = sorted(client.list_collections())

    def full(*_: object, **__: object) -> None:
        raise pymilvus.MilvusException(9, "quota exceeded[reason=disk quota exceeded]")

    with MonkeyPatch.context() as patch:
        patch.setattr(pymilvus.MilvusClient, call, full)
        assert "is full: quota exceeded" in complaint(build)
    assert state_of(milvus) == (changed, (changed,), frozenset())
    assert sorted(client.list_collections()) == before
    assert build().built


def test_a_milvus_that_loses_rows_is_noticed_before_the_switch(
    changed: str, build: Build, milvus: MilvusAddress, monkeypatch: MonkeyPatch
) -> None:
    real = pymilvus.MilvusClient.insert

    def lose_one(client: Any, name: str, rows: list[object], **options: object) -> object:
        return real(client, name, rows[1:] if "files" not in name else rows, **options)

    with monkeypatch.context() as patch:
        patch.setattr(pymilvus.MilvusClient, "insert", lose_one)
        complaint(build)
    assert state_of(milvus) == (changed, (changed,), frozenset())


def test_verify_notices_rows_that_are_gone(built: BuildReport, milvus: MilvusAddress, client: Any) -> None:
    collection = Names(milvus.name).vectors(built.version)
    client.delete(collection, ids=[0])
    assert "vectors for" in complaint(lambda: verify_store(milvus, FakeEncoder()))


@pytest.mark.parametrize("version", ["v2.2.16", "2.3.4-dev", "v1.1"])
def test_a_milvus_that_is_too_old_is_named(milvus: MilvusAddress, monkeypatch: MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(pymilvus.MilvusClient, "get_server_version", lambda *_, **__: version)
    address = replace(milvus, token=SecretStr("another connection"))
    assert "needs 2.4 or newer" in complaint(lambda: open_store(address).current())


@pytest.mark.parametrize(
    ("code", "said", "remedy"),
    [
        (1100, "method not implemented yet", "own log"),
        (1, "auth check failure, please check username and password", "CHRONICLE_STORE_TOKEN"),
        (1, "no space left on device", "make room"),
    ],
)
def test_what_milvus_refuses_has_its_remedy(
    milvus: MilvusAddress, monkeypatch: MonkeyPatch, code: int, said: str, remedy: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pymilvus.MilvusException(code, said)

    monkeypatch.setattr(pymilvus.MilvusClient, "list_collections", fail)
    assert remedy in complaint(lambda: open_store(milvus).current())


def test_files_in_milvus_that_are_damaged_are_noticed(
    built: BuildReport, milvus: MilvusAddress, machine: Machine, client: Any
) -> None:
    client.delete(Names(milvus.name).files(built.version), ids=[3])
    machine("two")
    assert complaint(lambda: Index.open(milvus, FakeEncoder())).endswith(
        "is missing or damaged; run `python -m index build`"
    )
    assert not list((open_copies(milvus) / "versions").glob("*20*"))


def test_a_file_named_outside_its_version_is_not_written(
    built: BuildReport, milvus: MilvusAddress, machine: Machine, client: Any
) -> None:
    row = {"id": 0, "name": "../../../stolen", "content": {"base64": "AAAA"}, "vector": [0.0, 0.0]}
    client.upsert(Names(milvus.name).files(built.version), [row])
    machine("two")
    complaint(lambda: Index.open(milvus, FakeEncoder()))
    assert not list(open_copies(milvus).parent.parent.rglob("stolen"))


# The alias is moved


@pytest.fixture
def moved(changed: str, milvus: MilvusAddress, client: Any) -> str:
    """Move the alias to a collection of somebody else."""
    client.create_collection(f"{milvus.name}_theirs", dimension=2)
    client.alter_alias(f"{milvus.name}_theirs", milvus.name)
    return changed


def test_an_alias_that_somebody_moved_is_one_line_and_what_is_open_answers(
    built: BuildReport, milvus: MilvusAddress, client: Any
) -> None:
    index = Index.open(milvus, FakeEncoder())
    before = answers(index)
    client.create_collection(f"{milvus.name}_theirs", dimension=2)
    client.alter_alias(f"{milvus.name}_theirs", milvus.name)
    assert "somebody has moved the alias" in complaint(lambda: open_store(milvus).current())
    assert answers(index) == before


def test_a_build_moves_the_alias_back_and_encodes_only_what_changed(
    moved: str, build: Build, milvus: MilvusAddress
) -> None:
    report = build()
    assert (report.encoded, state_of(milvus)[:2]) == (1, (report.version, (report.version, moved)))


def test_a_rollback_by_name_moves_the_alias_back(moved: str, milvus: MilvusAddress) -> None:
    assert open_store(milvus).rollback(moved) == open_store(milvus).current() == moved


def test_an_alias_moved_to_an_older_version_is_followed(
    changed: str, build: Build, milvus: MilvusAddress, client: Any
) -> None:
    build()
    client.alter_alias(Names(milvus.name).vectors(changed), milvus.name)
    assert open_store(milvus).current() == Index.open(milvus, FakeEncoder()).version == changed


def test_an_alias_that_was_dropped_loses_no_version(
    changed: str, build: Build, milvus: MilvusAddress, client: Any
) -> None:
    client.drop_alias(milvus.name)
    assert state_of(milvus)[:2] == (None, (changed,))
    assert build().encoded == 1


# Milvus Lite in a file


def test_a_file_that_another_process_has_open_is_out_of_reach(
    documents: Path, tmp_path: Path, machine: Machine, monkeypatch: MonkeyPatch
) -> None:
    from milvus_lite import MilvusLite

    address = MilvusAddress(str(tmp_path / "milvus.db"), "llamas")
    version = build_store(documents, address, FakeEncoder()).version
    database = MilvusLite(address.server)  # holds the lock as another process would
    monkeypatch.setattr(connection, "CALL_SECONDS", 0.2)
    try:
        assert open_store(address).current() == Index.open(address, FakeEncoder()).version == version
        assert "another process" in complaint(lambda: open_store(address).rollback(), StoreUnreachableError)
    finally:
        database.close()
    assert verify_store(address, FakeEncoder()).version == version


def test_without_the_extra_the_line_names_it(milvus: MilvusAddress, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    assert "pip install 'llama-chronicle[milvus]'" in complaint(lambda: open_store(milvus).current())


def test_no_line_shows_the_key(milvus: MilvusAddress, caplog: LogCaptureFixture, machine: Machine) -> None:
    caplog.set_level(logging.DEBUG)
    down = MilvusAddress("http://127.0.0.1:1", "llamas", SecretStr("root:hush"))
    message = complaint(lambda: open_store(down).current())
    assert "hush" not in message + caplog.text
    shutil.rmtree(open_copies(down), ignore_errors=True)
