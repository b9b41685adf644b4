"""Passages of different lengths as one array."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.interaction.token_vectors import MOST_TOKENS, PassageTokens, ReadTokens

DIMENSIONS = 4


@st.composite
def passages(draw: st.DrawFn) -> PassageTokens:
    length = draw(st.integers(0, 5) | st.integers(MOST_TOKENS - 2, MOST_TOKENS + 40))
    vectors = np.full((length, DIMENSIONS), length + 1, dtype=np.float32) + np.arange(length)[:, np.newaxis]
    return PassageTokens(vectors.astype(np.float32), draw(st.integers(0, length)))


def read_tokens(*given: PassageTokens) -> ReadTokens:
    return ReadTokens(np.ones((3, DIMENSIONS), dtype=np.float32), np.full(3, 1 / 3, dtype=np.float32), given)


@given(st.lists(passages(), min_size=1, max_size=6))
def test_each_passage_is_a_row_that_ends_where_it_does_and_at_the_limit_at_the_latest(
    given: list[PassageTokens],
) -> None:
    vectors, tokens, headings = read_tokens(*given).padded()
    lengths = [min(len(each.vectors), MOST_TOKENS) for each in given]
    assert vectors.shape == (len(given), max(1, *lengths, 1), DIMENSIONS)
    assert tokens.shape == headings.shape == vectors.shape[:2]
    assert {each.dtype for each in (vectors, tokens, headings)} == {np.dtype(np.float32)}
    for row, (each, length) in enumerate(zip(given, lengths, strict=True)):
        assert np.array_equal(vectors[row, :length], each.vectors[:length])
        assert not vectors[row, length:].any()
        assert tokens[row].tolist() == [1] * length + [0] * (vectors.shape[1] - length)
        own = min(each.headings, length)
        assert headings[row].tolist() == [1] * own + [0] * (vectors.shape[1] - own)


def test_headings_longer_than_the_limit_are_all_that_is_read() -> None:
    long = PassageTokens(np.ones((MOST_TOKENS + 50, DIMENSIONS), dtype=np.float32), MOST_TOKENS + 20)
    _, tokens, headings = read_tokens(long).padded()
    assert tokens.shape == (1, MOST_TOKENS)
    assert np.array_equal(tokens, headings)


def test_half_precision_is_read_as_single() -> None:
    half = PassageTokens(np.ones((2, DIMENSIONS), dtype=np.float16), 0)
    assert read_tokens(half).padded()[0].dtype == np.float32
