"""The share of a question's words that a text holds."""

from __future__ import annotations

import pytest

from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.reading.coverage import coverages
from tests.index.retrieval.test_searcher import TEXTS, build, query


@pytest.fixture(scope="module")
def hybrid(tmp_path_factory: pytest.TempPathFactory) -> HybridIndex:
    return build(tmp_path_factory.mktemp("covered"), TEXTS)[1]


def test_a_text_holds_all_some_or_none_of_the_words(hybrid: HybridIndex) -> None:
    whole, some, none = coverages(query("soft wool"), ["wool that is soft", "wool", "grass"], hybrid)
    assert (whole, none) == (1, 0)
    assert some == pytest.approx(0.5)


def test_a_rare_word_counts_for_more_than_a_frequent_one(hybrid: HybridIndex) -> None:
    frequent, rare = coverages(query("the wool"), ["the", "wool"], hybrid)
    assert 0 < frequent < rare
    assert frequent + rare == pytest.approx(1)


def test_a_word_that_is_asked_twice_counts_once(hybrid: HybridIndex) -> None:
    assert coverages(query("wool wool soft"), ["wool"], hybrid) == coverages(query("wool soft"), ["wool"], hybrid)


def test_words_that_no_document_has_count_as_missing(hybrid: HybridIndex) -> None:
    assert coverages(query("wool zebra"), ["wool"], hybrid)[0] < 0.5


def test_a_question_without_words_is_covered_by_nothing(hybrid: HybridIndex) -> None:
    assert coverages(query("?!"), ["wool", ""], hybrid) == [0, 0]
    assert coverages(query("wool"), [], hybrid) == []
