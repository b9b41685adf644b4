"""The scores that the reader is told, against a plain comparison, one passage at a time."""

from __future__ import annotations

from dataclasses import astuple, fields
from math import log1p
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.reading.scores import WIDTH, ComparedScores, PassageScores, column

OWN = [each.name for each in fields(PassageScores)]
LEADS = [name for name in OWN if name != "headings"]
DEVIATIONS = ["whole", "in_context", "dense", "bm25"]
SHARED = ["length", "crosses", "mean", "spread"]
LEAST_SPREAD = 1e-3

score = st.floats(-1, 30, width=16)
passages = st.lists(st.builds(PassageScores, *[score] * len(OWN)), min_size=1, max_size=10)


def compare(scores: list[PassageScores], tokens: int = 7) -> ComparedScores:
    return ComparedScores.of(scores, tokens=tokens, crosses=[False] * len(scores))


def test_each_column_has_a_name_of_its_own() -> None:
    names = [*OWN, *(f"{name} lead" for name in LEADS), *(f"{name} deviation" for name in DEVIATIONS), *SHARED]
    assert [column(name) for name in names] == list(range(WIDTH))


@given(passages)
def test_a_passage_has_its_own_scores_and_those_against_the_others(scores: list[PassageScores]) -> None:
    table = compare(scores).table
    assert table.shape == (len(scores), WIDTH)
    assert table.dtype == np.float32
    for at, row in enumerate(table):
        assert row[: len(OWN)].tolist() == pytest.approx(astuple(scores[at]))
        for name in LEADS:
            every = [getattr(each, name) for each in scores]
            others = every[:at] + every[at + 1 :]
            lead = every[at] - (fmean(others) if others else 0)
            assert row[column(f"{name} lead")] == pytest.approx(lead, abs=1e-4)
        for name in DEVIATIONS:
            every = [getattr(each, name) for each in scores]
            deviation = (every[at] - fmean(every)) / (pstdev(every) + LEAST_SPREAD)
            assert row[column(f"{name} deviation")] == pytest.approx(deviation, rel=1e-3, abs=0.01)


@given(passages, st.integers(1, 400))
def test_what_all_share_is_of_the_question_and_of_what_comes_behind_the_first(
    scores: list[PassageScores], tokens: int
) -> None:
    behind = [each.whole for each in scores[1:] or scores]
    crosses = [bool(at % 2) for at in range(len(scores))]
    table = ComparedScores.of(scores, tokens=tokens, crosses=crosses).table
    assert table[:, column("crosses")].tolist() == crosses
    for name, expected in (("length", log1p(tokens)), ("mean", fmean(behind)), ("spread", pstdev(behind))):
        assert table[:, column(name)].tolist() == pytest.approx([expected] * len(scores), abs=1e-4)


def test_a_passage_alone_deviates_from_nothing() -> None:
    [row] = compare([PassageScores(0.5, 0.6, 0.7, 0.1, 0.8, 12.0, 0.4)]).table
    assert [row[column(f"{name} deviation")] for name in DEVIATIONS] == [0] * 4
    assert (row[column("mean")], row[column("spread")]) == (np.float32(0.5), 0)
    assert np.isfinite(row).all()


@given(score, st.integers(2, 10))
def test_passages_that_score_alike_neither_lead_nor_deviate(value: float, count: int) -> None:
    table = compare([PassageScores(*[value] * len(OWN))] * count).table
    compared = [f"{name} lead" for name in LEADS] + [f"{name} deviation" for name in DEVIATIONS]
    assert table[:, [column(name) for name in compared]] == pytest.approx(0, abs=0.01)


@given(passages)
def test_the_order_of_those_behind_the_first_does_not_count(scores: list[PassageScores]) -> None:
    first, *others = scores
    turned = [first, *reversed(others)]
    expected = compare(scores).table[[0, *range(len(others), 0, -1)]]
    assert compare(turned).table == pytest.approx(expected, rel=1e-3, abs=0.01)
