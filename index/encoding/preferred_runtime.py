"""Which run-time a model has: onnxruntime, or sentence-transformers where there is no graph for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.encoding.bundled_model import Report
from index.encoding.checkpoints import BUNDLED, UNTUNED, default_cache, locate, locate_graph
from index.encoding.export.exports import export_fault, exported_folder
from index.encoding.onnx.runtime import OnnxRuntime
from index.encoding.runtime import EncoderRuntime, ForwardPass
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime
from index.errors import ModelError
from index.settings import ModelRuntime

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RuntimeOptions:
    """How to run a model: with how many threads of PyTorch or of onnxruntime, and who is told of progress."""

    threads: int
    report: Report
    onnx_threads: int = 1


class PreferredRuntime:
    """An `EncoderRuntime` that is loaded when it is first needed.

    graph: the folder of a graph that is there; None if the model has to be exported first.
    """

    def __init__(self, name: str, graph: Path | None, *, fingerprint: str, options: RuntimeOptions) -> None:
        self._name = name
        self._graph = graph
        self._fingerprint = fingerprint
        self._options = options
        self._loading = threading.Lock()
        self._loaded: EncoderRuntime | None = None

    @classmethod
    def locate(cls, name: str, options: RuntimeOptions) -> PreferredRuntime:
        """Return the run-time of the model called `name`; a bundled one is unpacked. Raises ModelError."""
        bundled = locate_graph(name, report=options.report)
        if bundled is not None:
            return cls(name, bundled[0], fingerprint=bundled[1], options=options)
        return cls(name, None, fingerprint=locate(name).fingerprint, options=options)

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights, whatever runs them."""
        return self._fingerprint

    @property
    def question_prompt(self) -> str:
        """Return the model's prompt for queries."""
        return self._runtime().question_prompt

    @property
    def passage_prompt(self) -> str:
        """Return the model's prompt for passages."""
        return self._runtime().passage_prompt

    def forward(self, texts: Sequence[str]) -> ForwardPass:
        """Return the vectors of `texts`, which are truncated to the model's length. Raises ModelError."""
        return self._runtime().forward(texts)

    def _runtime(self) -> EncoderRuntime:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> EncoderRuntime:
        options = self._options
        try:
            graph = self._graph or exported_folder(locate(self._name), default_cache(), options.report)
            if graph is not None:
                return OnnxRuntime.load(graph, fingerprint=self._fingerprint, threads=options.onnx_threads)
        except ModelError as error:
            logger.warning("%s: sentence-transformers runs the model, with more memory and time", error)
        return SentenceTransformersRuntime(locate(self._name, report=options.report), threads=options.threads)


def runtime_status(name: str, chosen: ModelRuntime) -> str:
    """Return what runs the model called `name`, and why it is sentence-transformers; nothing is loaded or exported."""
    if chosen is ModelRuntime.TORCH:
        return "sentence-transformers, as CHRONICLE_RUNTIME says"
    if name in (BUNDLED, UNTUNED):
        return "onnxruntime"
    try:
        fault = export_fault(locate(name), default_cache()) if Path(name).expanduser().is_dir() else None
    except ModelError as error:
        return f"none: {error}"
    return f"sentence-transformers: no graph ({fault})" if fault else "onnxruntime"
