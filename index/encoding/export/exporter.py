"""Write a sentence-transformers model as a graph for onnxruntime, and check that it gives the same vectors.

Run as a process of its own, `python -m index.encoding.export.exporter FOLDER` with the model on standard input: it
takes memory and seconds that nobody who answers should have, and whatever ends it ends no other.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch

from index.encoding.checkpoints import ModelFolder, load
from index.encoding.hub import use
from index.encoding.onnx.exported_model import GRAPH, INPUTS, POOLED, TOKENS, ExportedModel, TokenizerKind
from index.encoding.onnx.runtime import OnnxRuntime
from index.encoding.onnx.tokenizers import TOKENIZER
from index.encoding.runtime import ForwardPass
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

AGREEMENT = 0.9999  # least cosine of each vector with sentence-transformers'

_OPSET = 20  # the first with Gelu
# What the graph is checked with: several scripts, nothing, one mark, more tokens than a model takes.
_SAMPLES = (
    "Who founded the company in 2019?",
    "這是什麼？ 这是什么？",
    "",
    "a",
    "。",
    "Llama 4 的 MoE 架構 " * 200,
)


class _Encoder(torch.nn.Module):
    """All modules of a model, by tensors rather than by their names in a table."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self._model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        output: Any = self._model(dict(zip(INPUTS, (ids, mask), strict=True)))
        return output["token_embeddings"], output["sentence_embedding"]


def export(model: ModelFolder, folder: Path) -> None:
    """Write the graph, its weights, its tokenizer and its description into `folder`.

    Raises ModelError if it has no fast tokenizer, or the graph gives other vectors; PyTorch raises many others.
    """
    loaded = load(model)
    tokenizer = getattr(loaded.tokenizer, "backend_tokenizer", None)
    if (
        tokenizer is None
        or loaded.tokenizer.padding_side != "right"
        or loaded.tokenizer.truncation_side != "right"
    ):
        raise ModelError("its tokenizer is none of the tokenizers library, or pads or truncates on the left")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER))
    reference = SentenceTransformersRuntime(model)
    ExportedModel(
        tokenizer=TokenizerKind.TOKENIZERS,
        longest=int(loaded.max_seq_length or loaded.tokenizer.model_max_length),
        padding=int(loaded.tokenizer.pad_token_id),
        question_prompt=reference.question_prompt,
        passage_prompt=reference.passage_prompt,
    ).write(folder)
    write_graph(loaded, folder)
    check(reference.forward(_SAMPLES), OnnxRuntime.load(folder, fingerprint=model.fingerprint).forward(_SAMPLES))


def write_graph(model: SentenceTransformer, folder: Path) -> None:
    """Write the graph of `model`, which is changed for it, into `folder`; large weights stand in a file beside it."""
    transformer: Any = model[0]
    transformer.auto_model.set_attn_implementation("eager")  # the plainest graph: 4 % faster than with sdpa
    mask = torch.tensor([[1] * 5, [1] * 4 + [0]])
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    shapes = ({0: batch, 1: length}, {0: batch, 1: length})
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of names of axes and of deprecated parts of PyTorch, by PyTorch
        program = torch.onnx.export(
            _Encoder(model).eval(),
            (torch.ones_like(mask), mask),
            input_names=INPUTS,
            output_names=(TOKENS, POOLED),
            dynamic_shapes=shapes,
            opset_version=_OPSET,
            dynamo=True,
            verbose=False,
        )
        if program is None:
            raise ModelError("PyTorch's exporter gives no graph")
        program.save(str(folder / GRAPH), external_data=True)
    _strip(folder / GRAPH)


def check(expected: ForwardPass, found: ForwardPass) -> None:
    """Raise ModelError unless both passes have the same tokens and nearly the same vectors."""
    for name in ("ids", "offsets", "special"):
        if not np.array_equal(getattr(expected, name), getattr(found, name)):
            raise ModelError(f"the tokens' {name} differ from sentence-transformers'")
    own = ~expected.special
    own[:, 0] = True  # the mark that stands for a text of nothing
    pairs = ((expected.tokens[own], found.tokens[own]), (expected.pooled, found.pooled))
    least = min(float(_cosines(*pair).min()) for pair in pairs)
    if not least >= AGREEMENT:
        raise ModelError(f"its vectors differ from sentence-transformers' (cosine {least:.5f})")


def _cosines(ones: np.ndarray[Any, Any], others: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    lengths = np.linalg.norm(ones, axis=1) * np.linalg.norm(others, axis=1)
    return np.asarray((ones * others).sum(axis=1) / np.maximum(lengths, 1e-12))


def _strip(path: Path) -> None:
    """Remove what PyTorch notes on where a node came from: nine tenths of the graph."""
    graph = onnx.load(path, load_external_data=False)
    graph.ClearField("metadata_props")
    graph.graph.ClearField("value_info")
    graph.graph.ClearField("metadata_props")
    for each in (*graph.graph.node, *graph.graph.input, *graph.graph.output, *graph.graph.initializer):
        each.ClearField("metadata_props")
        each.ClearField("doc_string")
    path.write_bytes(graph.SerializeToString(deterministic=True))


def main() -> None:
    """Export what standard input describes."""
    model = ModelFolder(**json.load(sys.stdin))
    if model.kind == "hub":
        use(model.source, organisation="sentence-transformers")
    export(model, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
