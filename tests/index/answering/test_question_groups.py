"""Questions grouped by meaning: in either Chinese script, in any number, each once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import group_questions
from index.answering import question_groups
from index.types import Encoder
from tests.fakes import FakeEncoder


def test_the_same_words_are_one_group_and_others_are_not() -> None:
    questions = ("How many are left?", "Why was it delayed?", "how many are left", "Why was it delayed now?")

    assert group_questions(questions, FakeEncoder()) == ((0, 2), (1, 3))


def test_either_script_is_the_same_question() -> None:
    encoder = FakeEncoder()

    assert group_questions(("還剩下多少人？", "还剩下多少人？"), encoder) == ((0, 1),)
    assert encoder.questions == []


@pytest.mark.parametrize("questions", [(), ("How many?",)])
def test_none_or_one_needs_no_model(questions: tuple[str, ...]) -> None:
    encoder = FakeEncoder()

    assert group_questions(questions, encoder) == tuple((number,) for number in range(len(questions)))
    assert encoder.questions == []


def test_those_beyond_the_most_are_grouped_by_their_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_groups, "MOST_COMPARED", 2)
    encoder = FakeEncoder()
    groups = group_questions(("one two", "three four", "five six", "five six now", "Five six"), encoder)

    assert groups == ((0,), (1,), (2, 4), (3,))
    assert len(encoder.questions) == 2


@given(st.lists(st.text(max_size=30), max_size=20))
def test_every_question_is_in_one_group(questions: list[str]) -> None:
    groups = group_questions(questions, FakeEncoder())

    assert sorted(number for group in groups for number in group) == list(range(len(questions)))


@pytest.mark.model
def test_the_real_model_groups_across_languages(bundled_encoder: Encoder) -> None:
    questions = (
        "Did any of the leavers go to Nvidia or Microsoft?",
        "早期的 Llama 给开发者圈子带来了什么？",
        "有人跳槽去輝達或微軟嗎？",
    )

    assert group_questions(questions, bundled_encoder) == ((0, 2), (1,))
