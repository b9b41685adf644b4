"""What `verify` proves beyond the checksums."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.engine import Index, SearchResult
from index.corpus.tables import ComputedTables
from index.errors import StoreError
from index.indexing.verify import verify_store
from index.store.manifest import file_checksums, manifest_checksum
from index.store.serialization import load_corpus, save_corpus
from index.types import Span
from tests.fakes import FakeEncoder
from tests.index.conftest import Build


def rewrite(version: Path, change: Callable[[], None]) -> None:
    """Change files of a version with checksums to match: what only a fault of the program could do."""
    change()
    data = json.loads((version / "manifest.json").read_bytes())
    data |= {"files": file_checksums(version)}
    data.pop("sha256")
    (version / "manifest.json").write_text(json.dumps({**data, "sha256": manifest_checksum(data)}), "utf-8")


def version_of(store: Path) -> Path:
    return store / "versions" / (store / "CURRENT").read_text("ascii").strip()


def change_corpus(version: Path, **changes: object) -> None:
    def change() -> None:
        changed = replace(load_corpus(version), **changes)  # type: ignore[arg-type]
        tables = ComputedTables(changed.library, changed.passages, changed.representations)
        (version / "corpus").rename(version / "before")
        save_corpus(replace(changed, tables=tables), version)
        shutil.rmtree(version / "before")

    rewrite(version, change)


def test_a_sound_store_is_counted(opened: Index, store: Path) -> None:
    found = verify_store(store, FakeEncoder())
    assert (found.version, found.documents, found.passages, found.representations) == (opened.version, 2, 3, 3)


def test_a_passage_that_is_not_at_its_place_is_a_fault(opened: Index, store: Path) -> None:
    version = version_of(store)
    first, *others = load_corpus(version).passages
    moved = replace(first, span=Span(first.span.start + 1, first.span.end))
    change_corpus(version, passages=(moved, *others))
    with pytest.raises(StoreError, match="passage 0 is not in"):
        verify_store(store, FakeEncoder())


def test_a_sentence_outside_its_passage_is_a_fault(opened: Index, store: Path) -> None:
    version = version_of(store)
    first, *others = load_corpus(version).passages
    change_corpus(version, passages=(replace(first, sentences=(Span(0, 5),)), *others))
    with pytest.raises(StoreError, match="has a sentence outside it"):
        verify_store(store, FakeEncoder())


def test_a_text_that_is_not_that_of_its_file_is_a_fault(opened: Index, store: Path) -> None:
    library = load_corpus(version_of(store)).library
    first, *others = library.documents
    longer = replace(first, source=first.text + "More.")
    change_corpus(version_of(store), library=replace(library, documents=(longer, *others)))
    with pytest.raises(StoreError, match=r"the text of alpaca\.txt is not that of the file with its hash"):
        verify_store(store, FakeEncoder())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"])
def test_a_document_in_another_encoding_is_sound(
    build: Build, documents: Path, store: Path, encoding: str
) -> None:
    mark = "" if encoding in {"utf-8-sig", "gb18030"} else "\ufeff"
    (documents / "other.txt").write_bytes(
        (mark + "十四位作者之中只剩三位留任。\r\n其餘離開公司。").encode(encoding)
    )
    build()
    assert verify_store(store, FakeEncoder()).documents == 3


def test_another_number_of_vectors_than_representations_is_a_fault(opened: Index, store: Path) -> None:
    version = version_of(store)
    representations = tuple(load_corpus(version).representations)
    change_corpus(version, representations=(*representations, representations[-1]))
    with pytest.raises(StoreError, match="3 vectors for 4 representations"):
        verify_store(store, FakeEncoder())


def test_a_passage_that_its_own_words_do_not_find_is_a_fault(
    opened: Index, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = opened.search("llama").features
    monkeypatch.setattr(Index, "search", lambda *_, **__: SearchResult((), features))
    with pytest.raises(StoreError, match="passage 0 is not found by its own words"):
        verify_store(store, FakeEncoder())
