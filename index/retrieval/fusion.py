"""One score for each candidate passage from the scores of its representations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.corpus.representations import Representation
from index.retrieval.interaction.late_interaction import MaxSimScores
from index.retrieval.ranking_config import Arm, RankingConfig
from index.retrieval.reranking import standardized
from index.types import Vector


@dataclass(frozen=True, slots=True)
class CandidateScores:
    """The scores of one candidate passage.

    max_sim: late interaction, the sum of its representations' best and mean: about -0.4 to 1.8.
    bm25: BM25 of its best representation.
    positions: the positions of its representations among those that were scored.
    """

    passage: int
    max_sim: float
    bm25: float
    positions: tuple[int, ...]


def score_candidates(
    passages: NDArray[np.integer[Any]],
    is_annotation: NDArray[np.bool_],
    max_sim: MaxSimScores,
    bm25: Vector,
) -> list[CandidateScores]:
    """Gather the scores of representations into one candidate for each passage, in the order of the passages.

    passages, is_annotation: (representations,) whose each is, and whether it is an annotation's.

    A passage is matched as a whole, an annotation by its best segment: each of its questions is a text by itself. On
    four folders recall@1 is 0.69 with whole and best segment weighed 0.7 to 0.3, and 0.72 with the whole alone; on the
    development questions, which have annotations, 0.902 with the whole alone and 0.918 so.
    """
    scores = np.where(is_annotation, max_sim.best, max_sim.whole)
    order = np.argsort(passages, kind="stable")  # one passage's representations next to one another
    starts = np.flatnonzero(np.diff(passages[order], prepend=-1))
    counts = np.diff([*starts, len(order)])
    best = np.maximum.reduceat(scores[order], starts) + np.add.reduceat(scores[order], starts) / counts
    positions = order.tolist()
    return [
        CandidateScores(passage, interaction, words, tuple(positions[start : start + count]))
        for passage, interaction, words, start, count in zip(
            passages[order][starts].tolist(),
            best.tolist(),
            np.maximum.reduceat(bm25[order], starts).tolist(),
            starts.tolist(),
            counts.tolist(),
            strict=True,
        )
    ]


def fuse(candidates: Sequence[CandidateScores], config: RankingConfig) -> Vector:
    """Return one score for each candidate, (candidates,), relative to one another.

    Fused scores are in standard deviations of late interaction; those of one arm alone are its own.
    """
    max_sim = np.array([each.max_sim for each in candidates], dtype=np.float32)
    bm25 = np.array([each.bm25 for each in candidates], dtype=np.float32)
    if config.arm is Arm.LATE_INTERACTION:
        return max_sim
    if config.arm is Arm.BM25:
        return bm25
    return standardized(max_sim) + np.float32(config.bm25_weight) * standardized(bm25)


@dataclass(frozen=True, slots=True)
class SentenceCover:
    """Which segments of a passage's representations cover which of its sentences.

    segments: (pairs,) of a segment, numbered through all representations, and a sentence, by representation and
    sentence. starts: where the pairs of another representation and sentence begin. sentences: (starts,).
    """

    segments: NDArray[np.int64]
    starts: NDArray[np.int64]
    sentences: NDArray[np.int64]

    @classmethod
    def of(cls, representations: Sequence[Representation]) -> Self:
        """Return the cover by all segments of `representations` in turn."""
        pairs = []
        first = 0
        for number, representation in enumerate(representations):
            pairs += [
                (number, sentence, first + at)
                for at, segment in enumerate(representation.segments)
                for sentence in segment.sentences
            ]
            first += len(representation.segments)
        ordered = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 3)
        is_new = np.diff(ordered[:, :2], axis=0, prepend=-1).any(axis=1)
        return cls(ordered[:, 2], np.flatnonzero(is_new), ordered[is_new, 1])

    def score(self, segments: Vector) -> tuple[float, ...]:
        """Return a score for each sentence from those of all segments, (segments,).

        In each representation a sentence scores as the best segment that covers it; the mean over the representations
        that cover it is returned.
        """
        if not len(self.sentences):
            return ()
        best = np.maximum.reduceat(segments[self.segments], self.starts)
        counts = np.bincount(self.sentences)
        means = np.bincount(self.sentences, weights=best) / np.maximum(counts, 1)
        return tuple(means[counts > 0].tolist())
