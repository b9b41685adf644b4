"""When to decline: which questions the documents are known to answer, and which not.

The questions of the annotations and the documents' own sentences are answered, the questions of `unanswerable.toml`
are not. A question is answerable as far as it resembles the former: kernel ridge regression (Saunders, Gammerman &
Vovk 1998) over pooled vectors, with the target 1 for what is answered and 0 for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.types import Vector

VERSION = 2  # raise it when the weights fitted to the same questions change

# Chosen on tests/evaluation/development.jsonl; widths of 0.1 to 0.2 with ridges of 0.003 to 0.1 do alike. The
# confidence's AUROC on facts not seen (`python -m index calibrate`) is 0.972, and 0.944 with the cosine of the
# nearest unanswerable question instead.
_KERNEL_WIDTH = np.float32(0.125)  # in cosine
_RIDGE = 0.03

# Of either kind, since fitting takes cubic time. Of the given documents' 1,119 written and unanswerable questions three
# quarters do as well.
_MAX_QUESTIONS = 1024

FOLDER = "answerability"  # in a version

_VECTORS = "vectors.npy"
_ANSWERED = "answered.npy"
_WEIGHTS = "weights.npy"


class AnswerabilityModel:
    """Vectors of questions, whether each is answered, and the fitted weight of each."""

    def __init__(self, vectors: Vector, answered: NDArray[np.bool_], weights: Vector) -> None:
        self._vectors = vectors
        self._answered = answered
        self._weights = weights

    @classmethod
    def write(cls, folder: Path, pooled: Sequence[Vector], answered: Sequence[bool]) -> Self:
        """Fit a model to questions' vectors and write it into a new `folder`."""
        folder.mkdir()
        vectors, labels = np.stack(pooled), np.array(answered)
        weights = _fit(vectors, labels)
        np.save(folder / _VECTORS, vectors)
        np.save(folder / _ANSWERED, labels)
        np.save(folder / _WEIGHTS, weights)
        return cls(vectors, labels, weights)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return what `write` wrote. Raises OSError, ValueError."""
        return cls(cls.read_vectors(folder), np.load(folder / _ANSWERED), np.load(folder / _WEIGHTS))

    @staticmethod
    def read_vectors(folder: Path) -> Vector:
        """Return only the questions' vectors, in the order of `write`: (questions, dimensions)."""
        return np.asarray(np.load(folder / _VECTORS), dtype=np.float32)

    def nearest_unanswerable(self, question: Vector) -> float:
        """Return the cosine of `question` with the nearest unanswerable question."""
        return float((self._vectors @ question)[~self._answered].max())

    def answerability(self, question: Vector) -> float | None:
        """Return about 1 for a question like the answered ones, 0 for one like the others or like none.

        None if no question is answered.
        """
        if not self._answered.any():
            return None
        return float(_kernel(self._vectors @ question) @ self._weights)


def label_questions(answered: Iterable[str], unanswerable: Sequence[str]) -> dict[str, bool]:
    """Return each question with whether it is answered; empty without unanswerable ones: the model needs both."""
    if not unanswerable:
        return {}
    return dict.fromkeys(_sample(answered), True) | dict.fromkeys(_sample(unanswerable), False)


def _sample(questions: Iterable[str]) -> list[str]:
    """Return each question once; of too many an evenly spaced sample."""
    distinct = list(dict.fromkeys(questions))
    count = min(len(distinct), _MAX_QUESTIONS)
    return [distinct[number] for number in np.linspace(0, len(distinct) - 1, count).round().astype(int)]


def _kernel(cosines: Vector) -> Vector:
    return np.asarray(np.exp((cosines - 1) / _KERNEL_WIDTH), dtype=np.float32)


def _fit(vectors: Vector, answered: NDArray[np.bool_]) -> Vector:
    gram = _kernel(vectors @ vectors.T).astype(np.float64)
    ridge = _RIDGE * np.eye(len(answered))
    return np.asarray(np.linalg.solve(gram + ridge, answered.astype(np.float64)), dtype=np.float32)
