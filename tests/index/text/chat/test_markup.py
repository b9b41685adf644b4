"""Chat mark-up around a question is left out, and nothing else."""

from __future__ import annotations

import pytest

from index.text.chat.markup import without_chat_markup


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
