"""Chat mark-up around a question is left out, and a message is divided into its parts."""

from __future__ import annotations

import pytest

from index.text.chat import message_parts, without_chat_markup


@pytest.mark.parametrize(
    "markup",
    [
        "<@902183746152310784>",
        "<@!902183746152310784>",
        "<@&12>",
        "<#34567>",
        "<:llama:123456789012345678>",
        "<a:dance:1234>",
        "<t:1618953630:R>",
        "<t:1618953630>",
        "</ask:1234>",
        "https://youtu.be/dQw4w9WgXcQ",
        "<https://example.org/a?b=c#d>",
    ],
)
def test_mark_up_before_and_after_a_question_is_left_out(markup: str) -> None:
    assert without_chat_markup(f"{markup} who left? {markup}").split() == ["who", "left?"]


@pytest.mark.parametrize(
    "question", ["a < b and c > d", "List<int>", "@property", "<#>", "user@example.org", "x <3"]
)
def test_what_only_resembles_mark_up_stays(question: str) -> None:
    assert without_chat_markup(question) == question


def test_a_question_of_nothing_else_stays_as_it_is() -> None:
    assert without_chat_markup("<@12> https://example.org") == "<@12> https://example.org"


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
