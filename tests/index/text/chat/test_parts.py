"""A message is divided into the parts that may each be a question."""

from __future__ import annotations

import pytest

from index.text.chat.parts import message_parts


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("sorry to ask, quick one: who left?? thx!", ("sorry to ask, quick one", "who left??", "thx!")),
        ("大家好🙏 請問誰離職了～ 謝謝", ("大家好", "請問誰離職了", "謝謝")),
        ("建議有哪些 幫我全列", ("建議有哪些", "幫我全列")),
        ("hi <@12>\nwho left?", ("hi", "who left?")),
    ],
)
def test_a_message_is_divided_at_sentences_emoji_colons_and_gaps_between_chinese_words(
    message: str, parts: tuple[str, ...]
) -> None:
    assert message_parts(message) == parts


@pytest.mark.parametrize(
    "message", ["who left?", "如果下雨，活動還辦嗎", "Llama 4 何時推出", "at 10:30, v1.2 of C++?", "🙏 🙏", ""]
)
def test_a_message_of_one_part_has_none(message: str) -> None:
    assert message_parts(message) == ()


def test_of_many_parts_the_longest_are_kept_in_order() -> None:
    parts = message_parts("? ".join("x" * length for length in range(1, 12)) + "?")
    assert [len(part) for part in parts] == list(range(5, 13))
