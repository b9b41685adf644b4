"""FAISS over pooled vectors; the only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np

from index.errors import REBUILD, StoreError
from index.types import Vector

_MOST_EXACT = 50_000  # vectors that are compared one by one, in 77 MB: 12 ms on one core
# Of more, each has a code of 96 bytes by product quantisation, whose tables fit into registers (Andre et al. 2017);
# those of the best codes are compared exactly. Of the exact first 96 among vectors derived from real passages, real
# questions about none of them find, of 100,000, 0.893 with 400 compared, 0.982 with 1,000 and 0.997 with 2,000; of a
# million, 0.979 with 2,000, 0.995 with 4,000 and 0.999 with 8,000. On 100,000 and easier questions inverted lists (IVF,
# a tenth of them) found 0.98, and a graph (HNSW) 0.986 after five times the build.
_CODE = "PQ{}x4fs"
_PER_PART = 2  # dimensions of one 4-bit part of a code
_LEAST_COMPARED = 2000
_VECTORS_TO_ONE_COMPARED = 250
_TRAINED_ON = 40_000


class DenseIndex:
    """Unit vectors numbered from 0, searched by inner product: exactly, or from `_MOST_EXACT` on nearly so.

    vectors: (texts, dimensions), where a large index has them, on disk and mapped.
    """

    def __init__(self, index: faiss.Index, vectors: Vector | None = None) -> None:
        self._index = index
        self._vectors = vectors

    @classmethod
    def build(cls, pooled: Vector) -> Self:
        """Index `pooled`: (texts, dimensions)."""
        vectors = np.ascontiguousarray(pooled, dtype=np.float32)
        if len(vectors) > _MOST_EXACT:
            return cls(_coded(vectors), vectors)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
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
        vectors = np.load(_rows_of(path), mmap_mode="r")
        if vectors.shape != (index.ntotal, index.d):
            raise StoreError(f"{_rows_of(path)} is damaged; {REBUILD}")
        return cls(index, vectors)

    def save(self, path: Path) -> None:
        """Write the index to the file `path`, and the vectors of a large one beside it."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} could not be written") from error
        if self._vectors is not None:
            np.save(_rows_of(path), self._vectors)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def nearest(self, question: Vector, count: int) -> list[int]:
        """Return the numbers of the `count` nearest vectors, nearest first."""
        compared = count
        if self._vectors is not None:
            compared = max(count, _LEAST_COMPARED, len(self) // _VECTORS_TO_ONE_COMPARED)
        _, (found,) = self._index.search(question[np.newaxis, :], min(compared, len(self)))
        found = found[found >= 0]
        if self._vectors is not None:
            found = np.sort(found)
            found = found[np.argsort(-(self._vectors[found] @ question), kind="stable")[:count]]
        nearest: list[int] = found.tolist()
        return nearest

    def all(self) -> Vector:
        """Return all vectors: (texts, dimensions)."""
        if self._vectors is not None:
            return np.asarray(self._vectors)
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def vector(self, number: int) -> Vector:
        """Return vector `number`."""
        if self._vectors is not None:
            return np.asarray(self._vectors[number])
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def similarities(self, question: Vector, numbers: Sequence[int]) -> Vector:
        """Return the cosine of `question` with each of the numbered vectors."""
        chosen = np.asarray(numbers, dtype=np.int64)
        stored = self._index.reconstruct_batch(chosen) if self._vectors is None else self._vectors[chosen]
        return np.asarray(stored @ question, dtype=np.float32)


def _coded(vectors: Vector) -> faiss.Index:
    """Return an index of the codes of `vectors` less their mean, which all of a model's vectors nearly share."""
    dimensions = vectors.shape[1]
    index = faiss.index_factory(dimensions, _CODE.format(dimensions // _PER_PART), faiss.METRIC_INNER_PRODUCT)
    mean = vectors.mean(axis=0)
    index.train(vectors[:: max(1, len(vectors) // _TRAINED_ON)] - mean)
    for start in range(0, len(vectors), _TRAINED_ON):
        index.add(vectors[start : start + _TRAINED_ON] - mean)
    return index


def _rows_of(path: Path) -> Path:
    """Return the file with the vectors of the large index in the file at `path`."""
    return path.with_suffix(".npy")
