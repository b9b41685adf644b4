"""The files of a version as rows of a collection, and back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from index.errors import REBUILD, StoreError
from index.milvus.connection import WRITE_SECONDS, connected, create_collection
from index.types import MilvusAddress

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_PART = 48_000  # bytes; a value takes 65,536, and base64 a third more than the bytes
_ROWS = 64  # parts in one call: 4 MB
_BASE64 = "base64"
_MOST_ROWS = 50_000_000  # 2.4 TB; a count that is damaged ends here


class RemoteFiles:
    """The files of one version, in a collection of their own; every method raises StoreError."""

    def __init__(self, address: MilvusAddress, collection: str) -> None:
        self._address = address
        self._collection = collection

    def upload(self, folder: Path, names: Iterable[str]) -> None:
        """Create the collection and write the files of these names, relative to `folder`, into it."""
        with connected(self._address) as client:
            _create(client, self._collection)
            count, batch = 0, []
            for name, content in _parts(folder, names):
                batch.append({"id": count, "name": name, "content": {_BASE64: content}, "vector": [0.0, 0.0]})
                count += 1
                if len(batch) == _ROWS:
                    client.insert(self._collection, batch, timeout=WRITE_SECONDS)
                    batch = []
            if batch:
                client.insert(self._collection, batch, timeout=WRITE_SECONDS)
            client.flush(self._collection, timeout=WRITE_SECONDS)
            found = self._count(client)
        if found != count:
            raise StoreError(
                f"{self._address} kept {found} of {count} parts of files; nothing was changed: try again"
            )

    def download(self, folder: Path) -> None:
        """Write the files into the new folder `folder`."""
        with connected(self._address) as client:
            client.load_collection(self._collection, timeout=WRITE_SECONDS)
            for first in range(0, min(self._count(client), _MOST_ROWS), _ROWS):
                self._write(self._rows(client, f"id >= {first} and id < {first + _ROWS}"), folder)

    def read(self, name: str) -> bytes:
        """Return the content of one file; empty if there is none of that name."""
        with connected(self._address) as client:
            client.load_collection(self._collection, timeout=WRITE_SECONDS)
            rows = self._rows(client, f'name == "{name}"')
        return b"".join(self._content(row) for row in rows)

    def _count(self, client: MilvusClient) -> int:
        client.load_collection(self._collection, timeout=WRITE_SECONDS)
        counted = client.query(
            self._collection, output_fields=["count(*)"], timeout=WRITE_SECONDS, consistency_level="Strong"
        )
        return int(counted[0]["count(*)"])

    def _rows(self, client: MilvusClient, chosen: str) -> list[dict[str, Any]]:
        found = client.query(
            self._collection, chosen, ["id", "name", "content"], timeout=WRITE_SECONDS, consistency_level="Strong"
        )
        return sorted(map(dict, found), key=lambda row: int(row["id"]))

    def _write(self, rows: Iterable[dict[str, Any]], folder: Path) -> None:
        for row in rows:
            name = str(row["name"])
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
                raise StoreError(f"{self._address} names a file outside its version; {REBUILD}")
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with (folder / path).open("ab") as file:
                file.write(self._content(row))

    def _content(self, row: dict[str, Any]) -> bytes:
        try:
            return base64.b64decode(row["content"][_BASE64], validate=True)
        except (binascii.Error, KeyError, TypeError) as error:
            raise StoreError(f"{row['name']} in {self._address} is damaged; {REBUILD}") from error


def _parts(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each file's name with its parts as text, in order; an empty file has one part."""
    for name in names:
        with (folder / name).open("rb") as file:
            part = file.read(_PART)
            yield name, base64.b64encode(part).decode("ascii")
            while part := file.read(_PART):
                yield name, base64.b64encode(part).decode("ascii")


def _create(client: MilvusClient, collection: str) -> None:
    """Create the collection."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("name", DataType.VARCHAR, max_length=1024)
    schema.add_field(
        "content", DataType.JSON
    )  # pymilvus 3.0 looks at each character of a text, which takes minutes
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)  # a collection must have one
    index = {"field_name": "vector", "index_type": "FLAT", "metric_type": "L2"}
    create_collection(client, collection, schema, [index])
