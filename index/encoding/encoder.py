"""Texts → pooled and token vectors: prompts, batches and the choice of tokens, above any run-time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from operator import itemgetter

import numpy as np

from index.encoding.bundled_model import Report
from index.encoding.checkpoints import locate, no_report
from index.encoding.preferred_runtime import PreferredRuntime, RuntimeOptions
from index.encoding.runtime import EncoderRuntime
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime
from index.settings import ModelRuntime
from index.types import Encoder, Encoding, Vector

# The most code points of one forward pass, unless one text has more; texts of like length go together. On one core a
# passage of 280 takes 121 ms by itself, 140 ms by fours and 184 ms by eights; a question 22 ms by itself, 14 ms by
# eights and 14 ms by thirty-twos.
_BATCH_CHARACTERS = 300
PASSES = min(2, os.cpu_count() or 1)  # at once, unless a caller wants to leave room for others
_VERSION = 2  # of the choice of tokens; part of the fingerprint


def load_encoder(
    model: str,
    *,
    threads: int = 1,
    passes: int = PASSES,
    report: Report | None = None,
    runtime: ModelRuntime = ModelRuntime.AUTO,
) -> Encoder:
    """Return the encoder with the model called `model`. Raises ModelError.

    threads: of one forward pass. passes: at once, if there are several texts; where two are allowed, onnxruntime gives
    one pass two threads.

    Its weights are loaded when the first text is encoded, so a build with nothing to do never loads them.
    """
    # A build computes before the model is loaded as well: with more threads than free cores 10,000 passages take
    # 170 s in place of 20. What brings OpenMP reads the variable when it is imported.
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    if runtime is ModelRuntime.TORCH:
        return BatchingEncoder(
            SentenceTransformersRuntime(locate(model, report=report), threads=threads), passes=passes
        )
    options = RuntimeOptions(threads, report or no_report, onnx_threads=max(threads, min(passes, PASSES)))
    return BatchingEncoder(PreferredRuntime.locate(model, options), passes=passes)


class BatchingEncoder:
    """An `Encoder` of normalized text over a run-time."""

    def __init__(self, runtime: EncoderRuntime, *, passes: int = 1) -> None:
        self._runtime = runtime
        self._passes = passes

    @property
    def fingerprint(self) -> str:
        """Return what names the model's weights and how they are used."""
        return f"{self._runtime.fingerprint}/{_VERSION}"

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the encodings of questions, in order."""
        return self._encode(texts, self._runtime.question_prompt)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the encodings of passages, in order."""
        return self._encode(texts, self._runtime.passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        batches = list(_batches(order, [len(text) for text in texts]))

        def encode(batch: list[int]) -> list[Encoding]:
            return list(self._forward([prompt + texts[number] for number in batch], len(prompt)))

        encoded = zip(chain.from_iterable(batches), chain.from_iterable(self._run(encode, batches)), strict=True)
        return [encoding for _, encoding in sorted(encoded, key=itemgetter(0))]

    def _run(
        self, encode: Callable[[list[int]], list[Encoding]], batches: list[list[int]]
    ) -> list[list[Encoding]]:
        """Return what `encode` makes of each batch, several at once."""
        if self._passes == 1 or len(batches) < 2:
            return [encode(batch) for batch in batches]
        with ThreadPoolExecutor(min(self._passes, len(batches))) as executor:
            return list(executor.map(encode, batches))

    def _forward(self, prompted: list[str], prompt_length: int) -> Iterator[Encoding]:
        output = self._runtime.forward(prompted)
        pooled = _unit(output.pooled)
        for row, text in enumerate(prompted):
            offsets, special = output.offsets[row], output.special[row]
            # The text's tokens reach past the prompt; the others there are padding and empty.
            own = ~special & (offsets[:, 1] > prompt_length)
            keep = own & [_is_word(text[start:end]) for start, end in offsets]
            if not keep.any():  # a text of punctuation only, or of nothing, for which its first mark stands
                keep = own if own.any() else np.arange(len(own)) == 0
            yield Encoding(
                pooled=pooled[row],
                tokens=_unit(output.tokens[row][keep]),
                ids=output.ids[row][keep].astype(np.int32),
                offsets=np.maximum(offsets[keep] - prompt_length, 0).astype(np.int32),
            )


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield `order`, which is by rising length, in batches."""
    batch: list[int] = []
    for number in order:
        if batch and max(1, lengths[number]) * (len(batch) + 1) > _BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _is_word(token: str) -> bool:
    """Return false for punctuation, which late interaction leaves out, as ColBERT does."""
    return any(character.isalnum() for character in token)


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
