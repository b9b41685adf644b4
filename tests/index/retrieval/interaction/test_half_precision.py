"""Half precision there and back is what NumPy makes of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from index.retrieval.interaction.half_precision import half, single

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=40)


@given(arrays(np.float32, SHAPES, elements=st.floats(-60000, 60000, width=32)))
def test_to_half_precision(array: np.ndarray) -> None:
    np.testing.assert_array_equal(half(array), array.astype(np.float16))


@given(arrays(np.float16, SHAPES, elements=st.floats(allow_nan=False, width=16)))
def test_and_back(array: np.ndarray) -> None:
    np.testing.assert_array_equal(single(array), array.astype(np.float32))
