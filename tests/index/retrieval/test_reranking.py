"""The mix of the engine's scores with a reranker's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.reranking import mix, standardized
from index.types import Vector

SCORES = st.lists(st.integers(-50, 50), min_size=2, max_size=10, unique=True)


def vector(values: list[int]) -> Vector:
    return np.array(values, dtype=np.float32)


@given(SCORES, st.permutations(range(10)))
def test_the_weight_goes_from_the_engine_s_order_to_the_reranker_s(scores: list[int], shuffled: list[int]) -> None:
    engine = vector(scores)
    reranker = vector([value for value in shuffled if value < len(scores)])
    assert np.array_equal(np.argsort(mix(engine, reranker, weight=0)), np.argsort(engine))
    assert np.array_equal(np.argsort(mix(engine, reranker, weight=1)), np.argsort(reranker))


@given(SCORES, st.floats(0.1, 100), st.floats(-100, 100))
def test_the_scale_of_a_reranker_does_not_count(scores: list[int], factor: float, offset: float) -> None:
    engine = vector(sorted(scores))
    reranker = vector(scores)
    other = np.asarray(reranker * np.float32(factor) + np.float32(offset), dtype=np.float32)
    assert np.allclose(mix(engine, reranker, weight=0.5), mix(engine, other, weight=0.5), atol=1e-3)


@given(SCORES)
def test_a_reranker_that_tells_nothing_apart_leaves_the_order(scores: list[int]) -> None:
    engine = vector(scores)
    assert np.array_equal(np.argsort(mix(engine, np.ones_like(engine), weight=0.9)), np.argsort(engine))


@given(SCORES)
def test_standardized_scores_have_mean_0_and_deviation_1(scores: list[int]) -> None:
    found = standardized(vector(scores))
    assert np.allclose([found.mean(), found.std()], [0, 1], atol=1e-4)
