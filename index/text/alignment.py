"""Which sentences of a translation stand for which of the original, by their lengths alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Gale and Church, 'A Program for Aligning Sentences in Bilingual Corpora' (1993): the variance of the length of a
# translation per character, and how often so many sentences stand for so many.
_VARIANCE = 6.8
_BEADS = {(1, 1): 0.89, (1, 2): 0.045, (2, 1): 0.045, (1, 0): 0.005, (0, 1): 0.005, (2, 2): 0.011}
# Beyond this many pairs the table is not filled: a paragraph has at most some dozens of sentences.
_MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences that say the same: their numbers in the original and in the translation."""

    original: range
    translation: range


def align(original: Sequence[int], translation: Sequence[int]) -> list[Bead]:
    """Return the beads of two texts, in order, from the lengths of their sentences.

    Texts with equally many sentences are aligned one by one. Of texts too long to be compared all is one bead.
    """
    if len(original) == len(translation):
        return [Bead(range(at, at + 1), range(at, at + 1)) for at in range(len(original))]
    if len(original) * len(translation) > _MOST_PAIRS:
        return [Bead(range(len(original)), range(len(translation)))]
    ratio = sum(translation) / max(1, sum(original))
    steps: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for at in ((i, j) for i in range(len(original) + 1) for j in range(len(translation) + 1) if i or j):
        steps[at] = min(
            (
                steps[at[0] - taken, at[1] - given][0]
                + _cost(original[at[0] - taken : at[0]], translation[at[1] - given : at[1]], ratio)
                - math.log(share),
                (taken, given),
            )
            for (taken, given), share in _BEADS.items()
            if taken <= at[0] and given <= at[1]
        )
    return _path(steps, (len(original), len(translation)))


def _path(steps: dict[tuple[int, int], tuple[float, tuple[int, int]]], at: tuple[int, int]) -> list[Bead]:
    beads: list[Bead] = []
    while at != (0, 0):
        taken, given = steps[at][1]
        beads.append(Bead(range(at[0] - taken, at[0]), range(at[1] - given, at[1])))
        at = (at[0] - taken, at[1] - given)
    return beads[::-1]


def _cost(original: Sequence[int], translation: Sequence[int], ratio: float) -> float:
    """Return minus the logarithm of the probability that sentences of these lengths say the same."""
    expected = sum(original) * ratio
    mean = (expected + sum(translation)) / 2
    deviation = abs(sum(translation) - expected) / math.sqrt(max(1.0, mean) * _VARIANCE)
    return -math.log(max(1e-300, math.erfc(deviation / math.sqrt(2))))
