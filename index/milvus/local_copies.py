"""Folders with copies of the versions in Milvus that this machine has in use."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from platformdirs import user_cache_path

from index.types import MilvusAddress

_APPLICATION = "llama-chronicle"
_OWNER = "owner"

_addresses: dict[Path, MilvusAddress] = {}


def open_copies(address: MilvusAddress) -> Path:
    """Return the folder for copies of the versions at `address`; `address_of` knows it from then on."""
    name = hashlib.sha256(str(address).encode()).hexdigest()[:16]
    folder = user_cache_path(_APPLICATION) / "milvus" / f"{address.name}-{name}"
    _addresses[folder] = address
    return folder


def address_of(folder: Path) -> MilvusAddress | None:
    """Return where the versions come from that are copied into `folder`; None if it is a store of its own."""
    return _addresses.get(folder)


def owner_of(folder: Path) -> str:
    """Return what tells whoever builds with `folder` from the users of other folders; it is made once."""
    path = folder / _OWNER
    if not path.exists():
        path.write_text(secrets.token_hex(4), "ascii")
    return path.read_text("ascii")[:8]
