"""The questions by which a store learns what an unanswered question scores."""

from __future__ import annotations

from index.answering.confidence.unrelated_questions import unrelated_questions
from index.text.chinese import convert_script, has_han
from index.text.query import normalize_question


def test_there_are_as_many_in_chinese_as_in_english() -> None:
    chinese = [has_han(question) for question in unrelated_questions()]
    assert len(chinese) >= 48
    assert sum(chinese) * 2 == len(chinese)


def test_no_two_are_the_same() -> None:
    normalized = [normalize_question(question) for question in unrelated_questions()]
    assert len(set(normalized)) == len(normalized)


def test_both_chinese_scripts_occur_and_short_and_long_questions() -> None:
    chinese = [question for question in unrelated_questions() if has_han(question)]
    assert any(convert_script(each, "zh-Hans") != each for each in chinese)
    assert any(convert_script(each, "zh-Hant") != each for each in chinese)
    lengths = [len(question) for question in unrelated_questions() if question.isascii()]
    assert min(lengths) < 22
    assert max(lengths) > 80
