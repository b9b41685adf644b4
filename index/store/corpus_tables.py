"""The tables of a stored corpus: arrays that are mapped, and the words, read on first use."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from index.corpus.tables import Columns, CorpusTables, Sketches
from index.errors import REBUILD, StoreError
from index.store.files import read_file
from index.text.spelling.vocabulary import Vocabulary

_WORDS = "words.json"


@dataclass(frozen=True, slots=True)
class _Words:
    """A vocabulary: its words, how often each occurs, and their stems."""

    words: list[str]
    counts: list[int]
    stems: list[str]


_WORDS_ADAPTER = TypeAdapter(_Words)


def save_tables(tables: CorpusTables, folder: Path) -> None:
    """Write `tables` into the folder of a corpus."""
    for part in (tables.columns, tables.sketches):
        for field in fields(part):
            np.save(_array(folder, field.name), getattr(part, field.name))
    words = tables.vocabulary
    stored = _Words(list(words.counts), list(words.counts.values()), sorted(words.stems))
    (folder / _WORDS).write_bytes(_WORDS_ADAPTER.dump_json(stored))


class StoredTables:
    """What `save_tables` wrote into `folder`; the arrays raise OSError or ValueError if they are damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def columns(self) -> Columns:
        """Which passage has which representations."""
        return Columns(**{field.name: _mapped(self._folder, field.name) for field in fields(Columns)})

    @cached_property
    def sketches(self) -> Sketches:
        """By which copies are found."""
        return Sketches(**{field.name: _mapped(self._folder, field.name) for field in fields(Sketches)})

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the representations. Raises StoreError."""
        path = self._folder / _WORDS
        try:
            stored = _WORDS_ADAPTER.validate_json(read_file(path))
            return Vocabulary(dict(zip(stored.words, stored.counts, strict=True)), frozenset(stored.stems))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} is damaged; {REBUILD}") from error


def _array(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"


def _mapped(folder: Path, name: str) -> NDArray[Any]:
    """Return an array as a plain one: each slice of a `memmap` costs ten times as much."""
    return np.asarray(np.load(_array(folder, name), mmap_mode="r"))
