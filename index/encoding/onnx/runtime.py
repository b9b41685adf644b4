"""onnxruntime as a run-time of the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from threadpoolctl import threadpool_limits

from index.encoding.onnx.exported_model import GRAPH, INPUTS, POOLED, TOKENS, ExportedModel
from index.encoding.onnx.tokenizers import RowTokenizer, load_tokenizer
from index.encoding.runtime import ForwardPass
from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_ERROR = 3  # onnxruntime's level of logging


class OnnxRuntime:
    """An `EncoderRuntime` over a graph; nothing of it imports PyTorch."""

    def __init__(
        self, fingerprint: str, model: ExportedModel, *, tokenizer: RowTokenizer, session: InferenceSession
    ) -> None:
        self._fingerprint = fingerprint
        self._model = model
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def load(cls, folder: Path, *, fingerprint: str, threads: int = 1) -> Self:
        """Return the model in `folder`, ready to encode with `threads` threads. Raises ModelError."""
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that sleep while they wait: at a load of 5 on two cores two of them take 1.1 times as long as one, and
        # two that spin twice as long (80 questions).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = _ERROR
        try:
            model = ExportedModel.read(folder)
            tokenizer = load_tokenizer(folder, model)
            session = InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        except _faults() as error:
            reason = str(error).strip().partition("\n")[0]
            raise ModelError(f"the graph in {folder} cannot be loaded ({reason})") from error
        threadpool_limits(1)  # NumPy's BLAS, whose threads wait for one another on a busy machine
        return cls(fingerprint, model, tokenizer=tokenizer, session=session)

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights, whatever runs them."""
        return self._fingerprint

    @property
    def question_prompt(self) -> str:
        """Return the model's prompt for queries."""
        return self._model.question_prompt

    @property
    def passage_prompt(self) -> str:
        """Return the model's prompt for passages."""
        return self._model.passage_prompt

    def forward(self, texts: Sequence[str]) -> ForwardPass:
        """Return the vectors of `texts`, which are truncated to the model's length."""
        rows = self._tokenizer.tokenize(texts)
        given = dict(zip(INPUTS, (rows.ids, rows.mask), strict=True))
        tokens, pooled = self._session.run([TOKENS, POOLED], given)
        return ForwardPass(
            pooled=np.asarray(pooled, dtype=np.float32),
            tokens=np.asarray(tokens, dtype=np.float32),
            ids=rows.ids,
            offsets=rows.offsets,
            special=rows.special,
        )


def _faults() -> tuple[type[Exception], ...]:
    """Return what is raised for a damaged folder; onnxruntime's own errors have no class in common."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        *(state.EPFail, state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf),
        *(state.NoModel, state.NoSuchFile, state.NotFound, state.NotImplemented, state.RuntimeException),
        *(LookupError, OSError, RuntimeError, TypeError, ValueError),
    )
