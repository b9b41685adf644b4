"""The token vectors of a small index in memory, laid out as the processor multiplies them."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.retrieval.interaction.quantization import TokenCodec, rounded_questions
from index.types import Vector

# A graph of one node, MatMulInteger, without its second factor; written by `python -m tests.bundled_graph`. onnxruntime
# arranges a constant factor once: a product takes a quarter to a third of the time.
_GRAPH = "packed_products.onnx"

ZERO = 64  # what 0 is of a question, whose numbers are unsigned here
_MOST = 63  # a pair of its products with bytes is added up in 16 bits
_TO_SIGNED = 128

# Field numbers of ONNX' protocol buffers, and its number of the type int8.
_MODEL_GRAPH, _GRAPH_INITIALIZER = 7, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_DATA = 1, 2, 8, 9
_INT8 = 3


class PackedCodes:
    """All 8-bit codes of an index, (rows, dimensions), for products with questions."""

    def __init__(self, codec: TokenCodec, codes: NDArray[np.uint8]) -> None:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = files("index.retrieval.interaction").joinpath(_GRAPH).read_bytes()
        signed = (codes.T ^ _TO_SIGNED).view(np.int8)
        # Messages that follow one another are merged: this one adds its tensor to the graph.
        model = graph + _field(_MODEL_GRAPH, _field(_GRAPH_INITIALIZER, _tensor("codes", signed)))
        self._session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._codec = codec

    def products(self, asked: Vector) -> Vector:
        """Return the inner products of vectors `asked` with all rows: (asked, rows)."""
        rounded, scale = rounded_questions(asked, most=_MOST)
        (found,) = self._session.run(None, {"asked": (rounded + ZERO).astype(np.uint8)})
        return self._codec.products_of(found, asked, rounded, middle=np.float32(-0.5), scale=scale)


def _tensor(name: str, array: NDArray[np.int8]) -> bytes:
    dimensions = b"".join(_number(_TENSOR_DIMS, length) for length in array.shape)
    content = _field(_TENSOR_NAME, name.encode()) + _field(_TENSOR_DATA, array.tobytes())
    return dimensions + _number(_TENSOR_TYPE, _INT8) + content


def _field(number: int, content: bytes) -> bytes:
    """Return a field of bytes or of a message, as protocol buffers write it."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3]) + _varint(value)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
