"""What an encoder needs of a model's run-time, and which one it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import Vector


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """What a model computes for texts, padded to the longest: one row for each text.

    pooled: (texts, dimensions) of the whole texts.
    tokens: (texts, tokens, dimensions).
    ids: (texts, tokens) the vocabulary's numbers.
    offsets: (texts, tokens, 2) each token's range of code points; empty for padding.
    special: (texts, tokens) true for the model's own marks and for padding.
    """

    pooled: Vector
    tokens: Vector
    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    special: NDArray[np.bool_]


class EncoderRuntime(Protocol):
    """Runs one model: onnxruntime or sentence-transformers."""

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights."""

    @property
    def question_prompt(self) -> str:
        """Return what the model wants before a question."""

    @property
    def passage_prompt(self) -> str:
        """Return what the model wants before a passage."""

    def forward(self, texts: Sequence[str]) -> ForwardPass:
        """Return the vectors of `texts`, which are truncated to what the model takes."""
