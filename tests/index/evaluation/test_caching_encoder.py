"""The encoder that encodes each text once."""

from __future__ import annotations

import numpy as np

from index.evaluation.caching_encoder import CachingEncoder
from tests.fakes import FakeEncoder


def test_a_text_is_encoded_once() -> None:
    fake = FakeEncoder()
    caching = CachingEncoder(fake)
    caching.encode_passages(["one", "two", "one"])
    caching.encode_passages(["two", "three"])
    caching.encode_questions(["one"])
    caching.encode_questions(["one"])
    assert (fake.passages, fake.questions) == (["one", "two", "three"], ["one"])
    assert caching.fingerprint == fake.fingerprint


def test_cached_encodings_equal_the_encoder_s_in_the_order_of_the_texts() -> None:
    fake = FakeEncoder()
    first, second = CachingEncoder(fake).encode_passages(["one two", "three"])
    own_first, own_second = fake.encode_passages(["one two", "three"])
    for ours, theirs in ((first, own_first), (second, own_second)):
        assert np.array_equal(ours.pooled, theirs.pooled)
        assert np.array_equal(ours.ids, theirs.ids)
        assert np.array_equal(ours.offsets, theirs.offsets)
        assert np.array_equal(ours.tokens, theirs.tokens.astype(np.float16))
        assert ours.tokens.dtype == np.float32
