"""Sentences of a translation beside those of the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.alignment import align

lengths = st.lists(st.integers(1, 400), max_size=12)


@pytest.mark.parametrize(
    ("original", "translation", "beads"),
    [
        ([30, 60], [70, 200], [((0, 1), (0, 1)), ((1, 2), (1, 2))]),
        ([30, 60, 30], [90, 100, 90, 95], [((0, 1), (0, 1)), ((1, 2), (1, 3)), ((2, 3), (3, 4))]),
        ([60, 30, 30], [180, 185], [((0, 1), (0, 1)), ((1, 3), (1, 2))]),
        ([50], [60, 70], [((0, 1), (0, 2))]),
        ([], [], []),
    ],
)
def test_sentences_of_like_length_stand_for_each_other(
    original: list[int], translation: list[int], beads: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    found = [
        ((bead.original.start, bead.original.stop), (bead.translation.start, bead.translation.stop))
        for bead in align(original, translation)
    ]
    assert found == beads


@given(lengths, lengths)
def test_every_sentence_is_in_one_bead_and_their_order_is_kept(
    original: list[int], translation: list[int]
) -> None:
    beads = align(original, translation)

    assert [at for bead in beads for at in bead.original] == list(range(len(original)))
    assert [at for bead in beads for at in bead.translation] == list(range(len(translation)))


def test_texts_too_long_to_compare_are_one_bead() -> None:
    (bead,) = align([1] * 200, [1] * 201)

    assert (len(bead.original), len(bead.translation)) == (200, 201)
