"""Build a folder and ask it, end to end, with the fake encoder or the real model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from index.answering.engine import Index
from index.indexing.builder import build_store
from index.types import Answer, Encoder
from tests.fakes import FakeEncoder

Files: TypeAlias = Mapping[str, str | bytes]
Ask: TypeAlias = Callable[..., Answer]

OTHERS = {
    "bakery.md": "# Bakery\n\nFresh rolls are sold from six in the morning.\n",
    "ferry.md": "# 渡輪\n\n渡輪每三十分鐘一班，末班車是晚上十一點。\n",
    "sauna.md": "# Sauna\n\nThe sauna is heated on Wednesdays and Saturdays.\n",
}
MOST = 50


def open_files(files: Files, place: Path, encoder: Encoder) -> Index:
    """Write files in `place`, build them, and open the index."""
    folder = place / "folder"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    build_store(folder, place / "folder-store", encoder)
    return Index.open(place / "folder-store", encoder)


@pytest.fixture
def build(tmp_path: Path) -> Callable[[Files, Encoder], Index]:
    """Return a function that writes files, builds them, and opens the index."""
    return lambda files, encoder: open_files(files, tmp_path, encoder)


@pytest.fixture
def ask(build: Callable[[Files, Encoder], Index]) -> Ask:
    """Return a function that answers a question from files with the fake encoder; the list is as long as it can be."""

    def ask(question: str, files: Files) -> Answer:
        return build(files, FakeEncoder()).ask(question, top=MOST)

    return ask
