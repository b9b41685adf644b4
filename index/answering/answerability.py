"""AnswerabilityModel: questions of which it is written down whether the documents answer them, to know when to decline.

Those of the annotations are answered, unanswerable are not. A question leans to the ones that it is like: kernel ridge
regression (Saunders, Gammerman & Vovk 1998) of 1 for answered and 0 for unanswerable over their pooled vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.retrieval.dense import DenseIndex
from index.types import Vector

# Chosen on tests/evaluation/development.jsonl; widths from 0.1 to 0.2 with ridges from 0.003 to 0.1 do alike.
# AUROC of the confidence on facts not seen, by `python -m index calibrate`, is 0.972, and 0.944 with the nearest
# gap in place of the answerability.
_WIDTH = np.float32(0.125)  # of the kernel, in cosine
_RIDGE = 0.03

_MOST = (
    1024  # of either kind: the time to fit goes by the cube, and of the given 1,119 three quarters told as much
)

FOLDER = "answerability"  # in a version

_VECTORS = "vectors.faiss"
_ANSWERED = "answered.npy"
_WEIGHTS = "weights.npy"


class AnswerabilityModel:
    """DenseIndex of questions, which of them are answered, and the weight of each in the answerability."""

    def __init__(self, vectors: DenseIndex, answered: NDArray[np.bool_], weights: Vector) -> None:
        self._vectors = vectors.all()
        self._answered = answered
        self._weights = weights

    @classmethod
    def write(cls, folder: Path, pooled: Sequence[Vector], answered: Sequence[bool]) -> Self:
        """Write questions' vectors into `folder`, which is made, and open them."""
        folder.mkdir()
        vectors, kinds = DenseIndex.build(np.stack(pooled)), np.array(answered)
        weights = _fit(vectors.all(), kinds)
        vectors.save(folder / _VECTORS)
        np.save(folder / _ANSWERED, kinds)
        np.save(folder / _WEIGHTS, weights)
        return cls(vectors, kinds, weights)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `write` wrote."""
        return cls(DenseIndex.load(folder / _VECTORS), np.load(folder / _ANSWERED), np.load(folder / _WEIGHTS))

    @staticmethod
    def read_vectors(folder: Path) -> Vector:
        """Read only the vectors that `write` wrote, in its order: (questions, dimensions)."""
        return DenseIndex.load(folder / _VECTORS).all()

    def nearest_unanswerable(self, question: Vector) -> float:
        """Give the cosine of `question` with the gap nearest to it."""
        return float((self._vectors @ question)[~self._answered].max())

    def answerability(self, question: Vector) -> float | None:
        """Say how far `question` leans to those answered: about 1 for such a one, 0 for a gap and for neither.

        None where none is answered.
        """
        if not self._answered.any():
            return None
        return float(_kernel(self._vectors @ question) @ self._weights)


def label_questions(answered: Iterable[str], unanswerable: Sequence[str]) -> dict[str, bool]:
    """Say of each question whether it is answered; where there are no unanswerable, the others tell nothing either."""
    if not unanswerable:
        return {}
    return dict.fromkeys(_drawn(answered), True) | dict.fromkeys(_drawn(unanswerable), False)


def _drawn(questions: Iterable[str]) -> list[str]:
    """Give each question once, and of too many some, evenly drawn."""
    once = list(dict.fromkeys(questions))
    return [once[at] for at in np.linspace(0, len(once) - 1, min(len(once), _MOST)).round().astype(int)]


def _kernel(cosines: Vector) -> Vector:
    return np.asarray(np.exp((cosines - 1) / _WIDTH), dtype=np.float32)


def _fit(vectors: Vector, answered: NDArray[np.bool_]) -> Vector:
    likeness = _kernel(vectors @ vectors.T).astype(np.float64)
    ridge = _RIDGE * np.eye(len(answered))
    return np.asarray(np.linalg.solve(likeness + ridge, answered.astype(np.float64)), dtype=np.float32)
