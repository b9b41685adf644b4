"""What was said, without Discord's mark-up: names are shown, ids are kept nowhere."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_io.mark_up import NAMELESS, Names, Said

NAMES = Names(
    user=lambda number: "bob" if number == 81384788765712384 else "",
    role=lambda _number: "mods",
    channel=lambda _number: "general",
)
MARKUP = [
    "<@81384788765712384>",
    "<@!81384788765712384>",
    "<@&41771983423143936>",
    "<#381870553235193857>",
    "<:llama:1145327983412345678>",
    "<a:thinking:1145327983412345678>",
    "<t:1700000000>",
    "<t:1700000000:R>",
    "</ask:1145327983412345678>",
    "</ask document:1145327983412345678>",
    "<id:customize>",
    "<id:linked-roles:1145327983412345678>",
    "https://discord.com/channels/381870553235193857/381870553235193858/381870553235193859",
    "<https://ptb.discord.com/channels/@me/381870553235193858>",
    "https://cdn.discordapp.com/attachments/381870553235193857/381870553235193858/llama.png?ex=1",
    "@everyone",
    "@here",
]
SECONDS = 1.0


@pytest.mark.parametrize("markup", MARKUP)
def test_a_question_is_the_same_with_and_without_mark_up(markup: str) -> None:
    for question in ("Why was Behemoth delayed?", "Behemoth 為什麼延期？"):
        assert Said.of(f"{markup} {question}", NAMES).text == question
        assert Said.of(f"{question} {markup}", NAMES).text == question
    assert Said.of(f"{markup}為什麼延期？", NAMES).text == "為什麼延期？"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<@81384788765712384> why?", "@bob why?"),
        ("why, <@!81384788765712384>?", "why, @bob?"),
        ("<@&41771983423143936> why?", "@mods why?"),
        ("why <#381870553235193857>", "why #general"),
        ("why <:llama:1145327983412345678>", "why :llama:"),
        ("since <t:1700000000:R>?", "since 2023-11-14 22:13 UTC?"),
        ("</ask document:1145327983412345678> what", "/ask document what"),
        ("see https://discord.com/channels/1/2/3 why?", "see #general why?"),
        ("<@999999999999999999> why?", "why?"),
        ("@everyone why?", "@everyone why?"),
    ],
)
def test_names_are_shown_and_no_ids(raw: str, shown: str) -> None:
    assert Said.of(raw, NAMES).shown == shown


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("**Why** was ~~it~~ ||Behemoth|| delayed?", "Why was it Behemoth delayed?"),
        ("__**Who** left?__ *Who?* _Who?_ ***Who?***", "Who left? Who? Who? Who?"),
        ("**a *b* c**", "a b c"),
        ("> Behemoth was delayed.\nwhy?", "Behemoth was delayed.\nwhy?"),
        (">>> all of it\nis quoted", "all of it\nis quoted"),
        ("# Why\n## Why\n### Why\n-# small", "Why\nWhy\nWhy\nsmall"),
        ("- one\n* two\n  - three", "one\ntwo\nthree"),
        ('[the delay](https://example.org/a_(b) "a title") why?', "the delay why?"),
        ("`Why` was ``Behemoth`` delayed?", "Why was Behemoth delayed?"),
        ("```py\nprint(__init__)\n```", "print(__init__)"),
        ("what does `__init__` do", "what does __init__ do"),
        (r"\*not bold\* \_nor this\_", "*not bold* _nor this_"),
        (r"why <\@81384788765712384> <**@**81384788765712384>?", "why?"),
        ("snake_case_name and 2 * 3 * 4 and C# and #1", "snake_case_name and 2 * 3 * 4 and C# and #1"),
        ("https://example.org/a_b_c why?", "https://example.org/a_b_c why?"),
        ("\u202ewhy\u2066 was it \u200fdelayed?", "why was it delayed?"),
    ],
)
def test_markdown_and_marks_of_direction_are_taken_off(raw: str, text: str) -> None:
    assert Said.of(raw).text == text


@pytest.mark.parametrize("raw", [*MARKUP, " ".join(MARKUP)])
def test_mark_up_alone_is_no_question(raw: str) -> None:
    assert Said.of(raw).text == ""


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*MARKUP, "`", "**", "||", "> ", "```", "\n", "<\\@81384788765712384>"]), st.text()
        )
    )
)
def test_no_id_is_left_whatever_stands_around_it(parts: list[str]) -> None:
    said = Said.of(" ".join(parts), NAMELESS)

    assert not re.search(r"<[@#:/a](?:[!&]|:?\w{1,32}:)?\d{17,20}>", said.text)
    assert not re.search(r"<[@#:/a](?:[!&]|:?\w{1,32}:)?\d{17,20}>", said.shown)


@pytest.mark.parametrize(
    "part",
    ["[", "**", "*a ", "*a* ", "_a", "```", "||", "<", "[x](https://", "> ", "`a", "\\", "https://a.", " ", "- "],
)
def test_no_text_takes_long(part: str) -> None:
    raw = (part * 6000)[:6000]
    began = time.perf_counter()
    Said.of(raw, NAMES)

    assert time.perf_counter() - began < SECONDS
