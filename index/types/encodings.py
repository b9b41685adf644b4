"""Encoded texts, the encoder and the reranker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one forward pass says of one text.

    pooled: (dimensions,) unit vector of the whole text.
    tokens: (tokens, dimensions) unit vectors, without the prompt's and the special tokens.
    ids: (tokens,) the vocabulary's numbers.
    offsets: (tokens, 2) each token's range in the encoded text.
    """

    pooled: Vector
    tokens: Vector
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Encoder(Protocol):
    """Turns normalized text into vectors; `fingerprint` changes whenever they would."""

    @property
    def fingerprint(self) -> str:
        """Return what names the weights and how they are used."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions; in order."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; in order."""


class Reranker(Protocol):
    """A model that reads question and passage together; it may fail, and is then left out from there on."""

    @property
    def fingerprint(self) -> str:
        """Return what names the weights."""

    @property
    def fault(self) -> str | None:
        """Return why it reads no more, in one line; None while it does."""

    def scores(self, question: str, passages: Sequence[str]) -> Vector | None:
        """Return one score for each passage, (passages,), on any scale; None if it has failed."""
