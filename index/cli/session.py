"""Open the index for questions; build it first if there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.cli.progress import Bar, progress
from index.cli.terminal import write_error
from index.errors import DocumentsError
from index.indexing.builder import build_store, is_stale
from index.settings import Settings
from index.store.manifest import Manifest
from index.store.opening import open_store
from index.store.version_names import version_label
from index.types import StoreLocation

if TYPE_CHECKING:
    from index.answering.engine import Index
    from index.types import Encoder, Reranker


@dataclass(frozen=True, slots=True)
class Workspace:
    """The documents folder, the store and the settings of one command.

    is_named: whether the command line or the settings name the documents folder.
    """

    documents: Path
    store: StoreLocation
    is_named: bool
    settings: Settings

    @classmethod
    def of(cls, settings: Settings, *, documents: Path | None, store: StoreLocation | None) -> Workspace:
        """Return the workspace of a command; its arguments win over the settings."""
        return cls(
            documents=documents or settings.documents,
            store=store or settings.store,
            is_named=documents is not None or "documents" in settings.model_fields_set,
            settings=settings,
        )

    def is_stale(self, manifest: Manifest) -> bool:
        """Return whether the documents changed since; a machine that shares an index in Milvus need not have them."""
        folder = Path(manifest.folder)
        return is_stale(manifest, folder) and (isinstance(self.store, Path) or folder.is_dir())


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """An index ready for questions; stale: whether the documents changed since it was built."""

    index: Index
    stale: bool


def open_index(workspace: Workspace) -> OpenedIndex:
    """Open the current version, or build the first one; warn once if the documents changed since.

    Raises DocumentsError if the named documents are not those of the store, ModelError, StoreError.
    """
    store = open_store(workspace.store)
    is_first = store.current() is None
    _refuse_other_documents(workspace, None if is_first else store.manifest())
    if is_first:
        write_error(f"no index in {workspace.store} yet: building it from {workspace.documents}")
    with progress() as bar:
        encoder = load_model(workspace, bar)
        reranker = _load_reranker(workspace.settings)
        if is_first:
            keep = workspace.settings.keep_versions
            build_store(workspace.documents, workspace.store, encoder, keep=keep, progress=bar.step)
        bar.wait("loading the model")
        index = _open(workspace, encoder, reranker)
    manifest = store.manifest(index.version)
    stale = workspace.is_stale(manifest)
    if stale:
        label = version_label(index.version, store.versions())
        write_error(
            f"the documents in {manifest.folder} changed since version {label}, which answers: "
            "run `python -m index build`"
        )
    return OpenedIndex(index, stale)


def load_model(workspace: Workspace, bar: Bar, *, passes: int | None = None) -> Encoder:
    """Return the embedding model, unpacked if necessary, which encodes several texts in so many passes at once."""
    from index.encoding.encoder import PASSES, load_encoder

    settings = workspace.settings
    return load_encoder(
        settings.model,
        threads=settings.threads,
        passes=passes or PASSES,
        report=bar.share,
        runtime=settings.runtime,
    )


def idle_cores() -> int:
    """Return the number of idle cores, at least 1; more work at once would wait."""
    try:
        return max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))
    except (OSError, AttributeError):  # no load average on this system
        return 1


def _refuse_other_documents(workspace: Workspace, manifest: Manifest | None) -> None:
    if not workspace.is_named:
        return
    remedy = f"run `python -m index build --documents {workspace.documents}`"
    if not workspace.documents.is_dir():
        raise DocumentsError(f"no such documents folder: {workspace.documents}; create it, then {remedy}")
    if manifest is not None and manifest.folder != str(workspace.documents.resolve()):
        raise DocumentsError(
            f"{workspace.store} was built from {manifest.folder}, not from {workspace.documents}; {remedy}"
        )


def _load_reranker(settings: Settings) -> Reranker | None:
    from index.encoding.reranker import load_reranker

    return load_reranker(settings.reranker, threads=settings.threads)


def _open(workspace: Workspace, encoder: Encoder, reranker: Reranker | None) -> Index:
    from index.answering.engine import Index
    from index.answering.policy import AnswerPolicy

    policy = AnswerPolicy.of(workspace.settings)
    index = Index.open(workspace.store, encoder, policy=policy, reranker=reranker)
    index.warm_up()
    return index
