"""BM25 over the terms of texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.candidates.bm25 import BM25Index
from index.text.terms import terms

TEXTS = ["llama模型發布", "羊駝模型发布", "the llama paper", ""]


def built(texts: list[str]) -> BM25Index:
    return BM25Index.build(map(terms, texts))


def test_a_text_that_holds_the_term_scores_above_one_that_does_not() -> None:
    scores = built(TEXTS).scores(terms("llama"))
    assert scores[[0, 2]].min() > scores[[1, 3]].max() == 0


@pytest.mark.parametrize("asked", [[], ["unknown"], [""]])
def test_a_question_without_a_known_term_scores_nothing(asked: list[str]) -> None:
    assert built(TEXTS).scores(asked).tolist() == [0, 0, 0, 0]


def test_an_unknown_term_does_not_disturb_a_known_one() -> None:
    index = built(TEXTS)
    assert np.array_equal(index.scores(["llama", "unknown"]), index.scores(["llama"]))


def test_a_term_asked_twice_counts_once() -> None:
    index = built(TEXTS)
    assert np.array_equal(index.scores(["llama", "llama"]), index.scores(["llama"]))


def test_the_rarer_a_term_the_higher_its_rarity() -> None:
    rarities = [built(TEXTS).rarity(term) for term in ("llama", "paper", "unknown")]
    assert 0 < rarities[0] < rarities[1] < rarities[2]


@pytest.mark.parametrize("texts", [[""], ["", "，。"], ["人"]])
def test_texts_without_a_term_can_be_indexed(texts: list[str]) -> None:
    assert len(built(texts).scores(["人"])) == len(texts)


def test_scores_are_the_same_after_reopening(tmp_path: Path) -> None:
    index = built(TEXTS)
    index.save(tmp_path / "index")
    reopened = BM25Index.load(tmp_path / "index")
    assert np.array_equal(reopened.scores(["llama", "模型"]), index.scores(["llama", "模型"]))


def test_rarities_are_the_same_after_reopening(tmp_path: Path) -> None:
    index = built(TEXTS)
    index.save(tmp_path / "index")
    assert BM25Index.load(tmp_path / "index").rarity("llama") == index.rarity("llama")


def test_copies_neither_lower_a_rarity_nor_a_score() -> None:
    copied = BM25Index.build(map(terms, [TEXTS[0], *TEXTS]), distinct=np.array([0, 0, 1, 2, 3]))
    single = built(TEXTS)
    assert [copied.rarity(term) for term in ("模型", "llama", "new")] == [
        single.rarity(term) for term in ("模型", "llama", "new")
    ]
    both = copied.scores(terms("模型"))
    assert both[0] == both[1] >= BM25Index.build(map(terms, [TEXTS[0], *TEXTS])).scores(terms("模型"))[0]
    assert (both > 0).tolist() == [True, True, True, False, False]


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=4), min_size=1, max_size=6), st.data())
def test_a_text_repeated_any_number_of_times_leaves_every_rarity(
    texts: list[list[str]], data: st.DataObject
) -> None:
    numbers = list(range(len(texts))) + data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6))
    repeated = BM25Index.build([texts[number] for number in numbers], distinct=np.array(numbers))
    single = BM25Index.build(texts)
    assert [repeated.rarity(term) for term in "abcdef"] == [single.rarity(term) for term in "abcdef"]


WORDS = ["llama", "alpaca", "wool", "grass", "andes", "paper", "羊", "駝"]
SOME_TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=40)
SOME_QUESTION = st.lists(st.sampled_from([*WORDS, "unknown", ""]), max_size=6)


@given(texts=SOME_TEXTS, question=SOME_QUESTION)
def test_some_texts_score_to_the_last_bit_as_they_do_among_all(
    texts: list[list[str]], question: list[str]
) -> None:
    index = BM25Index.build(texts)
    numbers = list(range(len(texts)))[::-2]
    assert np.array_equal(index.scores_of(question, numbers), index.scores(question)[numbers])


@given(texts=SOME_TEXTS, question=SOME_QUESTION, count=st.integers(1, 8))
def test_the_best_of_many_texts_are_found_without_scoring_all(
    texts: list[list[str]], question: list[str], count: int
) -> None:
    index = BM25Index.build(texts)
    scores = index.scores(question)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.retrieval.candidates.bm25._MOST_SCORED", 0)
        found = index.best(question, count)
    highest = np.sort(scores[scores > 0])[::-1][:count]
    assert len(set(found)) == len(found)
    assert np.allclose(np.sort(scores[found])[::-1], highest)


def test_a_large_index_is_mapped_and_scores_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = built(TEXTS)
    index.save(tmp_path)
    monkeypatch.setattr("index.retrieval.candidates.bm25._MAPPED_BYTES", 0)
    mapped = BM25Index.load(tmp_path)
    assert isinstance(mapped._index.scores["data"], np.memmap)
    assert np.array_equal(mapped.scores(terms("llama")), index.scores(terms("llama")))
    assert mapped.best(terms("llama"), 2) == index.best(terms("llama"), 2)
