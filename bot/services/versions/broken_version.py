"""The version that the worker cannot be started with, and the way back to the one before, once."""

from __future__ import annotations

import logging
from pathlib import Path

import index
from index import MilvusAddress, StoreError

log = logging.getLogger(__name__)


class BrokenVersion:
    """Goes back to the version before; if that does not start either, the version was not at fault.

        nothing suspected ──go_back──▶ the version suspected, the one before current
                                          │ go_back
                                          ▼
                                       cleared: the version current again, until `forget`

    `go_back` reads and writes the store: call it in a thread.
    """

    def __init__(self, store: Path | MilvusAddress) -> None:
        self._store = store
        self._suspect: str | None = None
        self._withdrawn: frozenset[str] = frozenset()  # before it was gone back from
        self._is_cleared = False

    @property
    def version(self) -> str | None:
        """The version that was gone back from, if it still is."""
        return None if self._is_cleared else self._suspect

    def forget(self) -> None:
        """Suspect nothing: a person has chosen or built a version, and it answers."""
        self._suspect, self._is_cleared = None, False

    def go_back(self) -> bool:
        """Make another version current than the one that does not start; return False if that is of no use."""
        if self._is_cleared:
            return False
        store = index.open_store(self._store)
        try:
            if self._suspect is None:
                self._suspect, self._withdrawn = store.current(), store.withdrawn()
                before = store.rollback()
                log.error(
                    "worker: it does not start with version %s; version %s is current", self._suspect, before
                )
            else:
                self._is_cleared = True
                store.rollback(self._suspect, withdrawn=self._withdrawn)
                log.error("worker: nor does it start with the version before; %s is current again", self._suspect)
        except StoreError as error:
            self._is_cleared = True
            log.warning("worker: no other version can be tried: %s", error)
            return False
        return True
