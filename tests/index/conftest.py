"""A small documents folder, an empty store, and an encoder that loads nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.answering.confidence.background import Background
from index.answering.engine import Index
from index.indexing import embedding_reuse
from index.indexing.builder import build_store
from index.types import BuildReport
from tests.fakes import FakeEncoder
from tests.index.backgrounds import measure_once

MARKDOWN = """\
---
layout: post
---

# 駱馬的興衰

駱馬模型在二零二三年發布，開源社群非常興奮。很多人下載了它。

## 人才流失

十四位作者之中只剩三位留任。其餘十一位相繼離開公司。

團隊的經驗因此流失，新模型一再延期。

## 參考資料

- [A slow death](https://example.org/slow)
- [Talent](https://example.org/talent)
"""

TEXT = """\
CLICK HERE NOW
The alpaca paper
Alpacas were trained on synthetic data. The cost was six hundred dollars.
Nobody expected the demo to be taken down a week later.
(THE END) BUY SHOES"""

CATALOG = """\
[starters]
en = ["What did it cost?"]

[[document]]
file = "llama.md"
title = "駱馬的興衰"
language = "zh-Hant"
references = "參考資料"
provenance = { en = "a note" }

[[document]]
file = "alpaca.txt"
title = "The alpaca paper"
language = "en"
skip = ["CLICK HERE NOW", "(THE END) BUY SHOES"]
"""

Build = Callable[[], BuildReport]


@pytest.fixture(autouse=True)
def _unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave flushing to the system: it takes most of a small build's time, and only a power cut would tell."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture(autouse=True)
def _background_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure the background of equal documents once; a module that tests it has a fixture of this name."""
    monkeypatch.setattr(Background, "measure", measure_once)


@pytest.fixture(autouse=True)
def _small_front_desk(small_front_desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds take over a small front desk."""
    monkeypatch.setattr(embedding_reuse, "BUNDLED", small_front_desk)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder with a Markdown and a plain-text document, and their catalog."""
    return write_documents(tmp_path / "documents")


def write_documents(folder: Path) -> Path:
    """Make `folder` with the documents of `documents`, and return it."""
    folder.mkdir()
    (folder / "llama.md").write_text(MARKDOWN, "utf-8")
    (folder / "alpaca.txt").write_text(TEXT, "utf-8")
    (folder / "catalog.toml").write_text(CATALOG, "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the place for a store; nothing is there yet."""
    return tmp_path / "store"


@pytest.fixture
def encoder() -> FakeEncoder:
    """Return the fake encoder that `build` and `opened` use."""
    return FakeEncoder()


@pytest.fixture
def build(documents: Path, store: Path, encoder: FakeEncoder) -> Build:
    """Return a function that brings `store` up to date with `documents`."""
    return lambda: build_store(documents, store, encoder)


@pytest.fixture
def opened(build: Build, store: Path, encoder: FakeEncoder) -> Index:
    """Return the open index of `documents`."""
    build()
    return Index.open(store, encoder)
