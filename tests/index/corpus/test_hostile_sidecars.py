"""Sidecars that were written to break what reads them: the documents are served without them, and a line says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.errors import DocumentsError

NESTED = {
    "lists": b"a = " + b"[" * 100_000,
    "closed lists": b"a = " + b"[" * 5_000 + b"]" * 5_000,
    "tables": b"a = " + b"{a = " * 50_000,
    "closed tables": b"a = " + b"{a = " * 2_000 + b"1" + b"}" * 2_000,
    "dotted keys": b"a" + b".a" * 50_000 + b" = 1",
    "headers": b"[" + b"a." * 50_000 + b"a]",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.md").write_text("# Good\n\nA paragraph.\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("content", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize(
    "name", ["glossary.toml", "unanswerable.toml", "agreements.toml", "good.md.annotations.toml"]
)
def test_a_sidecar_that_is_nested_without_end_is_left_out_with_one_line(
    folder: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    sources = read_sources(folder)
    corpus = build_corpus(parse_documents(folder, sources), sources.sidecars)
    assert [(note.name, "nested too deeply" in note.reason) for note in corpus.library.skipped] == [(name, True)]
    assert len(corpus.passages) == 1


@pytest.mark.parametrize("content", NESTED.values(), ids=NESTED)
def test_a_catalog_that_is_nested_without_end_is_refused_in_one_line(folder: Path, content: bytes) -> None:
    (folder / "catalog.toml").write_bytes(content)
    with pytest.raises(
        DocumentsError, match=r"^[^\n]*catalog\.toml cannot be read: nested too deeply; correct it"
    ):
        parse_documents(folder, read_sources(folder))


@pytest.mark.parametrize("content", NESTED.values(), ids=NESTED)
def test_front_matter_that_is_nested_without_end_leaves_its_document_readable(
    folder: Path, content: bytes
) -> None:
    (folder / "good.md").write_bytes(b"+++\n" + content + b"\n+++\n\nA paragraph.\n")
    assert [document.name for document in parse_documents(folder, read_sources(folder)).documents] == ["good.md"]
