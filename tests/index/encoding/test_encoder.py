"""Prompts, batches and the choice of tokens, over a fake run-time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.encoder import BatchingEncoder
from index.encoding.runtime import ForwardPass


@dataclass
class CharacterRuntime:
    """Every code point is a token between two special ones; its vector is one-hot at its number modulo 8."""

    fingerprint: str = "characters"
    question_prompt: str = "q: "
    passage_prompt: str = "p: "
    batches: list[list[str]] = field(default_factory=list)

    def forward(self, texts: Sequence[str]) -> ForwardPass:
        self.batches.append(list(texts))
        width = max(map(len, texts)) + 2
        ids = np.zeros((len(texts), width), dtype=np.int64)
        offsets = np.zeros((len(texts), width, 2), dtype=np.int64)
        special = np.ones((len(texts), width), dtype=bool)
        for row, text in enumerate(texts):
            for at, character in enumerate(text):
                ids[row, at + 1] = ord(character)
                offsets[row, at + 1] = at, at + 1
                special[row, at + 1] = False
        tokens = 3 * np.eye(8, dtype=np.float32)[ids % 8]
        return ForwardPass(tokens.sum(axis=1), tokens, ids, offsets, special)


def test_questions_and_passages_have_the_model_s_own_prompts() -> None:
    runtime = CharacterRuntime()
    encoder = BatchingEncoder(runtime)
    encoder.encode_questions(["who"])
    encoder.encode_passages(["them"])
    assert runtime.batches == [["q: who"], ["p: them"]]


def test_tokens_are_the_text_s_own_words_with_offsets_from_its_start() -> None:
    [encoding] = BatchingEncoder(CharacterRuntime()).encode_questions(["a, b"])
    assert encoding.ids.tolist() == [ord("a"), ord("b")]
    assert encoding.offsets.tolist() == [[0, 1], [3, 4]]


@pytest.mark.parametrize(("text", "expected"), [("?!", ["?", "!"]), ("", [0])])
def test_a_text_without_a_word_keeps_its_punctuation_and_an_empty_one_the_first_special_token(
    text: str, expected: list[str | int]
) -> None:
    [encoding] = BatchingEncoder(CharacterRuntime(question_prompt="")).encode_questions([text])
    assert encoding.ids.tolist() == [ord(each) if isinstance(each, str) else each for each in expected]


def test_all_vectors_are_unit_vectors() -> None:
    [encoding] = BatchingEncoder(CharacterRuntime()).encode_passages(["words"])
    assert np.linalg.norm(encoding.pooled) == pytest.approx(1)
    assert np.linalg.norm(encoding.tokens, axis=1).tolist() == pytest.approx([1] * 5)


@given(st.lists(st.text("ab 。", max_size=40), max_size=80), st.integers(1, 3))
def test_encodings_come_in_the_order_of_the_texts(texts: list[str], passes: int) -> None:
    encoder = BatchingEncoder(CharacterRuntime(), passes=passes)
    alone = [encoder.encode_passages([text])[0] for text in texts]
    for one, other in zip(encoder.encode_passages(texts), alone, strict=True):
        assert one.ids.tolist() == other.ids.tolist()
        assert one.offsets.tolist() == other.offsets.tolist()


@given(st.lists(st.integers(1, 700), min_size=1, max_size=100))
def test_batches_are_small_and_hold_texts_of_like_length(lengths: list[int]) -> None:
    runtime = CharacterRuntime(passage_prompt="")
    BatchingEncoder(runtime).encode_passages(["x" * length for length in lengths])
    sizes = [len(text) for batch in runtime.batches for text in batch]
    assert sizes == sorted(lengths)
    assert all(len(batch) == 1 or len(batch) * len(batch[-1]) <= 300 for batch in runtime.batches)


def test_the_fingerprint_names_the_model_and_the_choice_of_tokens() -> None:
    assert BatchingEncoder(CharacterRuntime()).fingerprint.startswith("characters/")


def test_several_passes_run_at_once() -> None:
    both = threading.Barrier(2, timeout=60)

    class MeetingRuntime(CharacterRuntime):
        def forward(self, texts: Sequence[str]) -> ForwardPass:
            both.wait()
            return super().forward(texts)

    encoder = BatchingEncoder(MeetingRuntime(), passes=2)
    assert len(encoder.encode_passages(["x" * 200, "y" * 200])) == 2
