"""Examines what lies on this machine: settings, folders, models, documents, annotations and the store."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import index
from bot.doctor.findings import Finding, error, ok, warning
from bot.settings import BotSettings
from index import (
    DocumentsError,
    MilvusAddress,
    ModelError,
    Skipped,
    SkippedKind,
    StoreError,
    StoreOutdatedError,
    StoreUnreachableError,
)

_NAMED: Final = 3  # files in one line
_LEAST_FREE: Final = 500 << 20  # bytes: a version of a large folder, twice over


def check_settings(settings: BotSettings) -> Iterator[Finding]:
    """Yield which settings are set, without their values, and whether the bot can write where they point."""
    names = sorted(settings.model_fields_set)
    yield ok("settings", f"set: {', '.join(names)}" if names else "all as by default")
    for label, setting, folder in (
        ("data", "CHRONICLE_DATA", settings.data),
        ("store", "CHRONICLE_STORE", index.open_store(settings.store).folder),
    ):
        yield from _check_folder(label, setting, folder.expanduser())
    if settings.watch_channel and not settings.watch:
        yield warning(
            "settings",
            "a channel for reports is set, and the documents folder is not watched",
            remedy="set CHRONICLE_WATCH=true, or remove CHRONICLE_WATCH_CHANNEL",
        )


def check_models(settings: BotSettings) -> Iterator[Finding]:
    """Yield whether the models are there; the bundled one is unpacked if it is not yet. Nothing is loaded."""
    try:
        encoder = index.load_encoder(settings.model)
        runtime = index.runtime_status(settings.model, settings.runtime)
        yield ok("models", f"{settings.model} ({encoder.fingerprint}), run by {runtime}")
    except ModelError as fault:
        yield error("models", str(fault), remedy="set CHRONICLE_MODEL=bundled, or do what the line says")
    try:
        if index.require_reranker(settings.reranker):
            yield ok("models", f"reranker {settings.reranker}")
    except ModelError as fault:
        yield warning("models", str(fault), remedy="the bot answers without it; CHRONICLE_RERANKER=none says so")


def check_documents(settings: BotSettings) -> Iterator[Finding]:
    """Yield what a build would read, which documents it would leave out, and what their sidecars need."""
    try:
        library = index.inspect_documents(settings.documents)
    except DocumentsError as fault:
        yield error("documents", str(fault), remedy="set CHRONICLE_DOCUMENTS to the folder with the documents")
        return
    yield ok("documents", f"{len(library.documents)} in {settings.documents}")
    left_out = [note for note in library.skipped if note.kind is SkippedKind.DOCUMENT]
    notes = [note for note in library.skipped if note.kind is SkippedKind.NOTE]
    if left_out:
        remedy = "mend or convert them, or leave them out on purpose; `python -m index build --dry-run` names all"
        yield warning("documents", f"left out: {_listed(left_out)}", remedy=remedy)
    if notes:
        remedy = "bring the annotations up to date; `python -m index build --dry-run` names all"
        yield warning("annotations", _listed(notes), remedy=remedy)
    else:
        yield ok("annotations", "none is out of date")


def check_store(settings: BotSettings) -> Iterator[Finding]:
    """Yield whether the store is whole, built from the documents as they are, and by the model of the settings."""
    try:
        found = index.inspect_store(settings.store, settings.documents)
    except StoreOutdatedError as fault:
        remedy = "the bot builds it anew at its next start; `python -m index build` does so now"
        yield warning("store", str(fault), remedy=remedy)
        return
    except StoreUnreachableError as fault:
        remedy = "start it, or mend CHRONICLE_STORE; the bot answers from the version that it copied last, if any"
        yield error("store", str(fault), remedy=remedy)
        return
    except StoreError as fault:
        if _has_content(settings.store):
            yield error("store", str(fault), remedy="run `python -m index build`")
        else:
            remedy = "the bot builds it at its first start; `python -m index build` does so now"
            yield warning("store", f"there is no index in {settings.store} yet", remedy=remedy)
        return
    info = found.info
    yield ok("store", f"version {info.version}, {info.passages:,} passages, {len(info.versions)} versions kept")
    if found.is_stale:
        remedy = "run `python -m index build`, or /rebuild in Discord"
        yield warning("store", "the documents have changed since it was built", remedy=remedy)
    expected = _fingerprint(settings.model)
    if expected is not None and expected != info.model:
        remedy = "the bot builds it anew at its next start; or set CHRONICLE_MODEL to the one it was built with"
        yield warning("store", f"it was built with another model ({info.model})", remedy=remedy)


def _has_content(store: Path | MilvusAddress) -> bool:
    """Return whether there is anything that could be damaged."""
    if isinstance(store, MilvusAddress):
        return bool(index.open_store(store).versions())
    return store.is_dir() and any(store.iterdir())


def _check_folder(label: str, setting: str, folder: Path) -> Iterator[Finding]:
    """Yield whether files can be written in `folder`, which need not exist yet, and how much room there is."""
    nearest = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        remedy = f"give the user that runs the bot write access, or set {setting} to another folder"
        yield error(label, f"{folder} cannot be written", remedy=remedy)
        return
    free = shutil.disk_usage(nearest).free
    if free < _LEAST_FREE:
        remedy = f"make room, or set {setting} to a folder on another disk"
        yield warning(label, f"only {free >> 20} MB are free for {folder}", remedy=remedy)


def _fingerprint(model: str) -> str | None:
    """Return the fingerprint of the model in the settings; None if there is no such model."""
    try:
        return index.load_encoder(model).fingerprint
    except ModelError:
        return None


def _listed(notes: Sequence[Skipped]) -> str:
    listed = "; ".join(f"{note.name}: {note.reason}" for note in notes[:_NAMED])
    return f"{listed}; and {len(notes) - _NAMED} more" if len(notes) > _NAMED else listed
