"""The SQLite file of the records: opened whole or not at all, and set aside once it is corrupt."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from bot.data_folder import prepare_data_folder, touch_private
from bot.errors import RecordsUnavailableError
from bot.services.records.schema import bring_up_to_date

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# Longer than another process's transaction takes, shorter than a person notices.
_BUSY_SECONDS: Final = 0.25
_CORRUPT: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE: Final = 0xFF
_DAMAGED: Final = ".damaged-"
_SUFFIXES: Final = ("", "-wal", "-shm")


class RecordDatabase:
    """One file, used from one thread; every method may wait for the disk and raises RecordsUnavailableError.

    A connection is kept only once its schema stands, so that a failed opening is tried again at the next call.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what `work` reads."""
        return self._run(work)

    def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return the result of `work`, done in one transaction."""
        return self._run(lambda connection: _in_transaction(connection, work))

    def erase(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return the result of `work`, which deletes; what it deleted is in no file of the database afterwards.

        While another process reads, the write-ahead log keeps older pages until the next call.
        """

        def run(connection: sqlite3.Connection) -> Result:
            result = _in_transaction(connection, work)
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return result

        return self._run(run)

    def remove_damaged(self, *, before: datetime | None = None) -> None:
        """Delete the files that were set aside, or those from before `before`."""
        with suppress(OSError):
            for path in self._path.parent.glob(f"{self._path.name}{_DAMAGED}*"):
                if before is None or path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            try:
                return work(self._open())
            except sqlite3.DatabaseError as error:
                if not _is_corrupt(error):
                    raise
                self._set_aside(error)
                return work(self._open())
        except (sqlite3.Error, OSError) as error:
            raise RecordsUnavailableError(f"{self._path}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._path.exists():
            return self._connection
        self.close()  # somebody removed the file: what is written from now on goes into a new one
        prepare_data_folder(self._path.parent)
        touch_private(self._path)  # SQLite gives its other files the mode of this one
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA synchronous = NORMAL")
            _check(connection)
            bring_up_to_date(connection)
        except (sqlite3.Error, OSError):
            connection.close()
            raise
        self._connection = connection
        return connection

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        """Rename a corrupt database, its write-ahead log with it, so that a new one takes its place."""
        self.close()
        aside = f"{self._path.name}{_DAMAGED}{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
        for suffix in _SUFFIXES:
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).replace(self._path.with_name(aside + suffix))
        log.error("%s is corrupt (%s): it was set aside as %s, and a new one is begun", self._path, error, aside)


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Result]) -> Result:
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        return work(connection)


def _check(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError as SQLite itself does if the file is damaged."""
    with closing(connection.execute("PRAGMA quick_check(1)")) as cursor:
        verdict = cursor.fetchone()[0]
    if verdict != "ok":
        error = sqlite3.DatabaseError(verdict.replace("\n", " "))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _is_corrupt(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # missing where Python itself raised it
    return code is not None and code & _PRIMARY_CODE in _CORRUPT
