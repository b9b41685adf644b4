"""All that a question is matched against: FAISS, BM25 and token vectors over the same numbered views."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.errors import StoreError
from index.keywords import Keywords
from index.rerank import TokenVectors
from index.types import Encoder, Encoding
from index.vectors import Vectors
from index.views import View

_VECTORS = "vectors.faiss"
_KEYWORDS = "keywords"
_TOKENS = "tokens"
_STEP = 32  # texts between two reports of progress


class Matching:
    """Three indexes; view `n` is number `n` in each."""

    def __init__(self, vectors: Vectors, keywords: Keywords, tokens: TokenVectors) -> None:
        self.vectors = vectors
        self.keywords = keywords
        self.tokens = tokens

    @classmethod
    def build(
        cls,
        views: Sequence[View],
        encoder: Encoder,
        *,
        known: Mapping[str, Encoding],
        report: Callable[[str, int, int], None],
    ) -> tuple[Self, int]:
        """Index `views`, taking encodings by text hash from `known`; also say how many were encoded."""
        by_hash = dict(known)
        missing = list(
            {text_hash(view.text): view.text for view in views if text_hash(view.text) not in by_hash}.items()
        )
        for start in range(0, len(missing), _STEP):
            report("encode", start, len(missing))
            batch = missing[start : start + _STEP]
            by_hash.update(
                zip((key for key, _ in batch), encoder.encode_passages([text for _, text in batch]), strict=True)
            )
        encodings = [by_hash[text_hash(view.text)] for view in views]
        report("index", 0, 1)
        vectors = Vectors.build(np.stack([encoding.pooled for encoding in encodings]))
        keywords = Keywords.build([view.text for view in views])
        return cls(vectors, keywords, TokenVectors.build(views, encodings, encoder)), len(missing)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote into a version's folder. Raises StoreError."""
        try:
            return cls(
                Vectors.load(folder / _VECTORS),
                Keywords.load(folder / _KEYWORDS),
                TokenVectors.load(folder / _TOKENS),
            )
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} is damaged; run `python -m index build`") from error

    def save(self, folder: Path) -> None:
        """Write the three indexes into `folder`."""
        self.vectors.save(folder / _VECTORS)
        self.keywords.save(folder / _KEYWORDS)
        self.tokens.save(folder / _TOKENS)


def earlier_encodings(folder: Path, views: Sequence[View]) -> dict[str, Encoding]:
    """Give the encodings of a version's views by the hash of their text."""
    matching = Matching.load(folder)
    return {
        text_hash(view.text): matching.tokens.encoding(number, matching.vectors.vector(number))
        for number, view in enumerate(views)
    }


def text_hash(text: str) -> str:
    """Name a folded text by its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
