"""Opening the index for questions: the right folder, built first when there is nothing yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.cli.progress import Bar, progress
from index.cli.terminal import say
from index.errors import DocumentsError
from index.settings import Settings
from index.store.manifest import Manifest
from index.store.store import Store

if TYPE_CHECKING:
    from index.answering.engine import Index
    from index.types import BuildReport, Encoder


@dataclass(frozen=True, slots=True)
class Place:
    """Where the documents and the store are; `is_named` when someone said which documents."""

    documents: Path
    store: Path
    is_named: bool
    settings: Settings

    @classmethod
    def of(cls, settings: Settings, *, documents: Path | None, store: Path | None) -> Place:
        """Take what the command line names before what the settings say."""
        return cls(
            documents=documents or settings.documents,
            store=store or settings.store,
            is_named=documents is not None or "documents" in settings.model_fields_set,
            settings=settings,
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """An index ready for questions; `stale` when the documents changed since it was built."""

    index: Index
    stale: bool


def open_index(place: Place) -> Opened:
    """Open the current version, building the first; say so once when the documents have changed since.

    Raises DocumentsError when the documents named are not those of the store, ModelError, StoreError.
    """
    store = Store(place.store)
    is_first = store.current() is None
    _refuse_other_documents(place, None if is_first else store.manifest())
    if is_first:
        say(f"no index in {place.store} yet: building it from {place.documents}")
    with progress() as bar:
        encoder = find_model(place, bar)
        if is_first:
            build(place, encoder, bar)
        bar.wait("loading the model")
        index = _open(place, encoder)
    manifest = Store(place.store).manifest(index.version)
    stale = differs(manifest)
    if stale:
        say(
            f"the documents in {manifest.folder} changed since version {index.version}, which answers: "
            "run `python -m index build`"
        )
    return Opened(index, stale)


def find_model(place: Place, bar: Bar, *, threads: int = 1) -> Encoder:
    """Find the embedding model, unpacking it if need be; it works on `threads`, or more if the settings say so."""
    from index.encoding.encoder import load_encoder

    return load_encoder(place.settings.model, threads=max(threads, place.settings.threads), report=bar.share)


def idle_cores() -> int:
    """Count the cores that have no work, one at least: threads beyond them would wait for one another."""
    try:
        return max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))
    except (OSError, AttributeError):  # not known on every system
        return 1


def build(place: Place, encoder: Encoder, bar: Bar) -> BuildReport:
    """Bring the store up to date."""
    from index.indexing.builder import build_store

    return build_store(place.documents, place.store, encoder, keep=place.settings.keep_versions, report=bar.step)


def differs(manifest: Manifest) -> bool:
    """Tell whether the documents on disk are other than those of a version."""
    from index.indexing.builder import is_stale

    return is_stale(manifest, Path(manifest.folder))


def _refuse_other_documents(place: Place, manifest: Manifest | None) -> None:
    if not place.is_named:
        return
    mend = f"run `python -m index build --documents {place.documents}`"
    if not place.documents.is_dir():
        raise DocumentsError(f"no such documents folder: {place.documents}; create it, then {mend}")
    if manifest is not None and manifest.folder != str(place.documents.resolve()):
        raise DocumentsError(f"{place.store} was built from {manifest.folder}, not from {place.documents}; {mend}")


def _open(place: Place, encoder: Encoder) -> Index:
    from index.answering.engine import Index
    from index.answering.policy import AnswerPolicy

    index = Index.open(place.store, encoder, policy=AnswerPolicy(threshold=place.settings.threshold))
    index.check()  # loads the model's weights, so that the first answer takes no longer than the second
    return index
