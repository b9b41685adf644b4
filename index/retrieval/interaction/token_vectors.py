"""The token vectors of a question and of passages, as a reader takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.types import Vector

MOST_TOKENS = 200  # of a passage; it has some 100, and what is longer is cut


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The centered unit vectors of a passage's tokens, (tokens, dimensions); the first `headings` are its headings'."""

    vectors: Vector
    headings: int


@dataclass(frozen=True, slots=True)
class ReadTokens:
    """What is read together.

    asked: (question tokens, dimensions) centered unit vectors. weights: (question tokens,) that sum to 1.
    """

    asked: Vector
    weights: Vector
    passages: tuple[PassageTokens, ...]

    def padded(self) -> tuple[Vector, Vector, Vector]:
        """Return the passages' vectors, (passages, tokens, dimensions), which of them are tokens, and of headings.

        The last two are (passages, tokens) of 0 and 1.
        """
        lengths = [min(len(each.vectors), MOST_TOKENS) for each in self.passages]
        shape = len(lengths), max(1, *lengths)
        vectors = np.zeros((*shape, self.asked.shape[1]), dtype=np.float32)
        tokens, headings = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        for row, (passage, length) in enumerate(zip(self.passages, lengths, strict=True)):
            vectors[row, :length] = passage.vectors[:length]
            tokens[row, :length] = 1
            headings[row, : min(passage.headings, length)] = 1
        return vectors, tokens, headings
