"""Two threads at once: one answers while another warms up the next version with the same model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from index.encoding.checkpoints import ModelFolder
from index.encoding.reranker import CrossEncoderReranker
from index.encoding.sentence_transformers_runtime import SentenceTransformersRuntime

FOLDER = ModelFolder("nowhere", "fake", "folder")


class EnoughError(Exception):
    """What is tested has happened."""


class Borrowed:
    """What may be borrowed by one thread at a time; it notes whether two were ever in it."""

    def __init__(self) -> None:
        self.is_shared = False
        self._both = threading.Barrier(2)

    def __call__(self, *_: object, **__: object) -> object:
        try:
            self._both.wait(0.2)
            self.is_shared = True
        except threading.BrokenBarrierError:
            pass
        raise EnoughError


def at_once(work: Callable[[], object]) -> None:
    def run() -> None:
        with pytest.raises(EnoughError):
            work()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_thread_at_a_time_borrows_the_tokenizer_of_an_encoder() -> None:
    runtime, tokenizer = SentenceTransformersRuntime(FOLDER), Borrowed()
    runtime.__dict__["_model"] = SimpleNamespace(tokenizer=tokenizer, max_seq_length=512)
    at_once(lambda: runtime.forward(["text"]))
    assert not tokenizer.is_shared


def test_one_thread_at_a_time_borrows_the_tokenizer_of_a_reranker() -> None:
    reranker, predict = CrossEncoderReranker(FOLDER), Borrowed()
    reranker.__dict__["_model"] = SimpleNamespace(predict=predict, max_seq_length=512)
    at_once(lambda: reranker._logits("question", ["one", "two"]))
    assert not predict.is_shared
