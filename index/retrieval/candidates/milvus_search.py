"""Candidates from Milvus: dense vectors, and BM25 as sparse ones.

The sparse weights are those that bm25s computes of this program's own terms: Milvus' BM25 function cuts texts by an
analyzer of its own, and in Milvus Lite counts how frequent a term is by segment. So both stores rank alike.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from index.errors import REBUILD, StoreError
from index.milvus.vectors import RemoteVectors, Row
from index.retrieval.candidates.bm25 import BM25Index
from index.retrieval.candidates.dense import DenseIndex
from index.retrieval.candidates.local_search import LocalSearch
from index.retrieval.encoded_query import EncodedQuery

logger = logging.getLogger(__name__)

_PAUSE = 30.0  # seconds without asking Milvus after it has failed: each question would wait for it
_TOLERANCE = 1e-3  # of a score, which Milvus computes in another order


class MilvusSearch:
    """The `CandidateSearch` in Milvus; while that fails, the local copies of its vectors are searched one by one."""

    def __init__(self, remote: RemoteVectors, local: LocalSearch) -> None:
        self._remote = remote
        self._local = local
        self._paused_until = 0.0

    def candidates(self, query: EncodedQuery, count: int) -> list[int]:
        """Return the representations that BM25 proposes, up to `count`, and dense search, up to half as many more."""
        if time.monotonic() >= self._paused_until:
            sparse = self._local.bm25.weights_of_question([*query.terms, *query.literals])
            try:
                found = self._remote.search(query.encoding.pooled, sparse, count=count)
            except StoreError as error:
                logger.warning("%s; for %.0f s the copy on this machine is searched", error, _PAUSE)
            else:
                return found
            self._paused_until = time.monotonic() + _PAUSE
        return self._local.candidates(query, count)

    def check(self, representations: int) -> None:
        """Raise StoreError if not just that many representations can be found."""
        self._local.check(representations)
        found = self._remote.count()
        if found != representations:
            raise StoreError(
                f"{self._remote.address} has {found} vectors for {representations} representations; {REBUILD}"
            )
        for number in sorted({0, representations // 2, representations - 1}):
            row = _row(number, self._local)
            fields = (("dense", row.dense, float(row.dense @ row.dense)), ("sparse", row.sparse, _square(row)))
            for field, vector, own in fields:
                if self._remote.best(field, vector) < own - _TOLERANCE:
                    raise StoreError(
                        f"{self._remote.address} does not find representation {number} by its {field} vector; {REBUILD}"
                    )


def upload_vectors(remote: RemoteVectors, dense: DenseIndex, bm25: BM25Index) -> None:
    """Write the vectors of a version into its new collection, and check that they are found. Raises StoreError."""
    local = LocalSearch(dense, bm25)
    remote.upload(_rows(local), count=len(dense), dimensions=dense.dimensions)
    MilvusSearch(remote, local).check(len(dense))


def _rows(local: LocalSearch) -> Iterator[Row]:
    for number, sparse in enumerate(local.bm25.weights()):
        yield Row(number, local.dense.vector(number), sparse)


def _row(number: int, local: LocalSearch) -> Row:
    (sparse,) = local.bm25.weights([number])
    return Row(number, local.dense.vector(number), sparse)


def _square(row: Row) -> float:
    return sum(weight * weight for weight in row.sparse.values())
