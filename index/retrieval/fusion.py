"""One score for each candidate passage from the scores of its representations."""

from __future__ import annotations

from collections import defaultdict
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

    segments: for each covered sentence, in order, and each representation that covers it, the segments that do,
    numbered through all representations.
    """

    segments: tuple[tuple[tuple[int, ...], ...], ...]

    @classmethod
    def of(cls, representations: Sequence[Representation]) -> Self:
        """Return the cover by all segments of `representations` in turn."""
        covering: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
        first = 0
        for representation in representations:
            own: defaultdict[int, list[int]] = defaultdict(list)
            for number, segment in enumerate(representation.segments, first):
                for sentence in segment.sentences:
                    own[sentence].append(number)
            for sentence, numbers in own.items():
                covering[sentence].append(tuple(numbers))
            first += len(representation.segments)
        return cls(tuple(tuple(covering[sentence]) for sentence in sorted(covering)))

    def score(self, segments: Vector) -> tuple[float, ...]:
        """Return a score for each sentence from those of all segments, (segments,).

        In each representation a sentence scores as the best segment that covers it; the mean over the representations
        that cover it is returned.
        """
        scores: list[float] = segments.tolist()  # numpy takes longer for so few
        return tuple(
            sum([max([scores[number] for number in numbers]) for numbers in covering]) / len(covering)
            for covering in self.segments
        )
