"""sentence-transformers as a run-time of the encoder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from index.encoding.checkpoints import ModelFolder, load
from index.encoding.loading import import_before_faiss
from index.encoding.runtime import ForwardPass

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersRuntime:
    """An `EncoderRuntime` that loads its weights when they are first needed."""

    def __init__(self, folder: ModelFolder, *, threads: int = 1) -> None:
        import_before_faiss()
        self._folder = folder
        self._threads = threads
        # A fast tokenizer keeps the length of its padding in itself, and raises where two threads borrow it: one
        # answers while another warms the next version up.
        self._tokenizing = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights."""
        return self._folder.fingerprint

    @property
    def question_prompt(self) -> str:
        """Return the model's prompt for queries."""
        return self._model.prompts.get("query") or ""

    @property
    def passage_prompt(self) -> str:
        """Return the model's prompt for passages."""
        return self._model.prompts.get("passage") or self._model.prompts.get("document") or ""

    def forward(self, texts: Sequence[str]) -> ForwardPass:
        """Return the vectors of `texts`, which are truncated to the model's length. Raises ModelError."""
        with self._tokenizing:
            tokenized: Any = self._model.tokenizer(
                list(texts),
                padding=True,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
                return_tensors="pt",
            )
        offsets = tokenized.pop("offset_mapping").numpy()
        special = tokenized.pop("special_tokens_mask").numpy().astype(bool)
        import torch  # imported by `load` already

        with torch.inference_mode():
            output = self._model(dict(tokenized))
        return ForwardPass(
            pooled=output["sentence_embedding"].float().numpy(),
            tokens=output["token_embeddings"].float().numpy(),
            ids=tokenized["input_ids"].numpy(),
            offsets=offsets,
            special=special,
        )

    @cached_property
    def _model(self) -> SentenceTransformer:
        model = load(self._folder, threads=self._threads)
        # NumPy's BLAS as well: on a busy machine more threads wait for one another.
        threadpool_limits(self._threads)
        return model
