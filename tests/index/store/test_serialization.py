"""A corpus on disk is the one that was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.errors import StoreError
from index.store.serialization import load_corpus, save_corpus

TEXTS = {
    "a.md": "# Wool\n\nTheir wool is soft.\n\n- one\n- two\n",
    "b.txt": "Llamas eat grass.\n\nThey live in Peru.\n",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    built = build_corpus(parse_documents(tmp_path, read_sources(tmp_path)), {})
    (tmp_path / "version").mkdir()
    save_corpus(built, tmp_path / "version")
    return built


@pytest.mark.parametrize("is_old", [False, True], ids=["with block ends", "built before they were written"])
def test_blocks_are_found_as_in_memory(tmp_path: Path, corpus: Corpus, is_old: bool) -> None:
    if is_old:
        (tmp_path / "version" / "corpus" / "block_ends.npy").unlink()
    for document in load_corpus(tmp_path / "version").library.documents:
        written = corpus.library.document(document.name)
        assert bool(len(document.block_ends)) is not is_old
        found = [document.block_after(offset) for offset in range(len(written.text) + 1)]
        assert found == [written.block_after(offset) for offset in range(len(written.text) + 1)]
        assert (found[0], found[-1]) == (0, len(written.blocks))


def test_block_ends_that_do_not_fit_the_blocks_are_damage(tmp_path: Path, corpus: Corpus) -> None:
    path = tmp_path / "version" / "corpus" / "block_ends.npy"
    path.write_bytes((tmp_path / "version" / "corpus" / "lengths.npy").read_bytes())
    with pytest.raises(StoreError, match="damaged"):
        load_corpus(tmp_path / "version")
