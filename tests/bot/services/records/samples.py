"""Records to write, and what is found of them on the disk and in the log."""

from __future__ import annotations

import logging
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.records.query_log import QueryRecord
from index import Outcome

RECORD = QueryRecord(
    "en", Outcome.ANSWERED, confidence=0.9, elapsed_ms=50.0, version="1", question=None, quotes=()
)
DECLINED = replace(RECORD, outcome=Outcome.DECLINED)
ALICE, BOB = 81384788765712384, 175928847299117063
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def on_disk(folder: Path) -> bytes:
    """Return every byte of every file in the folder."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def modes(folder: Path) -> dict[str, int]:
    """Return who may do what with each file in the folder, and with the folder itself as `.`."""
    found = {".": folder, **{path.name: path for path in folder.iterdir()}}
    return {name: stat.S_IMODE(path.stat().st_mode) for name, path in found.items()}
