"""BM25 over normalized text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.bm25 import BM25Index
from index.text.terms import terms

TEXTS = ["llama模型發布", "羊駝模型发布", "the llama paper", ""]


@pytest.mark.parametrize(
    ("normalized", "expected"),
    [
        ("", []),
        ("，。!?", []),
        ("人", ["人"]),
        ("三个人", ["三个", "个人"]),
        ("llama的作者", ["llama", "的作", "作者"]),
        ("gpt-3.5和4", ["gpt", "3.5", "和", "4"]),
        ("1,000,000美元", ["1,000,000", "美元"]),
        ("2025年5月", ["2025", "年", "5", "月"]),
        ("snake_case", ["snake", "case"]),
        ("café שלום мир", ["café", "שלום", "мир"]),
        ("模型🦙发布", ["模型", "发布"]),
        ("𠀀𠀁", ["𠀀𠀁"]),
    ],
)
def test_text_is_cut_into_pairs_words_and_numbers(normalized: str, expected: list[str]) -> None:
    assert terms(normalized) == expected


@given(st.text())
def test_no_term_is_empty_or_holds_white_space(text: str) -> None:
    assert all(term and not any(map(str.isspace, term)) for term in terms(text))


def test_a_text_that_holds_the_term_scores_above_one_that_does_not() -> None:
    scores = BM25Index.build(TEXTS).scores(terms("llama"))
    assert scores[[0, 2]].min() > scores[[1, 3]].max() == 0


@pytest.mark.parametrize("asked", [[], ["unknown"], [""]])
def test_a_question_without_a_known_term_scores_nothing(asked: list[str]) -> None:
    assert BM25Index.build(TEXTS).scores(asked).tolist() == [0, 0, 0, 0]


def test_an_unknown_term_does_not_disturb_a_known_one() -> None:
    keywords = BM25Index.build(TEXTS)
    assert np.array_equal(keywords.scores(["llama", "unknown"]), keywords.scores(["llama"]))


def test_a_term_asked_twice_counts_once() -> None:
    keywords = BM25Index.build(TEXTS)
    assert np.array_equal(keywords.scores(["llama", "llama"]), keywords.scores(["llama"]))


def test_the_rarer_a_term_the_higher_its_rarity() -> None:
    rarities = [BM25Index.build(TEXTS).rarity(term) for term in ("llama", "paper", "unknown")]
    assert 0 < rarities[0] < rarities[1] < rarities[2]


@pytest.mark.parametrize("texts", [[""], ["", "，。"], ["人"]])
def test_texts_without_a_term_can_be_indexed(texts: list[str]) -> None:
    assert len(BM25Index.build(texts).scores(["人"])) == len(texts)


def test_scores_are_the_same_after_reopening(tmp_path: Path) -> None:
    keywords = BM25Index.build(TEXTS)
    keywords.save(tmp_path / "keywords")
    reopened = BM25Index.load(tmp_path / "keywords")
    assert np.array_equal(reopened.scores(["llama", "模型"]), keywords.scores(["llama", "模型"]))


def test_rarities_are_the_same_after_reopening(tmp_path: Path) -> None:
    keywords = BM25Index.build(TEXTS)
    keywords.save(tmp_path / "keywords")
    assert BM25Index.load(tmp_path / "keywords").rarity("llama") == keywords.rarity("llama")
