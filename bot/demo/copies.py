"""Copies of the documents and of the store, on which a demo may rebuild and roll back."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import index
from bot.errors import BotError
from bot.settings import BotSettings
from bot.worker.build_process import BuildRunner
from index import DocumentsError, MilvusAddress, ModelError, StoreError


async def copy_library(settings: BotSettings, folder: Path) -> BotSettings:
    """Return `settings` with copies of the documents and of the store below `folder`; build the store if there is none.

    Raises DocumentsError, ModelError.
    """
    if not await asyncio.to_thread(_has_version, settings.store):
        print("Building the index, once …", flush=True)
        try:
            await BuildRunner(settings.library()).run(lambda _progress: None)
        except BotError as error:
            raise ModelError("the index cannot be built: the line above says why") from error
    copies = {"documents": folder / "documents", "store": folder / "store"}
    store = await asyncio.to_thread(_store_folder, settings.store)
    for source, copy in zip((settings.documents, store), copies.values(), strict=True):
        await asyncio.to_thread(_copy, source, copy)
    return settings.model_copy(update=copies)


def _has_version(store: Path | MilvusAddress) -> bool:
    try:
        index.open_store(store).info()
    except StoreError:
        return False
    return True


def _store_folder(store: Path | MilvusAddress) -> Path:
    """Return the folder of `store`, where the current version is now. Raises StoreError."""
    return index.open_store(store).read_current(lambda version: version.parent.parent)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder: links as links, and no pipes and devices. Raises DocumentsError."""

    def not_files(folder: str, names: list[str]) -> list[str]:
        paths = (Path(folder, name) for name in names)
        return [path.name for path in paths if not (path.is_symlink() or path.is_dir() or path.is_file())]

    try:
        shutil.copytree(source, target, symlinks=True, ignore=not_files)
    except (OSError, shutil.Error) as error:
        raise DocumentsError(f"{source} cannot be copied for the demo: {error}") from error
