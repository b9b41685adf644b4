"""Which sentences of a hit are highlighted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from index.types import Hit

# A second sentence is highlighted if its score is within this of the best, in units of MaxSim. On
# tests/evaluation/development.jsonl the highlight meets the evidence, and is this share of the passage: with 0:
# 0.935, 0.27; 0.025: 0.964, 0.30; 0.05: 0.982, 0.33; 0.1: 0.988, 0.40.
HIGHLIGHT_MARGIN = 0.05
MAX_HIGHLIGHTS = 2


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage that is to be quoted, by its number, with the numbers of its highlighted sentences and of the best."""

    passage: int
    score: float
    sentences: tuple[int, ...]
    best: int | None = None

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Return the selection of `hit` with its best sentences highlighted."""
        return cls(hit.passage, hit.score, best_sentences(hit), hit.sentences.index(max(hit.sentences)))


def best_sentences(hit: Hit) -> tuple[int, ...]:
    """Return the number of the best sentence, and of another that is as good, in the order of the text."""
    best = max(hit.sentences)
    ranked = sorted(range(len(hit.sentences)), key=lambda number: -hit.sentences[number])[:MAX_HIGHLIGHTS]
    return tuple(number for number in sorted(ranked) if hit.sentences[number] >= best - HIGHLIGHT_MARGIN)
