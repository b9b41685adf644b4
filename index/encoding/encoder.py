"""sentence-transformers behind `Encoder`: one forward pass gives the pooled and the token vectors."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from index.encoding.checkpoints import ModelFolder, Report, load, locate
from index.types import Encoder, Encoding, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# So many characters and texts of like length at most go into one forward pass. On one core the representations of the given
# documents take 9 s by fours, 11 s by sixteens, 14 s by thirty-twos; short questions 10 s singly, 4 s by sixteens.
_CHARACTERS = 1200
_TEXTS = 32
_VERSION = 2  # of what is kept of a forward pass; part of the fingerprint


def load_encoder(model: str, *, threads: int = 1, report: Report | None = None) -> Encoder:
    """Find the model called `model`; its weights are loaded when the first text is encoded.

    So a build with nothing to do never loads them. Raises ModelError.
    """
    # What a build computes before the model is loaded takes no more threads either: on a machine that has other
    # work they wait for one another, and 10,000 passages take 170 s in place of 20. Read when PyTorch is imported.
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    return SentenceEncoder(locate(model, report=report), threads=threads)


class SentenceEncoder:
    """Encodes normalized text with a sentence-transformers model."""

    def __init__(self, model: ModelFolder, *, threads: int = 1) -> None:
        self._folder = model
        self._threads = threads

    @property
    def fingerprint(self) -> str:
        """Name the model's weights and how they are used."""
        return f"{self._folder.fingerprint}/{_VERSION}"

    @cached_property
    def _model(self) -> SentenceTransformer:
        model = load(self._folder, threads=self._threads)
        threadpool_limits(
            self._threads
        )  # NumPy's BLAS as well: on a busy machine more threads wait for one another
        return model

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions with the model's own prompt for them."""
        return self._encode(texts, self._model.prompts.get("query") or "")

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages with the model's own prompt for them."""
        return self._encode(texts, self._model.prompts.get("passage") or self._model.prompts.get("document") or "")

    def _encode(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        """Encode in batches of like length; the order of `texts` is kept."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        encoded: dict[int, Encoding] = {}
        for batch in _batches(order, [len(text) for text in texts]):
            encoded.update(
                zip(batch, self._forward([prompt + texts[number] for number in batch], len(prompt)), strict=True)
            )
        return [encoded[number] for number in range(len(texts))]

    def _forward(self, prompted: list[str], prompt_length: int) -> Iterator[Encoding]:
        tokenised: Any = self._model.tokenizer(
            prompted,
            padding=True,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        offsets = tokenised.pop("offset_mapping").numpy()
        special = tokenised.pop("special_tokens_mask").numpy().astype(bool)
        import torch  # seconds; `load` has paid for them by now

        with torch.inference_mode():
            out = self._model(dict(tokenised))
        pooled = _unit(out["sentence_embedding"].float().numpy())
        tokens = out["token_embeddings"].float().numpy()
        ids = tokenised["input_ids"].numpy()
        for row, text in enumerate(prompted):
            # A token that reaches past the prompt is the text's; one that is empty there is padding's.
            own = ~special[row] & (offsets[row, :, 1] > prompt_length)
            keep = own & [_says_something(text[start:end]) for start, end in offsets[row]]
            if not keep.any():  # text of punctuation or spaces only: let what there is speak for it
                keep = own if own.any() else special[row]
            yield Encoding(
                pooled=pooled[row],
                tokens=_unit(tokens[row][keep]),
                ids=ids[row][keep].astype(np.int32),
                offsets=np.maximum(offsets[row][keep] - prompt_length, 0).astype(np.int32),
            )


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Cut `order`, which goes by length, into batches; the last text of each is its longest."""
    batch: list[int] = []
    for number in order:
        if batch and (len(batch) == _TEXTS or lengths[number] * (len(batch) + 1) > _CHARACTERS):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _says_something(token: str) -> bool:
    """Tell a word from punctuation, which late interaction leaves out (as ColBERT does)."""
    return any(character.isalnum() for character in token)


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
