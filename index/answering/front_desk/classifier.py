"""A classifier of messages that are no question of the documents, over the pooled vector of what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.answering.front_desk.examples import examples_fingerprint, front_desk_examples
from index.types import Encoder, FrontDeskIntent, Vector

FRONT_DESK = "front_desk.npz"  # in a version
# That of a version built with the bundled model, so that nobody's first build has to encode the examples.
BUNDLED: Final = Path(__file__).with_name("bundled.npz")

_INTENTS: Final = tuple(FrontDeskIntent)

# On the examples, each left out of the fit in turn, and on the real-talk questions widths of 0.2 to 0.5 do alike.
_WIDTH = 0.3  # of the kernel, in means of the distance 1 - cosine of two examples
_RIDGE = 0.1
# Of the examples that are to be left alone, which were written to be hard, this share may score as high as what is
# replied to. Of the real-talk questions that is all of the 12 of small talk, and 1 of the other 188.
_FALSE_ALARMS = 0.015
_LEAST_THRESHOLD = 0.5  # half of what an example scores that is replied to

_STEP = 32  # texts between two calls of `progress`


@dataclass(frozen=True, slots=True, eq=False)
class FrontDesk:
    """Kernel ridge regression (Saunders, Gammerman & Vovk 1998) of the intents on pooled vectors.

    vectors: (examples, dimensions). weights: (examples, intents). width: of the kernel, in cosine. threshold: a
    message has an intent from this sum of all intents' scores on. model: the encoder's fingerprint. fitted_to: that of
    the examples and of how they were fitted.
    """

    vectors: Vector
    weights: Vector
    width: float
    threshold: float
    model: str
    fitted_to: str

    @classmethod
    def fit(cls, encoder: Encoder, progress: Callable[[int, int], None]) -> Self:
        """Return the front desk for an encoder; `progress` receives how many of how many examples are encoded."""
        examples = front_desk_examples()
        vectors: list[Vector] = []
        for start in range(0, len(examples), _STEP):
            progress(start, len(examples))
            texts = [each.text for each in examples[start : start + _STEP]]
            vectors += (each.pooled for each in encoder.encode_questions(texts))
        targets = np.array([[each.intent is intent for intent in _INTENTS] for each in examples], dtype=np.float64)
        return cls.of(np.stack(vectors), targets, model=encoder.fingerprint)

    @classmethod
    def of(cls, vectors: Vector, targets: NDArray[np.float64], *, model: str) -> Self:
        """Return the regression of `targets` (examples, intents), 1 for the intent of an example, on `vectors`.

        The threshold is where enough examples without an intent stay below it when each is left out of the fit
        (Rasmussen & Williams 2006, equation 5.12).
        """
        vectors = vectors.astype(np.float16).astype(np.float32)  # as they are stored
        cosines = vectors @ vectors.T
        width = _WIDTH * float(1 - cosines.mean())
        gram = _kernel(cosines, width).astype(np.float64)
        inverse = np.linalg.inv(gram + _RIDGE * np.eye(len(gram)))
        weights = inverse @ targets
        left_out = (targets - weights / inverse.diagonal()[:, None]).sum(axis=1)
        others = left_out[targets.sum(axis=1) == 0]
        highest = float(np.quantile(others, 1 - _FALSE_ALARMS)) if others.size else 0.0
        threshold = max(highest, _LEAST_THRESHOLD)
        return cls(vectors, weights.astype(np.float32), width, threshold, model, fit_fingerprint())

    def suits(self, model: str) -> bool:
        """Return whether it was fitted to today's examples with the encoder of that fingerprint."""
        return self.model == model and self.fitted_to == fit_fingerprint()

    def intent(self, question: Vector) -> FrontDeskIntent | None:
        """Return what a message with that pooled vector wants; None if it is to be looked up in the documents."""
        scores = _kernel(self.vectors @ question, self.width) @ self.weights
        return _INTENTS[int(scores.argmax())] if float(scores.sum()) >= self.threshold else None

    def save(self, folder: Path) -> None:
        """Write the front desk into the folder of a version."""
        np.savez(
            folder / FRONT_DESK,
            vectors=self.vectors.astype(np.float16),
            weights=self.weights,
            scale=np.array([self.width, self.threshold]),
            names=np.array([self.model, self.fitted_to]),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return what `save` wrote into the file at `path`. Raises OSError, ValueError."""
        try:
            with np.load(path) as stored:
                vectors, weights = stored["vectors"].astype(np.float32), stored["weights"]
                width, threshold = (float(value) for value in stored["scale"])
                model, fitted_to = (str(name) for name in stored["names"])
        except (KeyError, TypeError, EOFError, BadZipFile) as error:
            raise ValueError(f"{path} is damaged") from error
        if vectors.ndim != 2 or weights.shape != (len(vectors), len(_INTENTS)):
            raise ValueError(f"{path} is of other intents")
        return cls(vectors, weights, width, threshold, model, fitted_to)


def fit_fingerprint() -> str:
    """Return what changes whenever the examples do, or how a front desk is fitted to them."""
    constants = (_WIDTH, _RIDGE, _FALSE_ALARMS, _LEAST_THRESHOLD)
    return hashlib.sha256(repr((examples_fingerprint(), constants)).encode()).hexdigest()[:16]


def _kernel(cosines: Vector, width: float) -> Vector:
    return np.asarray(np.exp((cosines - 1) / np.float32(width)), dtype=np.float32)
