"""The real model over the real documents: known questions, and both scripts alike."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.engine import Index
from index.text.chinese import converter
from index.types import Answer, Encoder

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]
ROWS = [json.loads(line) for line in (ROOT / "tests/evaluation/development.jsonl").read_text("utf-8").splitlines()]
# Every fifth Chinese question: some forty, of every kind.
CHINESE = [row["question"] for row in ROWS if row["language"] != "en"][::5]


@pytest.fixture(scope="module")
def index(real_store: Path, bundled_encoder: Encoder) -> Index:
    return Index.open(real_store, bundled_encoder)


def asked(index: Index, questions: list[str]) -> list[Answer]:
    """Ask one by one; what differs from one time to the next, and the question's own writing, is left out."""
    return [
        replace(index.ask(question, top=10), question="", searched_for=None, elapsed_ms=0.0)
        for question in questions
    ]


@pytest.fixture(scope="module")
def answers(index: Index) -> list[Answer]:
    return asked(index, CHINESE)


@pytest.mark.parametrize("name", ["s2t", "t2s"])
def test_ranking_and_decision_are_blind_to_the_question_s_script(
    index: Index, answers: list[Answer], name: str
) -> None:
    others = asked(index, [converter(name).convert(question) for question in CHINESE])
    assert [each for each, one, other in zip(CHINESE, answers, others, strict=True) if one != other] == []


@pytest.mark.parametrize("name", ["s2twp", "tw2sp"])
def test_ranking_and_decision_are_blind_to_regional_words_in_98_of_100_questions(
    index: Index, answers: list[Answer], name: str
) -> None:
    others = asked(index, [converter(name).convert(question) for question in CHINESE])
    assert sum(map(Answer.__eq__, answers, others)) >= 0.98 * len(CHINESE)


@pytest.mark.parametrize(
    ("question", "evidence"),
    [
        ("Llama 團隊還剩下多少人？", ["僅剩3人", "只剩下3个"]),
        ("Llama团队还剩下多少人？", ["僅剩3人", "只剩下3个"]),
        ("How many of the Llama authors are still at Meta?", ["僅剩3人", "只剩下3个"]),
        ("Who founded Mistral AI?", ["Mistral AI"]),
        ("Behemoth 為什麼延期？", ["Behemoth"]),
    ],
)
def test_a_known_question_is_hit_among_the_first_three(index: Index, question: str, evidence: list[str]) -> None:
    answer = index.ask(question)
    found = [quote.text for quote in (*answer.quotes, *answer.nearest)]
    assert [text for text in found if any(words in text for words in evidence)]


@pytest.mark.parametrize("question", ["What is the capital of Peru?", "台北今天的天氣如何？", "怎么做红烧肉？"])
def test_a_question_on_something_else_is_declined(index: Index, question: str) -> None:
    assert not index.ask(question).answered


def test_every_quote_to_every_tenth_question_is_verbatim(index: Index) -> None:
    texts = {document.name: document.text for document in index.library.documents}
    answers = [index.ask(row["question"], top=50) for row in ROWS[::10]]
    quotes = [quote for answer in answers for quote in (*answer.quotes, *answer.nearest)]
    assert [quote for quote in quotes if quote.text != texts[quote.document][quote.start : quote.end]] == []
