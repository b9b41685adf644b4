"""A version's manifest: what it was made of, and the checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import opencc

from index.corpus import chunking as passages
from index.errors import REBUILD, StoreError
from index.store.stamps import drop_stamps
from index.text import normalize

FORMAT = 7  # of a version's files; raise it when they change

_MANIFEST = "manifest.json"
_SEAL = "sha256"  # of the manifest's other keys


@dataclass(frozen=True, slots=True)
class Rules:
    """What the code and the model contribute to a version; another value makes it foreign."""

    format: int
    model: str
    normalize: int
    passages: int
    opencc: str

    @classmethod
    def of(cls, model: str) -> Rules:
        """Give this program's rules with the model of that fingerprint."""
        return cls(FORMAT, model, normalize.VERSION, passages.VERSION, opencc.__version__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version was made of, and the SHA-256 of each of its files."""

    version: str
    built_at: str
    folder: str
    rules: Rules
    sources: Mapping[str, str]
    documents: Mapping[str, str]
    passages: int
    files: Mapping[str, str]


def checksums(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a version but its manifest."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in files_in(folder)
        if path != folder / _MANIFEST
    }


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of the version in `folder`, sealed by a checksum of its own."""
    data = asdict(manifest)
    sealed = json.dumps({**data, _SEAL: seal(data)}, ensure_ascii=False, indent=1)
    (folder / _MANIFEST).write_text(sealed, "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the version in `folder`. Raises StoreError."""
    try:
        data = json.loads((folder / _MANIFEST).read_bytes())
        if data["rules"]["format"] != FORMAT:
            raise StoreError(f"{folder} was built by another version of this program; {REBUILD}")
        if data.pop(_SEAL) != seal(data):
            raise ValueError("another content than was written")
        return Manifest(**{**data, "rules": Rules(**data["rules"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / _MANIFEST} is missing or damaged; {REBUILD}") from error


def check_files(folder: Path) -> Manifest:
    """Compare every file of a version with its manifest; StoreError names the first that differs."""
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        try:
            whole = sha256(folder / name) == expected
        except OSError:
            whole = False
        if not whole:
            drop_stamps(folder)
            raise StoreError(f"{folder / name} is missing or damaged; {REBUILD}")
    return manifest


def seal(data: Mapping[str, object]) -> str:
    """Give the SHA-256 of a manifest's keys and values."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode("ascii")).hexdigest()


def files_in(folder: Path) -> list[Path]:
    """List every file of a version, the manifest too."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
