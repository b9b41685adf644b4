"""Connections to Milvus, and what its faults mean; only this package imports pymilvus."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING

from index.errors import StoreError, StoreUnreachableError
from index.types import MilvusAddress

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CALL_SECONDS = 5.0  # for a call about names
WRITE_SECONDS = 300.0  # for a batch of rows, an index or a load

_OLDEST = (2, 4)  # the first with sparse vectors and with `alter_alias` that is atomic
_LITE_PAUSE = 0.05
_UNREACHABLE = frozenset([2])  # pymilvus' own code for a connection that fails
_MISSING = frozenset([100, 1600])  # a collection, an alias
_FULL = re.compile(r"quota|exceed|exhaust|no space|disk|memory|rate limit", re.IGNORECASE)
_REFUSED = re.compile(r"auth|permission|privilege|token", re.IGNORECASE)

_lock = RLock()
_clients: dict[MilvusAddress, MilvusClient] = {}
_open_files: dict[str, int] = {}  # by Milvus Lite file, how many blocks of `connected` use it


@contextmanager
def connected(address: MilvusAddress, *, seconds: float | None = None) -> Iterator[MilvusClient]:
    """Yield a client of Milvus that was reached within `seconds`, by default as any call; its calls need a `timeout`.

    A Milvus Lite file is open only meanwhile: no other process can open it until then. Raises StoreUnreachableError,
    and StoreError for what Milvus refuses, also within the block.
    """
    grpc, errors = _libraries()
    seconds = CALL_SECONDS if seconds is None else seconds
    try:
        if address.is_lite:
            with _lite(address, seconds) as client:
                yield client
        else:
            yield _client(address, seconds)
    except (errors.MilvusException, grpc.RpcError) as error:
        raise _fault(address, error) from error


def create_collection(
    client: MilvusClient, name: str, schema: object, indexes: Iterable[Mapping[str, object]]
) -> None:
    """Create a collection, and its indexes by field, which Milvus builds when there are rows to load."""
    client.create_collection(name, schema=schema, properties={"mmap.enabled": True}, timeout=WRITE_SECONDS)
    for index in indexes:
        parameters = client.prepare_index_params()
        parameters.add_index(**index)
        client.create_index(name, parameters, timeout=WRITE_SECONDS, sync=False)


def _libraries() -> tuple[ModuleType, ModuleType]:
    """Return grpc and pymilvus' errors. Raises StoreError if the extra is not installed."""
    try:
        import grpc
        from pymilvus import exceptions
    except ImportError as error:
        raise StoreError(
            f"CHRONICLE_STORE names Milvus, and {error.name} is not installed: "
            "run `pip install 'llama-chronicle[milvus]'`"
        ) from error
    for name in (
        "pymilvus",
        "milvus_lite",
    ):  # they log as errors, with a traceback, what is reported here in a line
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return grpc, exceptions


def _client(address: MilvusAddress, seconds: float) -> MilvusClient:
    with _lock:
        if address not in _clients:
            _clients[address] = _connect(address.server, seconds, address)
        return _clients[address]


def _connect(server: str, seconds: float, address: MilvusAddress) -> MilvusClient:
    """Return a new client. Raises StoreError if the server is too old."""
    from pymilvus import MilvusClient

    client = MilvusClient(server, token=address.token.get_secret_value(), timeout=seconds)
    version = str(client.get_server_version(timeout=seconds))
    found = re.search(r"(\d+)\.(\d+)", version)
    if found is not None and (int(found[1]), int(found[2])) < _OLDEST:
        client.close()
        raise StoreError(f"{address} is Milvus {version}: this program needs 2.4 or newer; upgrade it")
    return client


@contextmanager
def _lite(address: MilvusAddress, seconds: float) -> Iterator[MilvusClient]:
    """Yield a client of a Milvus Lite file, which the process opens once for all blocks that overlap."""
    from milvus_lite.server_manager import server_manager_instance as servers
    from pymilvus import MilvusClient

    with _lock:
        path = address.server
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        uri, until = servers.start_and_get_uri(path), time.monotonic() + seconds
        while uri is None and time.monotonic() < until:
            time.sleep(_LITE_PAUSE)
            uri = servers.start_and_get_uri(path)
        if uri is None:
            raise StoreUnreachableError(
                f"{path} cannot be opened: another process has it open, or it cannot be written; wait for it, or run "
                "`milvus-lite server`, which many may use"
            )
        _open_files[path] = _open_files.get(path, 0) + 1
        client = MilvusClient(uri, timeout=CALL_SECONDS)
        try:
            yield client
        finally:
            client.close()
            _open_files[path] -= 1
            if not _open_files[path]:
                servers.release_server(path)


def _code(error: BaseException | None) -> object:
    """Return the code of a fault of pymilvus, a number, or of gRPC, a name; None of any other."""
    code = getattr(error, "code", None)
    if callable(code):
        code = code()
    return getattr(code, "name", code)


def _fault(address: MilvusAddress, error: Exception) -> StoreError:
    """Return what a fault of Milvus means, as one line with the remedy."""
    code, said = _code(error), " ".join(str(getattr(error, "message", "") or error).split())[:300]
    if (
        code in _UNREACHABLE
        or code in {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"}
        or "Retry timeout" in said
    ):
        with _lock:
            _clients.pop(address, None)
        return StoreUnreachableError(
            f"{address} cannot be reached, or not in time; start Milvus, or mend CHRONICLE_STORE"
        )
    if code in _MISSING:
        return StoreError(f"{address}: {said} (not found)")
    if code == "UNIMPLEMENTED":
        return StoreError(f"{address} is another version of Milvus ({said}): this program needs 2.4 or newer")
    if code in {"UNAUTHENTICATED", "PERMISSION_DENIED"} or _REFUSED.search(said):
        return StoreError(
            f"{address} refuses: {said}; set CHRONICLE_STORE_TOKEN to a key or user:password that may"
        )
    if _FULL.search(said):
        return StoreError(f"{address} is full: {said}; make room or raise its quota, then try again")
    return StoreError(f"{address} refuses: {said}; Milvus' own log has more")
