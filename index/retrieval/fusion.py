"""One score for each candidate passage, out of what its representations say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.corpus.representations import Representation
from index.retrieval.late_interaction import MaxSimScores
from index.types import Vector

# Chosen on tests/evaluation/development.jsonl, XQuAD, DRCD and STARD; `python -m index evaluate --bench` scores
# them. Recall@1 on the first is 0.91 to 0.93 for segment weights from 0.5 to 1 with keyword weights of 0.2 and 0.3,
# 0.87 to 0.91 with 0 and 0.1.
SEGMENT_WEIGHT = np.float32(0.7)  # a representation's best segment, against the whole representation
BM25_WEIGHT = np.float32(0.2)  # BM25, in standard deviations of the candidates, within a language


@dataclass(frozen=True, slots=True)
class CandidateScores:
    """What one candidate passage has to say for itself.

    max_sim: late interaction over its representations, best and mean together: about -0.4 to 1.8.
    keywords: BM25 of its best representation in the question's language; 0 when there is none.
    positions: where its representations stand among the numbered ones.
    """

    passage: int
    max_sim: float
    keywords: float
    positions: tuple[int, ...]


Fuse = Callable[[Sequence[CandidateScores]], Vector]


def score_candidates(
    representations: Sequence[Representation],
    numbers: Sequence[int],
    max_sim: MaxSimScores,
    keywords: Vector,
    *,
    chinese: bool,
) -> list[CandidateScores]:
    """Gather the scores of the numbered representations into candidates for their passages, in the order of the passages."""
    scores = (1 - SEGMENT_WEIGHT) * max_sim.whole + SEGMENT_WEIGHT * max_sim.best
    chosen = [representations[number] for number in numbers]
    same = np.array([representation.is_chinese == chinese for representation in chosen])
    found = np.where(same, keywords[list(numbers)], 0)
    passages = np.array([representation.passage for representation in chosen])
    order = np.argsort(passages, kind="stable")  # one passage's representations next to one another
    starts = np.flatnonzero(np.diff(passages[order], prepend=-1))
    counts = np.diff([*starts, len(order)])
    best = np.maximum.reduceat(scores[order], starts) + np.add.reduceat(scores[order], starts) / counts
    return [
        CandidateScores(passage, sure, words, tuple(positions.tolist()))
        for passage, sure, words, positions in zip(
            passages[order][starts].tolist(),
            best.tolist(),
            np.maximum.reduceat(found[order], starts).tolist(),
            np.split(order, starts[1:]),
            strict=True,
        )
    ]


def fuse(candidates: Sequence[CandidateScores]) -> Vector:
    """Score candidates against one another: (candidates,), in standard deviations of late interaction.

    BM25Index count only within a language (they are 0 across), and little: an equal weight loses to max_sim
    interaction alone on every set but one.
    """
    max_sim = np.array([each.max_sim for each in candidates], dtype=np.float32)
    keywords = np.array([each.keywords for each in candidates], dtype=np.float32)
    return _standard(max_sim) + BM25_WEIGHT * _standard(keywords)


def late_interaction_alone(candidates: Sequence[CandidateScores]) -> Vector:
    """Rank by late interaction only, to measure against."""
    return np.array([each.max_sim for each in candidates], dtype=np.float32)


def bm25_alone(candidates: Sequence[CandidateScores]) -> Vector:
    """Rank by keywords only, to measure against."""
    return np.array([each.keywords for each in candidates], dtype=np.float32)


def score_sentences(representations: Sequence[Representation], segments: Sequence[Vector]) -> tuple[float, ...]:
    """Score each sentence of a passage by its mean over the representations, of the best segment that speaks for it."""
    spoken: dict[int, list[float]] = {}
    for representation, scores in zip(representations, segments, strict=True):
        best: dict[int, float] = {}
        for segment, score in zip(representation.segments, scores.tolist(), strict=True):
            for number in segment.sentences:
                best[number] = max(best.get(number, score), score)
        for number, score in best.items():
            spoken.setdefault(number, []).append(score)
    return tuple(sum(spoken[number]) / len(spoken[number]) for number in sorted(spoken))


def _standard(scores: Vector) -> Vector:
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-6), dtype=np.float32)
