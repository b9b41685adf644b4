"""Opening the store's index for questions, or the newest intact version in place of a damaged one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import index
from index import Answer, Query, Settings, StoreError, StoreUnreadableError

if TYPE_CHECKING:
    from index import Encoder, Reranker

log = logging.getLogger(__name__)

_MOST_PASSES = 4  # of the model at once, for questions that arrive together; each takes some 5 MB


class AnsweringIndex(Protocol):
    """What the worker needs of an open `index.Index`."""

    @property
    def version(self) -> str:
        """The version that answers."""
        ...

    def ask_many(self, queries: Sequence[Query], *, top: int, document: str | None) -> list[Answer]:
        """Return one answer per query, in order."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """An open index; a fallback replaces a damaged version."""

    index: AnsweringIndex
    is_fallback: bool = False


class IndexOpener(Protocol):
    """Opens the store's current version."""

    def __call__(self, *, recover: bool) -> OpenedIndex:
        """Return the open index; with `recover`, fall back to another version or build one. Raises ChronicleError."""
        ...

    def current(self) -> str | None:
        """Return the name of the store's current version; None if there is none, or it cannot be read."""
        ...


class StoreOpener:
    """Opens the store with models that are loaded once.

    report: called while a start goes on, at every step of unpacking the model or of a first build.
    """

    def __init__(self, settings: Settings, *, report: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._report = report
        self._encoder: Encoder | None = None
        self._reranker: Reranker | None = None

    def current(self) -> str | None:
        """Return the name of the store's current version; None if there is none, or it cannot be read."""
        with suppress(StoreError):
            return index.open_store(self._settings.store).current()
        return None

    def __call__(self, *, recover: bool) -> OpenedIndex:
        """Return the open index; with `recover`, fall back to another version or build one. Raises ChronicleError."""
        settings = self._settings
        encoder = self._encoder
        if encoder is None:
            encoder = self._encoder = index.load_encoder(
                settings.model,
                threads=settings.threads,
                passes=min(_MOST_PASSES, os.cpu_count() or 1),
                report=lambda *_: self._report(),
                runtime=settings.runtime,
            )
            self._reranker = index.load_reranker(settings.reranker, threads=settings.threads)
        try:
            return self._open(encoder)
        except StoreUnreadableError:  # not damaged: no other version takes its place
            raise
        except StoreError as error:
            if not recover:
                raise
            fallback = self._open_fallback(encoder)
            if fallback is not None:
                log.warning("%s; version %s answers meanwhile", error, fallback.index.version)
                return fallback
            if index.open_store(
                settings.store
            ).is_rolled_back():  # what is newer was withdrawn: only a person builds it
                raise
            log.warning("%s; building it now", error)
        index.build_store(
            settings.documents,
            settings.store,
            encoder,
            keep=settings.keep_versions,
            progress=lambda *_: self._report(),
        )
        return self._open(encoder)

    def _open(self, encoder: Encoder, *, version: str | None = None) -> OpenedIndex:
        settings = self._settings
        policy = index.AnswerPolicy.of(settings)
        opened = index.Index.open(settings.store, encoder, policy=policy, version=version, reranker=self._reranker)
        opened.warm_up()
        return OpenedIndex(opened, is_fallback=version is not None)

    def _open_fallback(self, encoder: Encoder) -> OpenedIndex | None:
        """Return the newest intact version before and make it current, so that a failing build goes on serving it."""
        for version in index.open_store(self._settings.store).fallbacks():
            self._report()
            try:
                opened = self._open(encoder, version=version)
            except StoreError:
                continue
            with suppress(StoreError):  # locked or read-only: the version answers all the same
                index.open_store(self._settings.store).fall_back(version)
            return opened
        return None
