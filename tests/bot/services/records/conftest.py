"""A query log in a folder that does not exist yet, and a lock on its database."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.services.records.query_log import QueryLog


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
async def query_log(folder: Path) -> AsyncIterator[QueryLog]:
    query_log = QueryLog(folder)
    yield query_log
    await query_log.close()


@pytest.fixture
def locked(folder: Path) -> Callable[[], sqlite3.Connection]:
    """Return a function that locks the database as another process's backup or viewer does."""

    def lock() -> sqlite3.Connection:
        folder.mkdir(parents=True, exist_ok=True)
        other = sqlite3.connect(folder / "query_log.sqlite3", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        return other

    return lock
