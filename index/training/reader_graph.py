"""Writing the bundled reader as a graph for onnxruntime."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch

from index.errors import ChronicleError
from index.retrieval.interaction.token_vectors import MOST_TOKENS
from index.retrieval.reading.passage_reader import ENCODER, INPUTS, OUTPUT
from index.retrieval.reading.scores import WIDTH
from index.training.reader_network import OneQuestion, ReaderNetwork

_OPSET = 20
_DIMENSIONS = (("asked", 512), ("tokens", MOST_TOKENS), ("passages", 64))  # what varies, and up to how much


def write_graph(networks: Sequence[ReaderNetwork], path: Path, *, encoder: str) -> None:
    """Write the mean of networks as the graph that `BundledReader` runs.

    encoder: the fingerprint of the encoder whose vectors it reads.
    """
    dimensions, tokens, passages = networks[0].project.in_features, 12, 3
    examples = (
        torch.rand(5, dimensions),
        torch.full((5,), 0.2),
        torch.rand(passages, tokens, dimensions),
        torch.ones(passages, tokens),
        torch.zeros(passages, tokens),
        torch.rand(passages, WIDTH),
    )
    asked, read, counted = (torch.export.Dim(name, max=most) for name, most in _DIMENSIONS)
    of_tokens = {0: counted, 1: read}
    shapes = ({0: asked}, {0: asked}, of_tokens, (of_tokens, of_tokens, {0: counted}))  # as `forward` takes them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            OneQuestion(networks),
            examples,
            dynamo=True,
            dynamic_shapes=shapes,
            opset_version=_OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            verbose=False,
        )
    if program is None:
        raise ChronicleError("PyTorch exported no graph")
    model = program.model_proto
    onnx.helper.set_model_props(model, {ENCODER: encoder})
    for described in (model, model.graph, *model.graph.node):  # paths of this machine, stack traces
        described.doc_string = ""
    for node in model.graph.node:
        del node.metadata_props[:]
    path.write_bytes(model.SerializeToString())
