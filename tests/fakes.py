"""A seeded encoder in place of the model: equal words have equal vectors, and nothing is loaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np

from index.answering.confidence.calibration import read_calibration
from index.answering.confidence.calibration_choice import BUNDLED
from index.types import Encoding, Vector

DIMENSIONS = 384  # as the bundled model has, whose front desk a build takes over and whose reader an index uses
_DIFFERENT = 32  # numbers, repeated: different words stay as unlike one another as in so few dimensions

# One token for a Han character, a word, a number, and anything else that shows.
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W\d_\u3400-\u9fff]+|\d+|[^\s]")


@dataclass
class FakeEncoder:
    """An `index.types.Encoder` whose vectors are hashes of words; it keeps what it was asked to encode.

    By default it calls itself the model that the bundled calibration is for: opening an index warns of others.
    """

    fingerprint: str = read_calibration(BUNDLED).model
    passages: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def encoded(self) -> int:
        """How many passages' texts were encoded so far; questions, and probes among them, do not count."""
        return len(self.passages)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions."""
        self.questions += texts
        return [encode(text) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; the same words as in a question have the same vectors."""
        self.passages += texts
        return [encode(text) for text in texts]


@lru_cache(maxsize=4096)
def encode(text: str) -> Encoding:
    """Encode one text: a token for each word or Han character, and their mean as the whole."""
    found = [(match.group(), *match.span()) for match in _TOKEN.finditer(text)] or [("", 0, len(text))]
    tokens = np.stack([_vector(word) for word, _, _ in found])
    return Encoding(
        pooled=_unit(tokens.sum(axis=0)),
        tokens=tokens,
        ids=np.array([_seed(word) for word, _, _ in found], dtype=np.int32),
        offsets=np.array([span for _, *span in found], dtype=np.int32),
    )


def _seed(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big") >> 1


@cache
def _vector(word: str) -> Vector:
    different = np.random.default_rng(_seed(word)).standard_normal(_DIFFERENT).astype(np.float32)
    return _unit(np.tile(different, DIMENSIONS // _DIFFERENT))


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)
