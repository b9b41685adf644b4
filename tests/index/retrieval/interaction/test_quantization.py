"""Quantised token vectors: near the given ones, the same when quantised again, and their products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.interaction.packed_codes import PackedCodes
from index.retrieval.interaction.quantization import TokenCodec
from index.types import Vector

BITS = pytest.mark.parametrize("bits", [8, 4])


def unit_vectors(rows: int, dimensions: int, seed: int) -> Vector:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimensions)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def codec_of(bits: int, dimensions: int) -> TokenCodec:
    return TokenCodec(0.3 * unit_vectors(1, dimensions, seed=7)[0], bits)


rows, dimensions, seeds = st.integers(0, 40), st.sampled_from([31, 32, 384]), st.integers(0, 99)


@BITS
@given(rows, dimensions, seeds)
def test_what_was_decoded_has_the_same_codes_again(bits: int, rows: int, dimensions: int, seed: int) -> None:
    codec = codec_of(bits, dimensions)
    codes = codec.encode(unit_vectors(rows, dimensions, seed))
    assert codes.shape == (rows, codec.width)
    np.testing.assert_array_equal(codec.encode(codec.decode(codes)), codes)


@pytest.mark.parametrize(("bits", "least"), [(8, 0.9998), (4, 0.98)])
@given(seeds)
def test_a_decoded_vector_is_near_the_given_one(bits: int, least: float, seed: int) -> None:
    vectors = unit_vectors(20, 384, seed)
    codec = codec_of(bits, 384)
    decoded = codec.decode(codec.encode(vectors))
    cosines = (vectors * decoded).sum(axis=1) / np.linalg.norm(decoded, axis=1)
    assert cosines.min() > least


@BITS
@given(st.integers(1, 40), dimensions, seeds)
def test_products_are_those_of_the_decoded_vectors(bits: int, rows: int, dimensions: int, seed: int) -> None:
    codec, asked = codec_of(bits, dimensions), unit_vectors(5, dimensions, seed + 100)
    codes = codec.encode(unit_vectors(rows, dimensions, seed))
    np.testing.assert_allclose(codec.products(asked, [codes]), asked @ codec.decode(codes).T, atol=0.03)
    in_two = codec.products(asked, [codes[: rows // 2], codes[rows // 2 :]])
    np.testing.assert_array_equal(in_two, codec.products(asked, [codes]))


def test_products_of_8_bits_are_exact_to_a_thousandth() -> None:
    codec, asked = codec_of(8, 384), unit_vectors(16, 384, 1)
    codes = codec.encode(unit_vectors(500, 384, 2))
    difference = codec.products(asked, [codes]) - asked @ codec.decode(codes).T
    assert float(np.sqrt(np.mean(difference**2))) < 0.001


@pytest.mark.parametrize("code", [0, 255])
def test_the_largest_numbers_do_not_overflow(code: int) -> None:
    codec = TokenCodec(np.zeros(384, dtype=np.float32), 8)
    asked = np.full((2, 384), 384**-0.5, dtype=np.float32)
    codes = np.full((9, 384), code, dtype=np.uint8)
    expected = asked @ codec.decode(codes).T
    np.testing.assert_allclose(codec.products(asked, [codes]), expected, rtol=1e-3)
    np.testing.assert_allclose(PackedCodes(codec, codes).products(asked), expected, rtol=1e-3)


@given(st.integers(1, 300), st.integers(1, 20), seeds)
def test_packed_codes_have_the_same_products(rows: int, questions: int, seed: int) -> None:
    codec, asked = codec_of(8, 32), unit_vectors(questions, 32, seed + 100)
    codes = codec.encode(unit_vectors(rows, 32, seed))
    products = PackedCodes(codec, codes).products(asked)
    np.testing.assert_allclose(products, codec.products(asked, [codes]), atol=0.02)


def test_a_question_without_a_direction_matches_nothing() -> None:
    codec = codec_of(8, 32)
    codes = codec.encode(unit_vectors(3, 32, 1))
    assert not codec.products(np.zeros((2, 32), dtype=np.float32), [codes]).any()
