"""Token vectors in whole numbers of 8 or 4 bits, and their products with a question's, by onnxruntime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.types import Vector

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# A graph of one node, MatMulInteger; written by `python -m tests.bundled_graph`. It takes a fifth of the time of the
# product of float32, which would have to be decoded besides.
_GRAPH = "products.onnx"

# The width of a step by the number of bits, in the root mean square of a unit vector's components. Of 64 questions to
# 190 passages each of the folder cairn-rpg, 0.994 of the first ten by MaxSim stay so with 8 bits, 0.956 with 4 and 0.85
# with 2. Of centroids of k-means in place of vectors, one to 20 tokens (PLAID, Santhanam et al. 2022), 0.57 stay, and
# 0.91 are among 48: the token vectors of a model that was not trained for late interaction hardly cluster.
_STEPS = {8: 0.04, 4: 0.33}
_MOST_INT16 = 32767  # a pair of products is added up in 16 bits where the processor has no instruction for four


@dataclass(frozen=True, slots=True)
class TokenCodec:
    """Encodes each component of unit vectors by itself, so that what was decoded has the same code again.

    offset: (dimensions,) subtracted first; vectors of one model nearly share a direction. bits: of a component.
    """

    offset: Vector
    bits: int

    @property
    def width(self) -> int:
        """The bytes of one vector."""
        return -(-len(self.offset) * self.bits // 8)

    def encode(self, vectors: Vector) -> NDArray[np.uint8]:
        """Return the codes of unit vectors (rows, dimensions): (rows, width)."""
        nearest = np.rint((vectors - self.offset) / self._step + self._middle)
        codes: NDArray[np.uint8] = np.clip(nearest, 0, self._highest).astype(np.uint8)
        if self.bits == 8:
            return codes
        high = codes[:, self.width :]
        codes[:, : high.shape[1]] |= high << 4
        return np.ascontiguousarray(codes[:, : self.width])

    def decode(self, codes: NDArray[np.uint8]) -> Vector:
        """Return the vectors (rows, dimensions) of codes, which are nearly unit vectors."""
        numbers = self._numbers(codes)[:, : len(self.offset)]
        return np.asarray((numbers - self._middle) * self._step + self.offset, dtype=np.float32)

    def products(self, asked: Vector, blocks: Iterable[NDArray[np.uint8]]) -> Vector:
        """Return the inner products of vectors `asked` with those of the codes in `blocks` in turn: (asked, rows)."""
        rounded, scale = rounded_questions(asked, most=min(127, _MOST_INT16 // (2 * self._highest)))
        factors = np.zeros((self.width * 8 // self.bits, len(asked)), dtype=np.int8)
        factors[: asked.shape[1]] = rounded.T
        run = _session().run
        found = [run(None, {"codes": self._numbers(codes), "asked": factors})[0].T for codes in blocks]
        return self.products_of(np.concatenate(found, axis=1), asked, rounded, middle=self._middle, scale=scale)

    def products_of(
        self,
        numbers: NDArray[np.int32],
        asked: Vector,
        rounded: NDArray[np.int8],
        *,
        middle: np.float32,
        scale: Vector,
    ) -> Vector:
        """Return the inner products (asked, rows) whose whole `numbers` those of rounded questions with codes are.

        middle: the code, in whatever range, of a component that equals the offset's.
        """
        factor = scale * self._step
        sums = rounded.sum(axis=1, dtype=np.int64)[:, np.newaxis].astype(np.float32)
        found: Vector = np.multiply(numbers, factor, dtype=np.float32)
        found += (asked @ self.offset)[:, np.newaxis] - middle * sums * factor
        return found

    @property
    def _highest(self) -> int:
        return int(2**self.bits) - 1

    @property
    def _middle(self) -> np.float32:
        return np.float32(self._highest / 2)

    @property
    def _step(self) -> np.float32:
        return np.float32(_STEPS[self.bits] / len(self.offset) ** 0.5)

    def _numbers(self, codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return one number for each component; one more if those of 4 bits do not fill their bytes."""
        if self.bits == 8:
            return codes
        numbers = np.empty((len(codes), 2 * self.width), dtype=np.uint8)
        np.bitwise_and(codes, 15, out=numbers[:, : self.width])
        np.right_shift(codes, 4, out=numbers[:, self.width :])
        return numbers


def rounded_questions(asked: Vector, *, most: int) -> tuple[NDArray[np.int8], Vector]:
    """Return vectors in whole numbers from -most to most, and what each has to be multiplied with: (asked, 1)."""
    scale = np.maximum(np.abs(asked).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(most)
    return np.rint(asked / scale).astype(np.int8), scale


@cache
def _session() -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    graph = files("index.retrieval.interaction").joinpath(_GRAPH).read_bytes()
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
