"""The scores of a passage's representations → one score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.corpus.representations import Representation, Segment
from index.retrieval.fusion import (
    CandidateScores,
    SentenceCover,
    fuse,
    score_candidates,
)
from index.retrieval.interaction.late_interaction import MaxSimScores
from index.retrieval.ranking_config import DEFAULT_RANKING, Arm, RankingConfig
from index.text.chinese import has_han
from index.types import Span, Vector


def representation(
    passage: int, text: str, *sentences: tuple[int, ...], is_annotation: bool = False
) -> Representation:
    segments = tuple(Segment(Span(0, len(text)), each) for each in sentences)
    return Representation(passage, text, segments, is_annotation=is_annotation, is_chinese=has_han(text))


REPRESENTATIONS = [
    representation(0, "中文", (0,), (1,)),
    representation(1, "中文", (0,)),
    representation(1, "english", (0,), is_annotation=True),
    representation(2, "english", (0,), (1,), (2,)),
    representation(2, "english", (0, 1, 2), is_annotation=True),
]


def max_sim(*segments: list[float]) -> MaxSimScores:
    scores = np.concatenate([np.array(each, dtype=np.float32) for each in segments])
    whole = np.array([sum(each) for each in segments], dtype=np.float32)
    return MaxSimScores(
        whole=whole,
        scores=scores,
        ends=np.cumsum([0, *map(len, segments)]),
        weights=np.ones(1, dtype=np.float32),
        whole_matches=whole[np.newaxis],
        matches=scores[np.newaxis],
        headings=np.full((1, len(segments)), -1, dtype=np.float32),
    )


MAX_SIM = max_sim([0.2, 0.6], [0.1], [0.5], [0.3, 0.2, 0.1], [0.25])
BM25: Vector = np.array([1, 2, 4, 8, 16], dtype=np.float32)


def gather(representations: Sequence[Representation], scores: MaxSimScores, bm25: Vector) -> list[CandidateScores]:
    passages = np.array([each.passage for each in representations])
    return score_candidates(passages, np.array([each.is_annotation for each in representations]), scores, bm25)


def candidate_scores() -> list[CandidateScores]:
    return gather(REPRESENTATIONS, MAX_SIM, BM25)


def test_candidates_come_in_the_order_of_the_passages() -> None:
    shuffled = gather(
        [REPRESENTATIONS[at] for at in (3, 4, 0, 1, 2)],
        max_sim([0.3, 0.2, 0.1], [0.25], [0.2, 0.6], [0.1], [0.5]),
        BM25,
    )
    assert [each.passage for each in shuffled] == [each.passage for each in candidate_scores()] == [0, 1, 2]


def test_late_interaction_is_the_sum_of_the_best_representation_and_the_mean() -> None:
    assert candidate_scores()[1].max_sim == pytest.approx(0.5 + (0.1 + 0.5) / 2, abs=1e-6)


def test_a_passage_is_matched_as_a_whole_and_an_annotation_by_its_best_segment() -> None:
    own = gather([representation(0, "中文", (0,), (1,))], max_sim([0.2, 0.6]), BM25[:1])
    annotation = representation(0, "中文", (0,), (1,), is_annotation=True)
    written = gather([annotation], max_sim([0.2, 0.6]), BM25[:1])
    assert own[0].max_sim == pytest.approx(2 * 0.8)  # the fake whole is the sum of the segments
    assert written[0].max_sim == pytest.approx(2 * 0.6)


def test_bm25_is_that_of_the_best_representation() -> None:
    assert [each.bm25 for each in candidate_scores()] == [1, 4, 16]


@pytest.mark.parametrize(("numbers", "expected"), [((0,), (0.2, 0.6)), ((3, 4), (0.275, 0.225, 0.175))])
def test_a_sentence_s_score_is_its_mean_over_the_representations_that_cover_it(
    numbers: tuple[int, ...], expected: tuple[float, ...]
) -> None:
    cover = SentenceCover.of([REPRESENTATIONS[each] for each in numbers])
    scores = cover.score(np.concatenate([MAX_SIM.segments(each) for each in numbers]))
    assert scores == pytest.approx(expected)


def test_the_best_of_several_segments_that_cover_a_sentence_counts() -> None:
    several = representation(0, "words", (0,), (0,), (0, 1), is_annotation=True)
    segments = np.array([0.1, 0.7, 0.3], dtype=np.float32)
    assert SentenceCover.of([several]).score(segments) == pytest.approx((0.7, 0.3))


def test_a_candidate_knows_the_positions_of_its_representations() -> None:
    assert [each.positions for each in candidate_scores()] == [(0,), (1, 2), (3, 4)]


def candidates(*scores: tuple[float, float]) -> list[CandidateScores]:
    return [CandidateScores(at, max_sim, bm25, (at,)) for at, (max_sim, bm25) in enumerate(scores)]


def test_scores_do_not_change_when_late_interaction_is_shifted_and_stretched() -> None:
    one = fuse(candidates((0.1, 0), (0.5, 3), (0.4, 1)), DEFAULT_RANKING)
    other = fuse(candidates((1.2, 0), (2.0, 3), (1.8, 1)), DEFAULT_RANKING)
    assert one.tolist() == pytest.approx(other.tolist(), abs=1e-3)


def test_bm25_decides_between_equals() -> None:
    assert fuse(candidates((0.5, 1), (0.5, 2)), DEFAULT_RANKING).argmax() == 1


def test_bm25_weighs_less_than_late_interaction() -> None:
    assert DEFAULT_RANKING.bm25_weight < 1
    assert fuse(candidates((0.6, 0), (0.5, 9)), DEFAULT_RANKING).argmax() == 0


def test_one_candidate_has_a_score() -> None:
    assert np.isfinite(fuse(candidates((0.5, 1)), DEFAULT_RANKING)).all()


@pytest.mark.parametrize(("arm", "expected"), [(Arm.LATE_INTERACTION, [0.5, 0.25]), (Arm.BM25, [1, 2])])
def test_one_arm_alone_ranks_by_its_own_scores(arm: Arm, expected: list[float]) -> None:
    assert fuse(candidates((0.5, 1), (0.25, 2)), RankingConfig(arm=arm)).tolist() == expected
