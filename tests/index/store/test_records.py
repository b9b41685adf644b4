"""Records that are read one by one, and a corpus made of them."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answering.engine import Index
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.errors import StoreError
from index.store.records import RecordFile, Records, StoredMapping, write_records
from index.store.serialization import load_corpus, save_corpus
from index.store.store import Store
from index.store.texts import KeptTexts
from tests.fakes import FakeEncoder
from tests.index.conftest import Build

TOUCHED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def records_of(path: Path, texts: list[str]) -> Records[str]:
    write_records(path, (text.encode() for text in texts))
    return Records(RecordFile(path), bytes.decode)


@TOUCHED
@given(texts=st.lists(st.text(max_size=5), max_size=600), first=st.integers(-9, 9), last=st.integers(-9, 999))
def test_records_are_the_sequence_that_was_written(
    tmp_path: Path, texts: list[str], first: int, last: int
) -> None:
    records = records_of(tmp_path / "records", texts)
    assert (len(records), list(records)) == (len(texts), texts)
    assert list(records[first:last]) == texts[first:last]
    assert list(records[::-2]) == texts[::-2]
    assert [records[at] for at in range(-len(texts), len(texts))] == texts + texts


def test_a_record_beyond_the_last_is_an_index_error(tmp_path: Path) -> None:
    with pytest.raises(IndexError):
        records_of(tmp_path / "records", ["a"])[1]


@pytest.mark.parametrize("length", [0, 7, 8, 20])
def test_a_file_that_is_cut_off_is_damage(tmp_path: Path, length: int) -> None:
    path = tmp_path / "records"
    records_of(path, ["one", "two"])
    os.truncate(path, length)
    with pytest.raises(StoreError, match=r"records is damaged; run"):
        list(Records(RecordFile(path), bytes.decode))


@pytest.mark.parametrize("read", [lambda records: records[1], list])
def test_a_file_that_is_cut_off_while_it_is_open_is_damage(
    tmp_path: Path, read: Callable[[Records[str]], object]
) -> None:
    records = records_of(tmp_path / "records", ["one", "two"])
    os.truncate(tmp_path / "records", 4)
    with pytest.raises(StoreError, match=r"records is damaged; run"):
        read(records)


def test_a_record_that_cannot_be_decoded_is_damage(tmp_path: Path) -> None:
    write_records(tmp_path / "records", [b"\xff"])
    with pytest.raises(StoreError, match=r"records is damaged; run"):
        Records(RecordFile(tmp_path / "records"), bytes.decode)[0]


def test_a_mapping_holds_the_records_of_its_names(tmp_path: Path) -> None:
    found = StoredMapping(("a.md", "b.md"), records_of(tmp_path / "records", ["one", "two"]))
    assert (dict(found), "c.md" in found, found.get("c.md")) == ({"a.md": "one", "b.md": "two"}, False, None)


def test_texts_read_last_are_kept_up_to_a_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.texts._MOST_KEPT", 5)
    read: list[int] = []

    class Texts(list[str]):
        def __getitem__(self, at: object) -> str:  # type: ignore[override]
            read.append(int(str(at)))
            return super().__getitem__(read[-1])

    kept = KeptTexts(Texts(["long enough", "one", "two"]))
    assert [kept.read(at) for at in (0, 0, 1, 2, 2, 2, 1)] == [
        "long enough",
        "long enough",
        "one",
        "two",
        "two",
        "two",
        "one",
    ]
    assert read == [0, 1, 2, 1]


def read_documents(folder: Path) -> Corpus:
    sources = read_sources(folder)
    return build_corpus(parse_documents(folder, sources), sources.sidecars)


def test_a_stored_corpus_is_what_was_built(tmp_path: Path) -> None:
    built = read_documents(Path("documents"))
    save_corpus(built, tmp_path)
    stored = load_corpus(tmp_path)
    for one, other in zip(built.library.documents, stored.library.documents, strict=True):
        assert (one.name, one.title, one.text, tuple(one.blocks)) == (
            other.name,
            other.title,
            other.text,
            tuple(other.blocks),
        )
    for name in ("passages", "hashes", "representations", "terms", "agreements", "unanswerable", "reworded"):
        assert tuple(getattr(built, name)) == tuple(getattr(stored, name))
    for name in ("annotations", "answered"):
        assert dict(getattr(built, name)) == dict(getattr(stored, name))
    tables, read = built.tables, stored.tables
    assert (tables.vocabulary.counts, tables.vocabulary.stems) == (read.vocabulary.counts, read.vocabulary.stems)
    assert tables.sketches.hashes.tolist() == read.sketches.hashes.tolist()
    assert tables.columns.starts.tolist() == read.columns.starts.tolist()


@pytest.mark.parametrize("name", ["passages", "representations", "texts", "hashes"])
def test_a_store_that_is_cut_off_while_it_answers_is_named_in_one_line(
    build: Build, store: Path, name: str
) -> None:
    version = Store(store).path(build().version)
    opened = Index.open(store, FakeEncoder())
    os.truncate(version / "corpus" / name, 3)
    with pytest.raises(StoreError, match=rf"^[^\n]*corpus/{name} is damaged; run [^\n]*$"):
        opened.ask("What did the alpaca cost?")


def test_the_values_that_were_read_last_are_kept_for_slices_too(tmp_path: Path) -> None:
    write_records(tmp_path / "records", [b"a", b"b", b"c"])
    decoded: list[bytes] = []

    def decode(record: bytes) -> str:
        decoded.append(record)
        return record.decode()

    records = Records(RecordFile(tmp_path / "records"), decode, kept=2)
    assert [records[0], records[0], records[1:][0], records[1]] == ["a", "a", "b", "b"]
    assert decoded == [b"a", b"b"]
    assert [records[2], records[0]] == ["c", "a"]
    assert decoded == [b"a", b"b", b"c", b"a"]


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_an_index_that_was_asked_and_is_dropped_closes_its_files_at_once(
    build: Build, store: Path, encoder: FakeEncoder
) -> None:
    build()
    Index.open(store, encoder).ask("Where do llamas live?")  # opens what all indexes share
    before = open_files()
    gc.disable()
    try:
        index = Index.open(store, encoder)
        assert index.ask("Where do llamas live?").version
        assert open_files() > before
        del index
        assert open_files() <= before
    finally:
        gc.enable()
