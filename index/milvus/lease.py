"""The right to build, which one process at a time holds among all that share an index in Milvus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from index.errors import StoreBusyError, StoreError
from index.milvus.connection import CALL_SECONDS, connected, create_collection
from index.milvus.names import Names
from index.types import MilvusAddress

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_RENEWED_AFTER = 60.0  # seconds
# After which a lease that was not renewed is free: its holder has been killed, or its machine has lost the network.
_EXPIRES_AFTER = timedelta(minutes=10)
_TIME = "%Y%m%dT%H%M%S"


class Lease:
    """A lease, which an alias is: of two that create an alias of one name, one fails.

    It leads to an empty collection that names its holder and the time. A holder's own earlier lease is free at once:
    a lock on the machine says that the process is gone.
    """

    def __init__(self, address: MilvusAddress, owner: str) -> None:
        self._address = address
        self._alias = Names(address.name).lock
        self._owner = owner
        self._held = ""  # the collection that the alias leads to
        self._ended = Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease and renew it. Raises StoreBusyError while another holds it, and StoreError."""
        self._take()
        self._ended.clear()
        renewing = Thread(target=self._renew_until_ended, name="milvus-lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            self._ended.set()
            renewing.join()
            with suppress(StoreError):  # it expires
                self._release()

    def require_held(self) -> None:
        """Raise StoreBusyError if another has taken the lease, which was not renewed in time."""
        with connected(self._address) as client:
            if self._holder(client) != self._held:
                raise StoreBusyError(
                    f"{self._address} is being built by somebody else by now; nothing was changed"
                )

    def _take(self) -> None:
        self._held = self._name()
        with connected(self._address) as client:
            holder = self._holder(client)
            if holder is not None and not self._is_free(holder):
                raise StoreBusyError(f"{self._address} is being built on another machine; wait for it")
            _create(client, self._held)
            try:
                change = client.create_alias if holder is None else client.alter_alias
                change(self._held, self._alias, timeout=CALL_SECONDS)
            finally:
                self._sweep(client)
        self.require_held()

    def _renew_until_ended(self) -> None:
        while not self._ended.wait(_RENEWED_AFTER):
            with suppress(StoreError):  # out of reach: another may take it, and `require_held` finds that out
                self._renew()

    def _renew(self) -> None:
        fresh = self._name()
        with connected(self._address) as client:
            if self._holder(client) == self._held:
                _create(client, fresh)
                client.alter_alias(fresh, self._alias, timeout=CALL_SECONDS)
                self._held = fresh
                self._sweep(client)

    def _release(self) -> None:
        with connected(self._address) as client:
            if self._holder(client) == self._held:
                client.drop_alias(self._alias, timeout=CALL_SECONDS)
            client.drop_collection(self._held, timeout=CALL_SECONDS)

    def _holder(self, client: MilvusClient) -> str | None:
        """Return the collection that the alias leads to; None if nobody holds the lease."""
        if self._alias not in client.list_aliases(timeout=CALL_SECONDS)["aliases"]:
            return None
        return str(client.describe_alias(self._alias, timeout=CALL_SECONDS)["collection_name"])

    def _sweep(self, client: MilvusClient) -> None:
        """Remove the collections of earlier leases, and this one's if another was faster."""
        holder = self._holder(client)
        for collection in client.list_collections(timeout=CALL_SECONDS):
            is_lease = collection.startswith(f"{self._alias}_")
            if is_lease and collection != holder and self._is_free(collection):
                client.drop_collection(collection, timeout=CALL_SECONDS)

    def _name(self) -> str:
        return f"{self._alias}_{self._owner}_{datetime.now(UTC).strftime(_TIME)}"

    def _is_free(self, collection: str) -> bool:
        """Return whether the lease that `collection` stands for is this owner's own, or has expired."""
        owner, _, time = collection.removeprefix(f"{self._alias}_").partition("_")
        try:
            taken = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
        except ValueError:  # moved by somebody to something else
            return True
        return owner == self._owner or datetime.now(UTC) - taken > _EXPIRES_AFTER


def _create(client: MilvusClient, collection: str) -> None:
    """Create an empty collection, which must have a field with vectors."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    create_collection(client, collection, schema, [])
