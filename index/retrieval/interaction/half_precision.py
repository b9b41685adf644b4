"""Arrays in half precision as single and back, by onnxruntime: NumPy takes five to ten times as long."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.types import Vector

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# Graphs of one node, Cast; written by `python -m tests.bundled_graph`.
_TO_SINGLE, _TO_HALF = "to_single.onnx", "to_half.onnx"


def single(array: NDArray[np.float16]) -> Vector:
    """Return `array`, (rows, columns), in single precision."""
    (found,) = _session(_TO_SINGLE).run(None, {"given": array})
    return np.asarray(found, dtype=np.float32)


def half(array: Vector) -> NDArray[np.float16]:
    """Return `array`, (rows, columns), in half precision, rounded to the nearest."""
    (found,) = _session(_TO_HALF).run(None, {"given": array})
    return np.asarray(found, dtype=np.float16)


@cache
def _session(name: str) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    graph = files("index.retrieval.interaction").joinpath(name).read_bytes()
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
