"""What is searched for: chat mark-up left out, misspelt words repaired, the topic of an earlier question lent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from index.answering.engine import Index
from index.indexing.builder import build_store
from index.types import Answer, Encoding, Query
from tests.fakes import FakeEncoder, encode


@dataclass
class CuttingEncoder(FakeEncoder):
    """Cuts the Latin words of questions into pieces of three letters, as a model cuts words that it does not know."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions; the pieces of a word have its vector."""
        self.questions += texts
        return [_cut(encode(text)) for text in texts]


def _cut(encoding: Encoding) -> Encoding:
    rows, offsets = [], []
    for row, (start, end) in enumerate(encoding.offsets.tolist()):
        for at in range(start, max(end, start + 1), 3):
            rows.append(row)
            offsets.append((at, min(at + 3, end)))
    return Encoding(encoding.pooled, encoding.tokens[rows], encoding.ids[rows], np.array(offsets, dtype=np.int32))


@pytest.fixture
def index(documents: Path, store: Path) -> Index:
    """Return an index whose encoder cuts words."""
    build_store(documents, store, CuttingEncoder())
    return Index.open(store, CuttingEncoder())


def first_text(answer: Answer) -> str:
    return (answer.quotes or answer.nearest)[0].text


def test_a_misspelt_word_is_repaired_and_the_answer_says_so(index: Index) -> None:
    answer = index.ask("Syntehtic 資料花了多少 dollrs?")
    assert answer.searched_for == "Synthetic 資料花了多少 dollars?"
    assert answer.question == "Syntehtic 資料花了多少 dollrs?"
    assert "six hundred dollars" in first_text(answer)


@pytest.mark.parametrize(
    "question", ["What did the alpacas cost?", "alpaca", "作者", "an unrelated zeppelin", "Q4?"]
)
def test_other_words_stay_as_they_are(index: Index, question: str) -> None:
    assert index.ask(question).searched_for is None


def test_chat_mark_up_is_not_searched_for(index: Index) -> None:
    plain, marked = index.ask("the cost"), index.ask("<@902183746152310784> the cost <:llama:1234567>")
    assert marked.searched_for is None
    assert marked.confidence == plain.confidence


def test_a_question_without_a_topic_is_asked_behind_the_earlier_one(index: Index) -> None:
    answer = index.ask("why so much", previous="Nobody expected the alpacas demo")
    assert answer.searched_for == "Nobody expected the alpacas demo why so much"
    assert "Nobody expected the demo" in first_text(answer)


def test_a_question_with_its_own_topic_is_asked_alone(index: Index) -> None:
    answer = index.ask("十四位作者", previous="the alpacas")
    assert answer.searched_for is None
    assert answer.quotes == index.ask("十四位作者").quotes


def test_each_of_several_questions_has_its_own_earlier_one(index: Index) -> None:
    queries = [
        Query("作者"),
        Query("why so much", previous="the alpacas"),
        Query("why so much", previous="開源社群"),
    ]
    assert [each.searched_for for each in index.ask_many(queries)] == [
        None,
        "the alpacas why so much",
        "開源社群 why so much",
    ]


@pytest.mark.parametrize("previous", ["", " \n ", "\u200b"])
def test_an_empty_earlier_question_lends_nothing(index: Index, previous: str) -> None:
    assert index.ask("why so much", previous=previous).searched_for is None


def test_a_long_earlier_question_lends_its_beginning(index: Index) -> None:
    answer = index.ask("why so much", previous="the alpacas " * 80)
    assert answer.searched_for is not None
    assert answer.searched_for.startswith("the alpacas the alpacas")
    assert answer.searched_for.endswith(" why so much")
    assert len(answer.searched_for) < 220


def test_a_question_with_a_foreign_topic_of_its_own_is_lent_none(index: Index) -> None:
    answer = index.ask("how is the weather", previous="Nobody expected the alpacas demo")

    assert answer.searched_for is None
