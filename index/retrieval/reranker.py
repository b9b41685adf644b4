"""What ranking needs of a reranker: a model that reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.types import Vector


class Reranker(Protocol):
    """Scores passages for one question; only the order of the scores counts."""

    def scores(self, question: str, passages: Sequence[str]) -> Vector:
        """Return one score for each passage: (passages,)."""
