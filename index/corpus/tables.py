"""What of all passages and representations is looked up while answering, as arrays; a store has them ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from typing import Any, Protocol, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.corpus.representations import Representation
from index.text.spelling.vocabulary import Vocabulary
from index.text.terms import terms
from index.types import Library, Passage

_SKETCH = 8  # term hashes in a sketch


@dataclass(frozen=True, slots=True)
class Columns:
    """Which passage has which representations.

    documents: (passages,) the position of each passage's document in the library. starts: (passages + 1,) where the
    representations of each begin, its own words first, and those of the last end. passages: (representations,) whose
    each is. is_annotation, is_chinese: (representations,).
    """

    documents: NDArray[np.int32]
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    is_annotation: NDArray[np.bool_]
    is_chinese: NDArray[np.bool_]

    @classmethod
    def of(cls, library: Library, passages: Sequence[Passage], representations: Sequence[Representation]) -> Self:
        """Return the columns of these passages and their representations, which are in the passages' order."""
        owners = np.array([each.passage for each in representations], dtype=np.int32)
        numbers = {document.name: at for at, document in enumerate(library.documents)}
        return cls(
            documents=np.array([numbers[each.document] for each in passages], dtype=np.int32),
            starts=np.searchsorted(owners, np.arange(len(passages) + 1)).astype(np.int64),
            passages=owners,
            is_annotation=np.array([each.is_annotation for each in representations], dtype=np.bool_),
            is_chinese=np.array([each.is_chinese for each in representations], dtype=np.bool_),
        )

    def representations_of(self, passage: int) -> list[int]:
        """Return the numbers of a passage's representations."""
        return list(range(int(self.starts[passage]), int(self.starts[passage + 1])))

    def representations_of_all(self, passages: NDArray[Any]) -> list[int]:
        """Return the numbers of the representations of each of `passages` in turn."""
        ranges = zip(self.starts[passages].tolist(), self.starts[passages + 1].tolist(), strict=True)
        return [number for start, end in ranges for number in range(start, end)]


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of each passage's own words, to find copies: the smallest hashes of their terms (Broder 1997).

    sections: (passages,) a hash of the heading above, 0 where there is none. lengths: (passages,) in code points.
    counts: (passages,) of hashes. hashes: (passages, 8) rising.
    """

    sections: NDArray[np.uint32]
    lengths: NDArray[np.int32]
    counts: NDArray[np.uint8]
    hashes: NDArray[np.uint32]

    @classmethod
    def of(cls, passages: Sequence[Passage], words: Iterator[str]) -> Self:
        """Return the sketches of passages with these own words."""
        found = cls(
            sections=np.array([crc32((each.section or "").encode()) for each in passages], dtype=np.uint32),
            lengths=np.zeros(len(passages), dtype=np.int32),
            counts=np.zeros(len(passages), dtype=np.uint8),
            hashes=np.zeros((len(passages), _SKETCH), dtype=np.uint32),
        )
        for at, text in enumerate(words):
            hashes = nsmallest(_SKETCH, {crc32(term.encode()) for term in terms(text)})
            found.lengths[at], found.counts[at] = len(text), len(hashes)
            found.hashes[at, : len(hashes)] = hashes
        return found

    def hashes_of(self, passage: int) -> list[int]:
        """Return a passage's hashes, rising."""
        hashes: list[int] = self.hashes[passage, : self.counts[passage]].tolist()
        return hashes


class CorpusTables(Protocol):
    """What is looked up of a corpus, computed or read on first use."""

    @property
    def columns(self) -> Columns:
        """Which passage has which representations."""

    @property
    def sketches(self) -> Sketches:
        """By which copies are found."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the representations."""


class ComputedTables:
    """The tables of a corpus in memory."""

    def __init__(
        self, library: Library, passages: Sequence[Passage], representations: Sequence[Representation]
    ) -> None:
        self._library = library
        self._passages = passages
        self._representations = representations

    @cached_property
    def columns(self) -> Columns:
        """Which passage has which representations."""
        return Columns.of(self._library, self._passages, self._representations)

    @cached_property
    def sketches(self) -> Sketches:
        """By which copies are found."""
        own = (self._representations[start] for start in self.columns.starts[:-1].tolist())
        return Sketches.of(self._passages, (each.own_words for each in own))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the representations."""
        return Vocabulary.of(each.text for each in self._representations)
