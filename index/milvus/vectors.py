"""The vectors of a version in a collection: dense ones, and BM25's weights as sparse ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.milvus.connection import WRITE_SECONDS, connected, create_collection
from index.types import MilvusAddress, Vector

if TYPE_CHECKING:
    from pymilvus import MilvusClient

SEARCH_SECONDS = 2.0

_ROWS = 500  # in one call: 1 MB
_MOST_EXACT = 20_000  # vectors that are compared one by one; more are searched by a graph
_GRAPH = {"M": 32, "efConstruction": 256}  # hnswlib's range for high recall
_LEAST_BEAM = 256  # of the graph's candidates while it is searched


@dataclass(frozen=True, slots=True)
class Row:
    """One representation: its number, its pooled vector and its BM25 weights by term."""

    number: int
    dense: Vector
    sparse: Mapping[int, float]


class RemoteVectors:
    """The vectors of one version; every method raises StoreError."""

    def __init__(self, address: MilvusAddress, collection: str) -> None:
        self.address = address
        self._collection = collection

    def upload(self, rows: Iterable[Row], *, count: int, dimensions: int) -> None:
        """Create the collection and write `count` rows into it."""
        remaining = iter(rows)
        with connected(self.address) as client:
            _create(client, self._collection, count, dimensions)
            while batch := [
                {"id": row.number, "dense": row.dense, "sparse": row.sparse} for row in islice(remaining, _ROWS)
            ]:
                client.insert(self._collection, batch, timeout=WRITE_SECONDS)
            client.flush(self._collection, timeout=WRITE_SECONDS)
            client.load_collection(self._collection, timeout=WRITE_SECONDS)

    def count(self) -> int:
        """Return the number of rows."""
        with connected(self.address) as client:
            client.load_collection(self._collection, timeout=WRITE_SECONDS)
            counted = client.query(
                self._collection, output_fields=["count(*)"], timeout=WRITE_SECONDS, consistency_level="Strong"
            )
        return int(counted[0]["count(*)"])

    def search(self, dense: Vector, sparse: Mapping[int, float], *, count: int) -> list[int]:
        """Return up to `count` rows with the highest scores for `sparse`, and half as many more nearest to `dense`.

        sparse: empty to search by `dense` alone. Both searches are one call.
        """
        from pymilvus import AnnSearchRequest, RRFRanker

        near = count + count // 2
        beam = max(_LEAST_BEAM, 2 * near)
        requests = [AnnSearchRequest([dense], "dense", {"metric_type": "IP", "params": {"ef": beam}}, near)]
        if sparse:
            requests.append(AnnSearchRequest([dict(sparse)], "sparse", {"metric_type": "IP"}, count))
        with connected(self.address, seconds=SEARCH_SECONDS) as client:
            if self.address.is_lite:  # which knows what is loaded only while it is open
                client.load_collection(self._collection, timeout=WRITE_SECONDS)
            found = client.hybrid_search(
                self._collection, requests, RRFRanker(), limit=near + count, timeout=SEARCH_SECONDS
            )
        return [int(hit["id"]) for hit in found[0]]

    def best(self, field: str, vector: Vector | Mapping[int, float]) -> float:
        """Return the highest inner product of `vector` with the rows' `dense` or `sparse` vectors."""
        data = vector if field == "dense" else dict(vector)
        with connected(self.address) as client:
            client.load_collection(self._collection, timeout=WRITE_SECONDS)
            found = client.search(
                self._collection,
                [data],
                limit=1,
                anns_field=field,
                timeout=WRITE_SECONDS,
                consistency_level="Strong",
            )
        if not found[0]:
            raise StoreError(
                f"{self.address} finds nothing by its {field} vectors; nothing was changed: try again"
            )
        return float(found[0][0]["distance"])


def _create(client: MilvusClient, collection: str, count: int, dimensions: int) -> None:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimensions)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    kind: dict[str, object] = (
        {"index_type": "FLAT"} if count <= _MOST_EXACT else {"index_type": "HNSW", "params": _GRAPH}
    )
    dense = {"field_name": "dense", "metric_type": "IP", **kind}
    sparse = {"field_name": "sparse", "metric_type": "IP", "index_type": "SPARSE_INVERTED_INDEX"}
    create_collection(client, collection, schema, [dense, sparse])
