"""FAISS over pooled vectors: exact, and the same after reopening."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreError
from index.retrieval.candidates.dense import DenseIndex
from index.types import Vector


@pytest.fixture(scope="module")
def pooled() -> Vector:
    drawn = np.random.default_rng(7).standard_normal((40, 16)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def test_the_nearest_are_those_of_the_largest_inner_product(pooled: Vector) -> None:
    question = pooled[3] + pooled[5]
    assert DenseIndex.build(pooled).nearest(question, 10) == np.argsort(-(pooled @ question))[:10].tolist()


def test_no_more_are_given_than_there_are(pooled: Vector) -> None:
    assert sorted(DenseIndex.build(pooled[:3]).nearest(pooled[0], 10)) == [0, 1, 2]


def test_a_vector_comes_back_as_it_was(pooled: Vector) -> None:
    assert np.array_equal(DenseIndex.build(pooled).vector(7), pooled[7])


def test_similarities_are_cosines_in_the_order_asked(pooled: Vector) -> None:
    expected = [float(pooled[5] @ pooled[0]), 1.0]
    assert DenseIndex.build(pooled).similarities(pooled[0], [5, 0]).tolist() == pytest.approx(expected, abs=1e-6)


def test_length_and_dimensions_are_told(pooled: Vector) -> None:
    vectors = DenseIndex.build(pooled)
    assert (len(vectors), vectors.dimensions) == (40, 16)


def test_vectors_are_the_same_after_reopening(pooled: Vector, tmp_path: Path) -> None:
    DenseIndex.build(pooled).save(tmp_path / "v")
    assert DenseIndex.load(tmp_path / "v").nearest(pooled[9], 40) == DenseIndex.build(pooled).nearest(
        pooled[9], 40
    )


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxFI" + b"\xff" * 50])
def test_a_file_that_is_no_index_is_a_damaged_store(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(StoreError, match=r"^[^\n]*is damaged; run `python -m index build`$"):
        DenseIndex.load(tmp_path / "v")


def test_a_place_that_cannot_be_written_is_an_os_error(pooled: Vector, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be written"):
        DenseIndex.build(pooled).save(tmp_path / "no such folder" / "v")


# A large index


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Vector:
    """Return vectors that share a direction, as a model's do, and are too many to be compared one by one."""
    monkeypatch.setattr("index.retrieval.candidates.dense._MOST_EXACT", 1000)
    drawn = np.random.default_rng(7).standard_normal((4000, 16)).astype(np.float32) + 2
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def test_a_large_index_finds_nearly_what_comparing_all_does(large: Vector) -> None:
    index = DenseIndex.build(large)
    exact = [set(np.argsort(-(large @ question))[:50].tolist()) for question in large[:20]]
    found = [set(index.nearest(question, 50)) for question in large[:20]]
    assert np.mean([len(one & other) / 50 for one, other in zip(exact, found, strict=True)]) > 0.97


def test_a_large_index_has_its_vectors_in_half_precision_and_the_nearest_in_order(large: Vector) -> None:
    index = DenseIndex.build(large)
    nearest = index.nearest(large[3], 30)
    similarities = index.similarities(large[3], nearest)
    assert nearest[0] == 3
    halves = large.astype(np.float16).astype(np.float32)
    assert np.array_equal(similarities, halves[nearest] @ large[3])
    assert np.all(np.diff(similarities) <= 0)
    assert np.array_equal(index.vector(7), halves[7])


def test_a_large_index_is_the_same_after_reopening_and_stays_on_disk(large: Vector, tmp_path: Path) -> None:
    index = DenseIndex.build(large)
    index.save(tmp_path / "v.faiss")
    opened = DenseIndex.load(tmp_path / "v.faiss")
    assert opened.nearest(large[9], 40) == index.nearest(large[9], 40)
    assert isinstance(opened._halves, np.memmap)
    assert np.array_equal(opened.all(), large.astype(np.float16))


def test_a_large_index_built_from_its_own_vectors_is_the_same(large: Vector, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    index = DenseIndex.build(large)
    for folder, built in ((first, index), (again, DenseIndex.build(index.all()))):
        folder.mkdir()
        built.save(folder / "v.faiss")
    for name in ("v.faiss", "v.npy"):
        assert (first / name).read_bytes() == (again / name).read_bytes()


def test_a_large_index_whose_vectors_are_those_of_another_is_damaged(large: Vector, tmp_path: Path) -> None:
    DenseIndex.build(large).save(tmp_path / "v.faiss")
    np.save(tmp_path / "v.npy", large[:-1])
    with pytest.raises(StoreError, match=r"v\.npy is damaged; run `python -m index build`$"):
        DenseIndex.load(tmp_path / "v.faiss")
