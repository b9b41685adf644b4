"""The bundled reader: a small model that reads a question and each of the first passages together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.retrieval.interaction.token_vectors import ReadTokens
from index.retrieval.reading.scores import ComparedScores
from index.types import Vector

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# Written by `python -m index train reader`; what it was trained with is in tests/training.
_GRAPH = "reader.onnx"

ENCODER = "encoder"  # the key of the graph's metadata that names the encoder whose vectors it reads
INPUTS = "asked", "weights", "vectors", "tokens", "headings", "scores"
OUTPUT = "readings"


class PassageReader(Protocol):
    """Tells passages that answer a question from others."""

    def read(self, tokens: ReadTokens, scores: ComparedScores) -> Vector:
        """Return the reading of each passage, (passages,): the higher, the likelier it answers; 0 is undecided."""


class BundledReader:
    """A `PassageReader` by onnxruntime. `encoder`: the fingerprint of the encoder whose vectors it reads."""

    def __init__(self, graph: bytes) -> None:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: InferenceSession = InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.encoder: str = self._session.get_modelmeta().custom_metadata_map.get(ENCODER, "")

    def read(self, tokens: ReadTokens, scores: ComparedScores) -> Vector:
        """Return the reading of each passage, (passages,)."""
        vectors, own, headings = tokens.padded()
        values = tokens.asked, tokens.weights, vectors, own, headings, scores.table
        feeds = {name: np.ascontiguousarray(value) for name, value in zip(INPUTS, values, strict=True)}
        (found,) = self._session.run([OUTPUT], feeds)
        return np.asarray(found, dtype=np.float32)


def reader_for(encoder: str) -> PassageReader | None:
    """Return the bundled reader if it reads the vectors of the encoder with that fingerprint."""
    reader = _bundled()
    return reader if reader.encoder == encoder else None


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """Which reader reads, if any, and what.

    load: returns it; called when passages are first read. reads_annotated: whether readings are wanted where they
    cannot change the order, since passages have annotations.
    """

    load: Callable[[], PassageReader | None]
    reads_annotated: bool = True


NO_READER = ReaderChoice(lambda: None)


@cache
def _bundled() -> BundledReader:
    return BundledReader(files("index.retrieval.reading").joinpath(_GRAPH).read_bytes())
