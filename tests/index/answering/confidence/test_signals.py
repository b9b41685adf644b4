"""What the scores of a ranking say of its first passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.confidence.calibration import Features
from index.answering.engine import Index
from index.indexing.builder import build_store
from tests.fakes import FakeEncoder

FILLER = "\n\n".join(f"Paragraph {at} speaks of weather, ferries and number {at}." for at in range(30))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Return an index of many paragraphs, one of which is about a ferry's price."""
    documents = tmp_path / "documents"
    documents.mkdir()
    text = f"{FILLER}\n\nThe ferry to Dover costs forty pounds for a car with two passengers.\n\n{FILLER}"
    (documents / "ferry.txt").write_text(text, "utf-8")
    build_store(documents, tmp_path / "store", FakeEncoder())
    return Index.open(tmp_path / "store", FakeEncoder())


def features(index: Index, question: str) -> Features:
    return index.search(question).features


def test_a_rare_word_that_the_passage_lacks_is_seen_however_well_the_topic_matches(index: Index) -> None:
    answered = features(index, "The ferry to Dover costs forty pounds for a car")
    near = features(index, "The ferry to Dover costs forty pounds for a zeppelin moored overnight")
    assert near.weakest < answered.weakest
    assert near.coverage < answered.coverage


def test_a_question_in_the_passage_s_words_scores_above_the_unrelated_ones(index: Index) -> None:
    found = features(index, "The ferry to Dover costs forty pounds for a car")
    assert min(found.max_sim, found.segment, found.lead, found.weakest) > 0


def test_a_long_question_is_longer_than_the_unrelated_ones(index: Index) -> None:
    assert features(index, "ferry").length < 0 < features(index, "ferry " * 60).length
