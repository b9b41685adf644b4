"""A sentence-transformers CrossEncoder as the reranker, left out for good once it fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from index.encoding.checkpoints import ModelFolder
from index.encoding.loading import import_before_faiss, one_line
from index.encoding.reranker_checkpoints import load_cross_encoder, locate_reranker
from index.errors import ModelError
from index.types import Reranker, Vector

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

_BATCH = 4  # pairs of one forward pass
# Code points of a text for each token that a model takes, or for 512 if it takes more or names no limit. The rest is
# cut off before the tokenizer, which makes one more encoding for each pair of pieces that do not fit: gigabytes for a
# question and a table of 20,000 code points each. A passage has 300 unless it is one block.
_CODE_POINTS = 8
_LENGTH = 512


def load_reranker(name: str, *, threads: int = 1) -> Reranker | None:
    """Return the reranker called `name`; None for `none`, or, with a warning, if it is missing or of another kind.

    Call it before the first model is loaded, which disables the hub where none of its models is used.
    """
    try:
        return require_reranker(name, threads=threads)
    except ModelError as error:
        logger.warning("%s; answering without a reranker", error)
        return None


def require_reranker(name: str, *, threads: int = 1) -> Reranker | None:
    """Return the reranker called `name`; None for `none`. Raises ModelError if it is missing or of another kind."""
    folder = locate_reranker(name)
    return CrossEncoderReranker(folder, threads=threads) if folder else None


class CrossEncoderReranker:
    """A `Reranker` that loads its weights when they are first needed."""

    def __init__(self, folder: ModelFolder, *, threads: int = 1) -> None:
        import_before_faiss()
        self._folder = folder
        self._threads = threads
        self._fault: str | None = None
        self._scoring = threading.Lock()  # two threads may not borrow one tokenizer

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights."""
        return self._folder.fingerprint

    @property
    def fault(self) -> str | None:
        """Return why it reads no more, in one line; None while it does."""
        return self._fault

    def scores(self, question: str, passages: Sequence[str]) -> Vector | None:
        """Return the logit of each passage, (passages,), or None if the model has failed, which is logged once.

        A pair is truncated to the model's own length.
        """
        if self._fault is not None:
            return None
        try:
            return self._logits(question, passages)
        except ModelError as error:
            self._fault = str(error)
            logger.warning("%s; answering without a reranker", error)
            return None

    def _logits(self, question: str, passages: Sequence[str]) -> Vector:
        model = self._model
        import torch  # imported by `load_cross_encoder` already

        # Logits, not the model's own activation: a sigmoid makes equal what is far from its middle.
        identity = torch.nn.Identity()
        most = _CODE_POINTS * min(model.max_seq_length or _LENGTH, _LENGTH)
        pairs = [(question[:most], passage[:most]) for passage in passages]
        remedy = "set CHRONICLE_RERANKER to another, or to none"
        with self._scoring, one_line(self._folder.source, remedy=remedy, doing="score"):
            found = model.predict(pairs, batch_size=_BATCH, show_progress_bar=False, activation_fn=identity)
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(passages),) or not np.isfinite(scores).all():
            raise ModelError(f"the model {self._folder.source} gives scores that are no numbers")
        return scores

    @cached_property
    def _model(self) -> CrossEncoder:
        model = load_cross_encoder(self._folder, threads=self._threads)
        threadpool_limits(self._threads)
        return model
