"""The content of one index version, loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.answering.confidence.answerability import FOLDER, AnswerabilityModel
from index.answering.confidence.background import Background
from index.answering.front_desk.classifier import FRONT_DESK, FrontDesk
from index.corpus.corpus import Corpus
from index.errors import REBUILD, StoreError
from index.retrieval.backend import RetrievalBackend
from index.retrieval.opening import open_indexes
from index.store.serialization import load_corpus


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """A corpus, its indexes, its background and, where there are questions for it, its answerability model.

    front_desk: tells what is no question of the corpus.
    """

    corpus: Corpus
    hybrid: RetrievalBackend
    background: Background
    answerability: AnswerabilityModel | None
    front_desk: FrontDesk

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the content of the version in `folder`. Raises StoreError."""
        return cls.of(load_corpus(folder), folder)

    @classmethod
    def of(cls, corpus: Corpus, folder: Path) -> Self:
        """Return `corpus` with its indexes in `folder`. Raises StoreError."""
        try:
            background = Background.load(folder)
            front_desk = FrontDesk.load(folder / FRONT_DESK)
            model = AnswerabilityModel.load(folder / FOLDER) if (folder / FOLDER).exists() else None
        except (OSError, ValueError) as error:
            raise StoreError(f"{folder} is damaged; {REBUILD}") from error
        return cls(corpus, open_indexes(folder), background, model, front_desk)
