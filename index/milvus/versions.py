"""The versions of an index in Milvus: which there are, which is current, and what marks them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.milvus.connection import CALL_SECONDS, connected
from index.milvus.names import Names
from index.types import MilvusAddress

if TYPE_CHECKING:
    from pymilvus import MilvusClient


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What is in Milvus.

    moved_to: the collection of somebody else's that the alias leads to; empty where it leads to a version, or there is
    none. versions: those that have been current, newest first. unfinished: those that never were, as of a killed build.
    """

    current: str | None
    moved_to: str
    versions: tuple[str, ...]
    withdrawn: frozenset[str]
    is_rolled_back: bool
    unfinished: frozenset[str]


class RemoteVersions:
    """Reads and changes which versions an index has; every method raises StoreError.

    The alias of the index's own name leads to the current version: to alter it is the atomic switch.
    """

    def __init__(self, address: MilvusAddress) -> None:
        self._address = address
        self.names = Names(address.name)

    def state(self) -> RemoteState:
        """Return what is in Milvus."""
        names = self.names
        with connected(self._address) as client:
            collections: list[str] = client.list_collections(timeout=CALL_SECONDS)
            aliases = list_aliases(client)
            leads_to = self._leads_to(client, aliases)
        current = names.version_of(leads_to)
        found = frozenset(filter(None, map(names.version_of, collections)))
        whole = frozenset(version for version in found if names.vectors(version) in collections)
        finished = whole & {*names.marked(aliases, names.finished("")), current}
        return RemoteState(
            current=current,
            moved_to="" if current else leads_to,
            versions=tuple(sorted(filter(None, finished), reverse=True)),
            withdrawn=names.marked(aliases, names.withdrawn("")) & whole,
            is_rolled_back=names.rolled_back in aliases,
            unfinished=found - finished,
        )

    def _leads_to(self, client: MilvusClient, aliases: frozenset[str]) -> str:
        """Return the collection that the index's alias leads to; empty if there is no such alias."""
        if self._address.name not in aliases:
            return ""
        return str(client.describe_alias(self._address.name, timeout=CALL_SECONDS)["collection_name"])

    def switch(self, version: str) -> None:
        """Make `version` current, atomically."""
        collection = self.names.vectors(version)
        with connected(self._address) as client:
            aliases = list_aliases(client)
            change = client.alter_alias if self._address.name in aliases else client.create_alias
            change(collection, self._address.name, timeout=CALL_SECONDS)
            if self.names.finished(version) not in aliases:
                client.create_alias(collection, self.names.finished(version), timeout=CALL_SECONDS)

    def mark(self, *, withdrawn: Collection[str], is_rolled_back: bool) -> None:
        """Mark exactly these versions as rolled back from, and whether a rollback holds."""
        state = self.state()
        with connected(self._address) as client:
            for version in state.withdrawn.difference(withdrawn):
                client.drop_alias(self.names.withdrawn(version), timeout=CALL_SECONDS)
            for version in set(withdrawn).intersection(state.versions) - state.withdrawn:
                collection = self.names.vectors(version)
                client.create_alias(collection, self.names.withdrawn(version), timeout=CALL_SECONDS)
            if is_rolled_back and not state.is_rolled_back and state.current is not None:
                collection = self.names.vectors(state.current)
                client.create_alias(collection, self.names.rolled_back, timeout=CALL_SECONDS)
            elif state.is_rolled_back and not is_rolled_back:
                client.drop_alias(self.names.rolled_back, timeout=CALL_SECONDS)

    def drop(self, version: str) -> None:
        """Remove a version that is not current, if there is one; for a reader of `state` it vanishes at once.

        An alias that is not this program's protects it: Milvus refuses.
        """
        with connected(self._address) as client:
            if self._leads_to(client, list_aliases(client)) == self.names.vectors(version):
                return
            for alias in (self.names.finished(version), self.names.withdrawn(version)):
                client.drop_alias(alias, timeout=CALL_SECONDS)
            for collection in (self.names.vectors(version), self.names.files(version)):
                client.drop_collection(collection, timeout=CALL_SECONDS)


def list_aliases(client: MilvusClient) -> frozenset[str]:
    """Return the aliases of all collections."""
    return frozenset(str(alias) for alias in client.list_aliases(timeout=CALL_SECONDS)["aliases"])
