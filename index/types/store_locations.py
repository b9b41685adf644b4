"""Where a store is: a folder, or an index in Milvus."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

_PREFIX = "milvus+"
_LITE = "lite://"
_PORT = 19530  # Milvus' own
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FORMS = "milvus+http://HOST:19530/NAME, milvus+https://HOST:19530/NAME or milvus+lite:///FOLDER/FILE.db/NAME"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """An index in Milvus.

    server: the address of a server, or the path of a Milvus Lite file. name: the alias that leads to its current
    version. token: a key or `user:password`; it is never shown.
    """

    server: str
    name: str
    token: SecretStr = field(default=SecretStr(""))

    @property
    def is_lite(self) -> bool:
        """Whether it is a Milvus Lite file, which one process at a time can open."""
        return "://" not in self.server

    def __str__(self) -> str:
        return f"{_PREFIX}{_LITE if self.is_lite else ''}{self.server}/{self.name}"


StoreLocation: TypeAlias = Path | MilvusAddress


def parse_store_location(text: str, *, token: str = "") -> StoreLocation:
    """Return the folder or the index in Milvus that `text` names; `token` opens the latter. Raises ValueError.

    A user and a password in `text` go before `token`.
    """
    if not text or "\0" in text:
        raise ValueError("names no store")
    if re.match(r"[a-z+]+:/", text) is None:
        return Path(text)
    if not text.startswith(_PREFIX):
        raise ValueError(f"is neither a folder nor {_FORMS}")
    address = text.removeprefix(_PREFIX)
    server, _, name = address.rpartition("/")
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"ends in no name of letters, digits and underscores: {_FORMS}")
    if address.startswith(_LITE):
        return MilvusAddress(_lite_file(server.removeprefix(_LITE)), name)
    return _server(server, name, token)


def _lite_file(path: str) -> str:
    if not path.endswith(".db"):
        raise ValueError(f"names no Milvus Lite file, which ends in .db: {_FORMS}")
    return str(Path(path).expanduser().absolute())


def _server(server: str, name: str, token: str) -> MilvusAddress:
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ValueError(f"names no server: {_FORMS}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    own = ":".join(unquote(part) for part in (parts.username, parts.password) if part)
    return MilvusAddress(f"{parts.scheme}://{host}:{parts.port or _PORT}", name, SecretStr(own or token))
