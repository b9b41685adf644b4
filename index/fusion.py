"""One score for each candidate passage, out of what its views say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.rerank import Late
from index.types import Vector
from index.views import View

# Chosen on tests/evaluation/development.jsonl, XQuAD, DRCD and STARD; `python -m index evaluate --bench` scores
# them. Recall@1 on the first is 0.91 to 0.93 for piece weights from 0.5 to 1 with keyword weights of 0.2 and 0.3,
# 0.87 to 0.91 with 0 and 0.1.
PIECE_WEIGHT = np.float32(0.7)  # a view's best piece, against the whole view
KEYWORD_WEIGHT = np.float32(0.2)  # BM25, in standard deviations of the candidates, within a language


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one candidate passage has to say for itself.

    late: late interaction over its views, best and mean together: about -0.4 to 1.8.
    keywords: BM25 of its best view in the question's language; 0 when there is none.
    positions: where its views stand among the numbered ones.
    """

    passage: int
    late: float
    keywords: float
    positions: tuple[int, ...]


Fuse = Callable[[Sequence[Evidence]], Vector]


def weigh(
    views: Sequence[View], numbers: Sequence[int], late: Late, keywords: Vector, *, chinese: bool
) -> list[Evidence]:
    """Gather the scores of the numbered views into evidence for their passages, in the order of the passages."""
    scores = (1 - PIECE_WEIGHT) * late.whole + PIECE_WEIGHT * late.best
    chosen = [views[number] for number in numbers]
    same = np.array([view.is_chinese == chinese for view in chosen])
    found = np.where(same, keywords[list(numbers)], 0)
    passages = np.array([view.passage for view in chosen])
    order = np.argsort(passages, kind="stable")  # one passage's views next to one another
    starts = np.flatnonzero(np.diff(passages[order], prepend=-1))
    counts = np.diff([*starts, len(order)])
    best = np.maximum.reduceat(scores[order], starts) + np.add.reduceat(scores[order], starts) / counts
    return [
        Evidence(passage, sure, words, tuple(positions.tolist()))
        for passage, sure, words, positions in zip(
            passages[order][starts].tolist(),
            best.tolist(),
            np.maximum.reduceat(found[order], starts).tolist(),
            np.split(order, starts[1:]),
            strict=True,
        )
    ]


def fuse(evidence: Sequence[Evidence]) -> Vector:
    """Score candidates against one another: (candidates,), in standard deviations of late interaction.

    Keywords count only within a language (they are 0 across), and little: an equal weight loses to late
    interaction alone on every set but one.
    """
    late = np.array([each.late for each in evidence], dtype=np.float32)
    keywords = np.array([each.keywords for each in evidence], dtype=np.float32)
    return _standard(late) + KEYWORD_WEIGHT * _standard(keywords)


def late_alone(evidence: Sequence[Evidence]) -> Vector:
    """Rank by late interaction only, to measure against."""
    return np.array([each.late for each in evidence], dtype=np.float32)


def keywords_alone(evidence: Sequence[Evidence]) -> Vector:
    """Rank by keywords only, to measure against."""
    return np.array([each.keywords for each in evidence], dtype=np.float32)


def score_sentences(views: Sequence[View], pieces: Sequence[Vector]) -> tuple[float, ...]:
    """Score each sentence of a passage by its mean over the views, of the best piece that speaks for it."""
    spoken: dict[int, list[float]] = {}
    for view, scores in zip(views, pieces, strict=True):
        best: dict[int, float] = {}
        for piece, score in zip(view.pieces, scores.tolist(), strict=True):
            for number in piece.sentences:
                best[number] = max(best.get(number, score), score)
        for number, score in best.items():
            spoken.setdefault(number, []).append(score)
    return tuple(sum(spoken[number]) / len(spoken[number]) for number in sorted(spoken))


def _standard(scores: Vector) -> Vector:
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-6), dtype=np.float32)
