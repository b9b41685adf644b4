"""FAISS over pooled vectors; the only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import REBUILD, StoreError
from index.types import Vector

_MOST_EXACT = 50_000  # vectors that are compared one by one, in 77 MB: 12 ms on one core
# Of more, each has a code of 96 bytes by product quantisation, whose tables fit into registers (Andre et al. 2017);
# those of the best codes are compared in half precision, which keeps 0.999 of the exact order. Of the exact first 32
# of a million vectors derived from real passages, 90 real questions about none of them find 0.975 with 1,000 compared,
# 0.995 with 2,000 and 0.999 with 4,000. Inverted lists (IVF) find 0.67 in an eighth of the codes and 0.84 in a quarter;
# a graph (HNSW) takes five times the build.
_CODE = "PQ{}x4fs"
_PER_PART = 2  # dimensions of one 4-bit part of a code
_LEAST_COMPARED = 2000
_VECTORS_TO_ONE_COMPARED = 500
_TRAINED_ON = 40_000

_Halves: TypeAlias = NDArray[np.float16]


class DenseIndex:
    """Unit vectors numbered from 0, searched by inner product: exactly, or from `_MOST_EXACT` on nearly so.

    halves: (texts, dimensions) in half precision, where a large index has them, on disk and mapped.
    """

    def __init__(self, index: faiss.Index, halves: _Halves | None = None) -> None:
        self._index = index
        self._halves = halves

    @classmethod
    def build(cls, pooled: Vector) -> Self:
        """Index `pooled`: (texts, dimensions)."""
        if len(pooled) > _MOST_EXACT:
            halves = np.asarray(pooled, dtype=np.float16)
            return cls(_coded(halves), halves)
        index = faiss.IndexFlatIP(pooled.shape[1])
        index.add(np.ascontiguousarray(pooled, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open what `save` wrote; StoreError when it is no FAISS index."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise StoreError(f"{path} is damaged; {REBUILD}") from error
        if isinstance(index, faiss.IndexFlat):
            return cls(index)
        halves = np.load(_rows_of(path), mmap_mode="r")
        if halves.shape != (index.ntotal, index.d):
            raise StoreError(f"{_rows_of(path)} is damaged; {REBUILD}")
        return cls(index, halves)

    def save(self, path: Path) -> None:
        """Write the index to the file `path`, and the vectors of a large one beside it."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} could not be written") from error
        if self._halves is not None:
            np.save(_rows_of(path), self._halves)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def nearest(self, question: Vector, count: int) -> list[int]:
        """Return the numbers of the `count` nearest vectors, nearest first."""
        compared = count
        if self._halves is not None:
            compared = max(count, _LEAST_COMPARED, len(self) // _VECTORS_TO_ONE_COMPARED)
        _, (found,) = self._index.search(question[np.newaxis, :], min(compared, len(self)))
        found = found[found >= 0]
        if self._halves is not None:
            found = np.sort(found)
            found = found[np.argsort(-self.similarities(question, found), kind="stable")[:count]]
        nearest: list[int] = found.tolist()
        return nearest

    def all(self) -> Vector:
        """Return all vectors: (texts, dimensions)."""
        if self._halves is not None:
            return np.asarray(self._halves, dtype=np.float32)
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def vector(self, number: int) -> Vector:
        """Return vector `number`."""
        stored = self._index.reconstruct(number) if self._halves is None else self._halves[number]
        return np.asarray(stored, dtype=np.float32)

    def similarities(self, question: Vector, numbers: Sequence[int] | NDArray[np.int64]) -> Vector:
        """Return the cosine of `question` with each of the numbered vectors."""
        chosen = np.asarray(numbers, dtype=np.int64)
        stored = self._index.reconstruct_batch(chosen) if self._halves is None else self._halves[chosen]
        return np.asarray(stored.astype(np.float32, copy=False) @ question, dtype=np.float32)


def _coded(halves: _Halves) -> faiss.Index:
    """Return an index of the codes of vectors less their mean, which all of a model's vectors nearly share."""
    dimensions = halves.shape[1]
    index = faiss.index_factory(dimensions, _CODE.format(dimensions // _PER_PART), faiss.METRIC_INNER_PRODUCT)
    mean = halves.mean(axis=0, dtype=np.float32)
    index.train(halves[:: max(1, len(halves) // _TRAINED_ON)].astype(np.float32) - mean)
    for start in range(0, len(halves), _TRAINED_ON):
        index.add(halves[start : start + _TRAINED_ON].astype(np.float32) - mean)
    return index


def _rows_of(path: Path) -> Path:
    """Return the file with the vectors of the large index in the file at `path`."""
    return path.with_suffix(".npy")
