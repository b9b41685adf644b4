"""The engine's scores of the passages that are read, by themselves and against one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np

from index.types import Vector

_LEAST_SPREAD = np.float32(1e-3)


@dataclass(frozen=True, slots=True)
class PassageScores:
    """What the engine says of one passage's own words.

    whole, sentence, in_context: late interaction with all of its tokens, with its best segment, and with that and what
    stands above and before it. headings: late interaction with its title and headings. dense: the cosine of the pooled
    vectors. bm25: BM25. coverage: the share of the question's terms, weighted by rarity, that it holds.
    """

    whole: float
    sentence: float
    in_context: float
    headings: float
    dense: float
    bm25: float
    coverage: float


_COMPARED = (0, 1, 2, 4, 5, 6)  # all but that of the headings
_STANDARDIZED = (0, 2, 3, 4)  # of the compared ones: whole, in context, dense, BM25
_OWN = len(fields(PassageScores))
_SHARED = 4
WIDTH = _OWN + len(_COMPARED) + len(_STANDARDIZED) + _SHARED


@dataclass(frozen=True, slots=True)
class ComparedScores:
    """The scores of the passages that are read, as the reader takes them.

    table: (passages, WIDTH): each passage's own scores; its leads, by how much they exceed the mean of the others';
    some of them in deviations from the mean of all; then the logarithm of the question's tokens, whether the passage is
    in another language, and the mean and the spread of late interaction behind the first passage.
    """

    table: Vector

    @classmethod
    def of(cls, scores: Sequence[PassageScores], *, tokens: int, crosses: Sequence[bool]) -> ComparedScores:
        """Compare the scores of passages, the engine's first first.

        tokens: of the question. crosses: for each passage, whether its language is another than the question's.
        """
        own = np.array([astuple(each) for each in scores], dtype=np.float32)
        count, values = len(own), own[:, _COMPARED]
        total = values.sum(axis=0)
        leads = values - (total - values) / max(count - 1, 1)
        mean = total / count
        spread = np.sqrt(((values - mean) ** 2).mean(axis=0)) + _LEAST_SPREAD
        behind = own[1:, 0] if count > 1 else own[:, 0]
        shared = np.empty((count, _SHARED), dtype=np.float32)
        shared[:, 0], shared[:, 1] = np.log1p(tokens), crosses
        shared[:, 2], shared[:, 3] = behind.mean(), behind.std()
        deviations = ((values - mean) / spread)[:, _STANDARDIZED]
        return cls(np.concatenate([own, leads, deviations, shared], axis=1, dtype=np.float32))


_NAMES = (
    *(field.name for field in fields(PassageScores)),
    *(f"{fields(PassageScores)[at].name} lead" for at in _COMPARED),
    *(f"{fields(PassageScores)[_COMPARED[at]].name} deviation" for at in _STANDARDIZED),
    "length",
    "crosses",
    "mean",
    "spread",
)


def column(name: str) -> int:
    """Return which column of a table has what is called so: a score, its `lead` or `deviation`, or what all share."""
    return _NAMES.index(name)
