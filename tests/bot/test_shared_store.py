"""A bot whose index is in Milvus: it follows what others build, and answers while Milvus is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import index
from bot.worker.index_opener import StoreOpener
from index import MilvusAddress, Query, Settings, StoreError
from index.milvus import connection
from tests.fakes import FakeEncoder


@pytest.fixture
def shared(
    milvus: MilvusAddress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    light_builds: Callable[[], AbstractContextManager[None]],
) -> Iterator[Settings]:
    """Return the settings of a store in Milvus with one version of a document."""
    monkeypatch.setattr(index, "load_encoder", lambda *_args, **_options: FakeEncoder())
    shared = Settings(documents=tmp_path / "documents", store=milvus, model="fake", threshold=0.0)
    shared.documents.mkdir()
    (shared.documents / "llamas.md").write_text("# Llamas\n\nThere are llamas in the meadow.\n", "utf-8")
    with light_builds():
        index.build_store(shared.documents, shared.store, FakeEncoder())
        yield shared


def test_a_bot_follows_what_a_bot_on_another_machine_builds(
    shared: Settings, machine: Callable[[str], None]
) -> None:
    opener = StoreOpener(shared)
    before = opener(recover=True).index.version
    machine("two")
    (shared.documents / "alpacas.md").write_text("# Alpacas\n\nAlpacas are smaller.\n", "utf-8")
    newer = index.build_store(shared.documents, shared.store, FakeEncoder()).version
    machine("one")
    assert before != newer == opener.current() == opener(recover=False).index.version


def test_a_bot_that_starts_while_milvus_is_down_answers_from_its_copy(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = StoreOpener(shared)(recover=True).index.version
    refuse_connections(monkeypatch)
    opened = StoreOpener(shared)(recover=True)
    assert (opened.index.version, opened.is_fallback) == (version, False)
    assert opened.index.ask_many([Query("llamas")], top=1, document=None)[0].quotes


def test_a_bot_without_a_copy_says_that_milvus_is_down(
    shared: Settings, machine: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("two")
    refuse_connections(monkeypatch)
    with pytest.raises(StoreError, match=r"^[^\n]* cannot be reached[^\n]*$"):
        StoreOpener(shared)(recover=True)
    assert StoreOpener(shared).current() is None


def refuse_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the address of Milvus."""
    monkeypatch.setattr(
        connection, "_client", lambda address, seconds: connection._connect("http://127.0.0.1:1", seconds, address)
    )
