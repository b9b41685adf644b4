"""Questions that go on from another, and those that stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.confidence.unrelated_questions import unrelated_questions
from index.text.chat.follow_ups import names_no_topic, points_back
from index.text.chinese import convert_script

WITHOUT_TOPIC = [
    "and why?",
    "Who else?",
    "why",
    "And then what happened?",
    "How many?",
    "tell me more",
    "那後來呢",
    "為什麼？",
    "还有谁",
    "然后呢？",
    "真的嗎？",
    "后来怎么样了",
]
POINTING_BACK = [
    "what did they pay for it",
    "and if the dam breaks?",
    "那座橋後來怎樣了",
    "他們為什麼離開",
    "当时花了多少钱",
]
ALONE = ["How is the weather?", "Who painted the harbour?", "今天天氣如何", "thanks", "???", ""]


@pytest.mark.parametrize("question", WITHOUT_TOPIC)
def test_function_words_alone_name_no_topic(question: str) -> None:
    assert names_no_topic(question)


@pytest.mark.parametrize("question", POINTING_BACK)
def test_a_question_with_a_topic_may_still_point_back(question: str) -> None:
    assert points_back(question)
    assert not names_no_topic(question)


@pytest.mark.parametrize("question", ALONE)
def test_other_questions_name_their_topic_or_nothing_at_all(question: str) -> None:
    assert not names_no_topic(question)


@pytest.mark.parametrize("question", ALONE)
def test_other_questions_do_not_point_back(question: str) -> None:
    assert not points_back(question)


def test_unrelated_questions_rarely_look_like_follow_ups() -> None:
    questions = unrelated_questions()

    assert not any(map(names_no_topic, questions))
    assert sum(map(points_back, questions)) <= 0.05 * len(questions)


@pytest.mark.parametrize("question", [*WITHOUT_TOPIC, *POINTING_BACK, *ALONE])
def test_both_chinese_scripts_are_read_alike(question: str) -> None:
    for language in ("zh-Hant", "zh-Hans"):
        converted = convert_script(question, language)
        assert names_no_topic(converted) == names_no_topic(question)
        assert points_back(converted) == points_back(question)


@given(st.text(max_size=1000))
def test_what_names_no_topic_is_in_words(text: str) -> None:
    assert not names_no_topic(text) or any(character.isalnum() for character in text)


def test_a_long_text_is_read_at_once() -> None:
    assert names_no_topic("为什么" * 300)
    assert not names_no_topic("为什么" * 300 + "羊")
