"""A version's manifest: what it was built from, by which rules, and the checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from index.errors import REBUILD, StoreError, StoreOutdatedError
from index.store.files import file_sha256, find_irregular, read_file
from index.store.integrity_cache import file_states, forget, is_unchanged, remember

FORMAT = 14  # of a version's files; raise it when they change

MANIFEST = "manifest.json"
# Bytes of a version from which opening it does not read all of it once more: 256 MB take a second on two busy cores.
_LARGE = 256_000_000
_CHECKSUM = "sha256"  # of the manifest's other keys


@dataclass(frozen=True, slots=True)
class Rules:
    """The versions of everything in the program and the model that decides what a build stores.

    A version built by other rules cannot be used. model: the encoder's fingerprint. opencc: its release. The others
    are a rule's version with a hash of the constants that it computes with.
    """

    format: int
    model: str
    normalization: str
    parsing: str
    passages: str
    representations: str
    terms: str
    retrieval: str
    centering: str
    answerability: str
    background: str
    front_desk: str
    opencc: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version was built from.

    folder: the documents folder. sources: the SHA-256 of each file in it that counts. documents: those of the
    documents alone. files: the SHA-256 of each of the version's own files.
    """

    version: str
    built_at: str
    folder: str
    rules: Rules
    sources: Mapping[str, str]
    documents: Mapping[str, str]
    passages: int
    files: Mapping[str, str]


def file_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a version except its manifest."""
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in list_files(folder)
        if path != folder / MANIFEST
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of the version in `folder`, with a checksum of its own."""
    data = asdict(manifest)
    content = json.dumps({**data, _CHECKSUM: manifest_checksum(data)}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(content, "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the version in `folder`. Raises StoreError."""
    try:
        content = read_file(folder / MANIFEST)
    except OSError as error:
        raise StoreError(f"{folder / MANIFEST} is missing or damaged; {REBUILD}") from error
    return parse_manifest(content, where=str(folder))


def parse_manifest(content: bytes, *, where: str) -> Manifest:
    """Return what the manifest of the version at `where` says. Raises StoreError."""
    try:
        data = json.loads(content)
        if data["rules"]["format"] != FORMAT:
            raise StoreOutdatedError(f"{where} was built by another version of this program; {REBUILD}")
        if data.pop(_CHECKSUM) != manifest_checksum(data):
            raise ValueError("the checksum differs")
        manifest = Manifest(**{**data, "rules": Rules(**data["rules"])})
        if not all(_is_inside(name) for name in manifest.files):
            raise ValueError("it names a file outside its version")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(f"{where}/{MANIFEST} is missing or damaged; {REBUILD}") from error
    return manifest


def verify_checksums(folder: Path) -> Manifest:
    """Return the manifest of the version in `folder`. Raises StoreError naming the first file that differs.

    Nor may there be a link, a pipe or a device in it: what opens the version afterwards would follow or wait for it.
    """
    manifest = read_manifest(folder)
    damaged = next(_damaged(folder, manifest), None)
    if damaged is not None:
        forget(folder)
        raise StoreError(f"{damaged} is missing or damaged; {REBUILD}")
    return manifest


def verify_for_opening(folder: Path) -> Manifest:
    """Return the manifest of the version in `folder`, verified as `verify_checksums` does.

    Of a large version that is as it was when it was verified last, only the sizes and times of its files are compared.
    Raises StoreError.
    """
    try:
        states = file_states(folder)
        if sum(size for size, *_ in states.values()) >= _LARGE:
            if is_unchanged(folder) and find_irregular(folder) is None:
                return read_manifest(folder)
            manifest = verify_checksums(folder)
            remember(folder, states)
            return manifest
    except OSError:  # of a file that cannot be looked at: the checksums name it
        pass
    return verify_checksums(folder)


def _damaged(folder: Path, manifest: Manifest) -> Iterator[Path]:
    try:
        irregular = find_irregular(folder)
    except OSError:
        irregular = folder
    if irregular is not None:
        yield irregular
    for name, expected in manifest.files.items():
        try:
            if file_sha256(folder / name) == expected:
                continue
        except OSError:
            pass
        yield folder / name


def manifest_checksum(data: Mapping[str, object]) -> str:
    """Return the SHA-256 of a manifest's keys and values."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode("ascii")).hexdigest()


def list_files(folder: Path) -> list[Path]:
    """Return every file of a version, the manifest included."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _is_inside(name: str) -> bool:
    """Return whether `name` is a relative path that stays in its folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
