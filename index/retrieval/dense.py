"""FAISS over pooled vectors; the only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np

from index.errors import REBUILD, StoreError
from index.types import Vector


class DenseIndex:
    """Unit vectors numbered from 0, searched exactly by inner product."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, pooled: Vector) -> Self:
        """Index `pooled`: (texts, dimensions)."""
        index = faiss.IndexFlatIP(pooled.shape[1])
        index.add(np.ascontiguousarray(pooled, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open what `save` wrote; StoreError when it is no FAISS index."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise StoreError(f"{path} is damaged; {REBUILD}") from error

    def save(self, path: Path) -> None:
        """Write the index to the file `path`."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} could not be written") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def nearest(self, question: Vector, count: int) -> list[int]:
        """Return the numbers of the `count` nearest vectors, nearest first."""
        _, found = self._index.search(question[np.newaxis, :], min(count, len(self)))
        return [int(number) for number in found[0] if number >= 0]

    def all(self) -> Vector:
        """Return all vectors: (texts, dimensions)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def vector(self, number: int) -> Vector:
        """Return vector `number`."""
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def similarities(self, question: Vector, numbers: Sequence[int]) -> Vector:
        """Return the cosine of `question` with each of the numbered vectors."""
        stored = np.stack([self.vector(number) for number in numbers])
        return np.asarray(stored @ question, dtype=np.float32)
