"""A version's corpus as files, and back.

corpus.json     the documents without their texts, and what else is small
corpus/NAME     a record for each passage, representation, block, text and annotated document, see `RecordFile`
corpus/*.npy    what is looked up of all passages and representations, see `index.corpus.tables`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from index.corpus.annotations.agreements import Agreement
from index.corpus.corpus import Corpus
from index.corpus.representations import Representation
from index.errors import REBUILD, StoreError
from index.store.corpus_tables import StoredTables, save_tables
from index.store.files import read_file
from index.store.records import RecordFile, Records, StoredMapping, write_records
from index.store.texts import KeptTexts
from index.types import Block, Document, Library, ParagraphAnnotation, Passage, Skipped, Term

_CORPUS = "corpus.json"
_FOLDER = "corpus"
_BLOCK_ENDS = "block_ends.npy"


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A stored document without its text and blocks."""

    name: str
    title: str
    language: str
    encoding: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """A stored library without its texts and blocks.

    drafted: by language model, how many paragraphs have reading aids that it wrote and no person has checked.
    """

    documents: tuple[DocumentSummary, ...]
    skipped: tuple[Skipped, ...]
    left_out: Mapping[str, int]
    drafted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Head:
    """What is read of a corpus when it is opened.

    library: with neither texts nor blocks. blocks: where each document's blocks end, counted through. annotated,
    answered: the names of the documents that have records of these. drafted: see `LibrarySummary`.
    """

    library: Library
    blocks: tuple[int, ...]
    annotated: tuple[str, ...]
    answered: tuple[str, ...]
    terms: tuple[Term, ...]
    unanswerable: tuple[str, ...]
    agreements: tuple[Agreement, ...]
    reworded: tuple[str, ...]
    drafted: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Summary:
    """The part of the head that `load_summary` parses."""

    library: LibrarySummary
    drafted: dict[str, int]


_KEPT = 2048  # values of each kind that stay in memory when they were read: some 6 MB
_KEPT_DOCUMENTS = 64  # of which the annotations do

_HEAD = TypeAdapter(_Head)
_SUMMARY = TypeAdapter(_Summary)
_PASSAGE = TypeAdapter(Passage)
_REPRESENTATION = TypeAdapter(Representation)
_BLOCK = TypeAdapter(Block)
_ANNOTATIONS = TypeAdapter(dict[int, ParagraphAnnotation])
_QUESTIONS = TypeAdapter(tuple[str, ...])


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write `corpus` into the folder of a version."""
    records, documents = folder / _FOLDER, corpus.library.documents
    records.mkdir()
    blocks = (block for document in documents for block in document.blocks)
    write_records(records / "texts", (document.text.encode() for document in documents))
    write_records(records / "blocks", map(_BLOCK.dump_json, blocks))
    ends = [block.span.end for document in documents for block in document.blocks]
    np.save(records / _BLOCK_ENDS, np.array(ends, dtype=np.int64))
    write_records(records / "passages", map(_PASSAGE.dump_json, corpus.passages))
    write_records(records / "hashes", map(str.encode, corpus.hashes))
    write_records(records / "representations", map(_REPRESENTATION.dump_json, corpus.representations))
    write_records(records / "annotations", map(_ANNOTATIONS.dump_json, map(dict, corpus.annotations.values())))
    write_records(records / "answered", map(_QUESTIONS.dump_json, corpus.answered.values()))
    save_tables(corpus.tables, records)
    (folder / _CORPUS).write_bytes(_HEAD.dump_json(_head(corpus)))


def load_corpus(folder: Path) -> Corpus:
    """Return what `save_corpus` wrote; most of it is read when it is asked for. Raises StoreError."""
    try:
        return _open(_HEAD.validate_json(read_file(folder / _CORPUS)), folder / _FOLDER)
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder} is damaged; {REBUILD}") from error


def load_summary(folder: Path) -> LibrarySummary:
    """Return only a summary of the library that `save_corpus` wrote. Raises StoreError."""
    try:
        summary = _SUMMARY.validate_json(read_file(folder / _CORPUS))
    except (OSError, ValidationError) as error:
        raise StoreError(f"{folder} is damaged; {REBUILD}") from error
    return replace(summary.library, drafted=summary.drafted)


def _head(corpus: Corpus) -> _Head:
    ends, end = [], 0
    for document in corpus.library.documents:
        end += len(document.blocks)
        ends.append(end)
    bare = tuple(replace(document, source="", blocks=(), block_ends=()) for document in corpus.library.documents)
    return _Head(
        library=replace(corpus.library, documents=bare, annotations={}, terms=()),
        blocks=tuple(ends),
        annotated=tuple(corpus.annotations),
        answered=tuple(corpus.answered),
        terms=corpus.terms,
        unanswerable=corpus.unanswerable,
        agreements=corpus.agreements,
        reworded=corpus.reworded,
        drafted=Counter(
            each.drafted_by
            for of in corpus.annotations.values()
            for each in of.values()
            if each.drafted_by and (each.translation or each.restatement)
        ),
    )


def _open(head: _Head, folder: Path) -> Corpus:
    """Return the corpus in `folder`. Raises StoreError, OSError, and ValueError if the parts do not fit."""
    texts = Records(RecordFile(folder / "texts"), bytes.decode)
    blocks = Records(RecordFile(folder / "blocks"), _BLOCK.validate_json, kept=_KEPT)
    ends = _block_ends(folder / _BLOCK_ENDS)
    corpus = Corpus(
        library=replace(head.library, documents=tuple(_documents(head, texts, blocks, ends))),
        passages=Records(RecordFile(folder / "passages"), _PASSAGE.validate_json, kept=_KEPT),
        hashes=Records(RecordFile(folder / "hashes"), bytes.decode, kept=_KEPT),
        representations=Records(RecordFile(folder / "representations"), _REPRESENTATION.validate_json, kept=_KEPT),
        tables=StoredTables(folder),
        annotations=StoredMapping(
            head.annotated,
            Records(RecordFile(folder / "annotations"), _ANNOTATIONS.validate_json, kept=_KEPT_DOCUMENTS),
        ),
        terms=head.terms,
        answered=StoredMapping(head.answered, Records(RecordFile(folder / "answered"), _QUESTIONS.validate_json)),
        unanswerable=head.unanswerable,
        agreements=head.agreements,
        reworded=head.reworded,
    )
    columns = corpus.tables.columns
    equal = (
        {len(head.library.documents), len(texts), len(head.blocks)},
        {len(blocks), head.blocks[-1] if head.blocks else 0, len(blocks) if ends is None else len(ends)},
        {len(corpus.passages), len(corpus.hashes), len(columns.documents), len(columns.starts) - 1},
        {len(corpus.representations), len(columns.passages), int(columns.starts[-1])},
    )
    if any(len(counts) > 1 for counts in equal):
        raise ValueError(f"the files in {folder} do not fit each other")
    return corpus


def _block_ends(path: Path) -> NDArray[np.int64] | None:
    """Return where all blocks end, mapped; None in a version that was built before they were written."""
    return np.asarray(np.load(path, mmap_mode="r")) if path.exists() else None


def _documents(
    head: _Head, texts: Sequence[str], blocks: Records[Block], block_ends: NDArray[np.int64] | None
) -> Iterator[Document]:
    """Yield the documents; text and blocks are read when they are asked for."""
    kept = KeptTexts(texts)
    for number, (document, start, end) in enumerate(
        zip(head.library.documents, (0, *head.blocks), head.blocks, strict=False)
    ):
        ends: Any = () if block_ends is None else block_ends[start:end]
        yield replace(document, source=partial(kept.read, number), blocks=blocks[start:end], block_ends=ends)
