"""Late interaction: MaxSim between the tokens of a question and those of representations.

Khattab & Zaharia 2020 (ColBERT), without its training: the token vectors of a pooled-embedding model nearly share
one direction, so most of their language's mean is subtracted first. A question's tokens are weighted by rarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.retrieval.interaction.token_index import TokenIndex, starts_of
from index.retrieval.interaction.token_vectors import PassageTokens, ReadTokens
from index.retrieval.ranking_config import RankingConfig, TokenWeighting
from index.types import Encoding, Vector

# What the title and headings, and the segment before, lend a segment whose sentence may be highlighted, as a share of
# what a token gains by them. The best sentence meets the evidence, with 0 and 0, then with these: real talk 0.855 and
# 0.881, development 0.921 and 0.941, the folder cairn-rpg 0.903 in both; the two highlighted ones 0.959 in both, 0.965
# and 0.980, 0.935 and 0.968.
_HEADINGS_SHARE = np.float32(0.5)
_PREVIOUS_SHARE = np.float32(0.3)


@dataclass(frozen=True, slots=True)
class MaxSimScores:
    """Weighted MaxSim of one question with some representations: each score about -0.2 to 0.9.

    whole: (representations,) against all tokens of a representation, title and headings among them.
    scores: (segments,) of all representations in turn; representation `at` has those from ends[at] to ends[at+1].
    weights: (question tokens,) of which the scores are the weighted means; they sum to 1.
    whole_matches: (question tokens, representations) each token's best match in each representation.
    matches: (question tokens, segments) the same in each segment.
    headings: (question tokens, representations) the same in title and headings, -1 where there are none.
    """

    whole: Vector
    scores: Vector
    ends: NDArray[np.int64]
    weights: Vector
    whole_matches: Vector
    matches: Vector
    headings: Vector

    @property
    def best(self) -> Vector:
        """Each representation's best segment: (representations,)."""
        return np.asarray(np.maximum.reduceat(self.scores, self.ends[:-1]), dtype=np.float32)

    @property
    def strongest(self) -> float:
        """The best match of any token of the question."""
        return float(max(self.matches.max(), self.headings.max()))

    def segments(self, at: int) -> Vector:
        """Return the scores of one representation's segments, in order."""
        return self.scores[self.ends[at] : self.ends[at + 1]]

    def in_context(self) -> Vector:
        """Return the scores of all segments with part of what stands above and before each: (segments,).

        A sentence need not repeat the name that its heading or the sentence before it has.
        """
        own, firsts = self.matches, self.ends[:-1]
        previous = np.concatenate([own[:, :1], own[:, :-1]], axis=1)
        previous[:, firsts] = own[:, firsts]
        by_headings = np.maximum(np.repeat(self.headings, np.diff(self.ends), axis=1) - own, 0)
        by_previous = np.maximum(previous - own, 0)
        lent = _HEADINGS_SHARE * by_headings + _PREVIOUS_SHARE * by_previous
        return weighted(self.weights, own + lent)


class MaxSim:
    """Scores the representations of a token index."""

    def __init__(self, tokens: TokenIndex) -> None:
        self._tokens = tokens

    def score(
        self, question: Encoding, representations: Sequence[int], *, chinese: bool, config: RankingConfig
    ) -> MaxSimScores:
        """Return the scores of `representations` for a question that is, or is not, Chinese."""
        asked = self._centered(question, chinese=chinese, config=config)
        chosen = np.asarray(representations)
        firsts = starts_of(self._tokens.ends, chosen)
        lengths = self._tokens.ends[chosen] - firsts
        starts = np.cumsum(lengths) - lengths
        similarity = self._tokens.similarities(asked, chosen, np.float32(config.centering))
        weights = self._weights(question.ids, config.token_weighting)
        first_segments = starts_of(self._tokens.segment_ends, chosen)
        counts = self._tokens.segment_ends[chosen] - first_segments
        segments = np.arange(counts.sum()) + np.repeat(first_segments - (np.cumsum(counts) - counts), counts)
        ranges = self._tokens.segment_ranges[segments] + np.repeat(starts - firsts, counts)[:, np.newaxis]
        ends = np.concatenate([[0], np.cumsum(counts)])
        best, headings, matches = _best_matches(similarity, starts, ranges, ends)
        whole, scores = weighted(weights, best), weighted(weights, matches)
        return MaxSimScores(whole, scores, ends, weights, best, matches, headings)

    def read_tokens(
        self, question: Encoding, representations: Sequence[int], *, chinese: bool, config: RankingConfig
    ) -> ReadTokens:
        """Return the centered vectors of a question that is, or is not, Chinese, and of each representation."""
        return ReadTokens(
            asked=self._centered(question, chinese=chinese, config=config),
            weights=self._weights(question.ids, config.token_weighting),
            passages=self.passage_tokens(representations, config),
        )

    def passage_tokens(self, representations: Sequence[int], config: RankingConfig) -> tuple[PassageTokens, ...]:
        """Return the centered vectors of each representation."""
        index, centering = self._tokens, np.float32(config.centering)
        return tuple(
            PassageTokens(_unit(index.centered(number, centering)), index.headings(number))
            for number in representations
        )

    def _centered(self, question: Encoding, *, chinese: bool, config: RankingConfig) -> Vector:
        mean = self._tokens.question_means[int(chinese)]
        return _unit(question.tokens - np.float32(config.centering) * mean)

    def _weights(self, ids: NDArray[np.int32], weighting: TokenWeighting) -> Vector:
        """Return the weight of each of a question's tokens; they sum to 1."""
        if weighting is TokenWeighting.UNIFORM:
            return np.full(len(ids), 1 / max(1, len(ids)), dtype=np.float32)
        rarity = np.sqrt(self._tokens.rarity(ids))
        return np.asarray(rarity / rarity.sum(), dtype=np.float32)


def weighted(weights: Vector, matches: Vector) -> Vector:
    """Return the sums of `matches`, (question tokens, columns), by the tokens' weights: (columns,).

    Rarely, OpenBLAS reports an invalid operation on finite numbers, whose sums are right all the same (as in numpy
    #24067): that report is left out.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(weights @ matches, dtype=np.float32)


def _best_matches(
    similarity: Vector, starts: NDArray[np.int64], segments: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[Vector, Vector, Vector]:
    """Return each question token's best match in each representation, in its headings, and in each segment.

    similarity: (question tokens, tokens + 1). starts: (representations,) where their tokens begin; segments:
    (segments, 2) ranges of tokens, of which representation `at` has those from ends[at] to ends[at+1]. What has no
    token has -1. All three come of one pass: a representation is its headings, its segments and what is between them.
    """
    representations = np.arange(len(starts))
    ranges = np.empty((len(starts) + len(segments), 2), dtype=np.int64)
    is_heading = np.zeros(len(ranges), dtype=bool)
    is_heading[ends[:-1] + representations] = True
    ranges[is_heading] = np.stack([starts, segments[ends[:-1], 0]], axis=1)
    ranges[~is_heading] = segments
    bounds = ranges.ravel()
    maxima = np.maximum.reduceat(similarity, bounds, axis=1)
    maxima[:, np.flatnonzero(bounds[:-1] >= bounds[1:])] = -1  # `reduceat` has what follows for an empty range
    whole = np.maximum.reduceat(maxima, 2 * np.flatnonzero(is_heading), axis=1)
    inside = maxima[:, ::2]
    return whole, inside[:, is_heading], inside[:, ~is_heading]


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
