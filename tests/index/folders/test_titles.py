"""Where a document's title, language, lines and encoding come from."""

from __future__ import annotations

import pytest

from index.types import Answer, Quote
from tests.index.folders.conftest import OTHERS, Ask


def quote_from(answer: Answer, name: str) -> Quote:
    return next(quote for quote in (*answer.quotes, *answer.nearest) if quote.document == name)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: 借書規則\ntags: [a]\n---\n\n每次可借五本書，為期三週。\n",
        "---\ntitle: '借書規則'\n---\n\n## 期限\n\n每次可借五本書，為期三週。\n",
        '+++\ntitle = "借書規則"\ndate = 2024-05-01\n+++\n\n每次可借五本書，為期三週。\n',
        '{\n  "title": "借書規則"\n}\n\n每次可借五本書，為期三週。\n',
        "\n---\ntitle: 借書規則\n---\n\n每次可借五本書，為期三週。\n",
        "# 借書規則 {#rules}\n\n每次可借五本書，為期三週。\n",
        "借書規則\n========\n\n每次可借五本書，為期三週。\n",
    ],
)
def test_a_title_is_that_of_the_front_matter_or_of_the_opening_heading(text: str, ask: Ask) -> None:
    quote = quote_from(ask("可以借幾本書？", {"loan.md": text, **OTHERS}), "loan.md")
    assert quote.title == "借書規則"
    assert quote.text.strip().startswith(("每次可借五本書", "#"))


def test_a_line_in_the_middle_of_wrapped_text_is_no_title(ask: Ask) -> None:
    text = (
        "The Mill Lane Museum was opened by two sisters in\n1931 and moved to the harbour\nwhen the mill burnt down. "
        "The museum is open\n9 hours a day\nbut not on Mondays. Children pay\nnothing.\n"
    )
    quote = quote_from(
        ask("How many hours a day is the museum open?", {"museum.txt": text, **OTHERS}), "museum.txt"
    )
    assert quote.title not in {"9 hours a day", "nothing."}
    assert "open\n9 hours a day" in quote.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "# Notes\n\nThe sign 出 means exit. The gate is closed at nine in the evening and opened at six.\n",
            "en",
        ),
        ("# 筆記\n\nThe Gate 是店名，晚上九點關門，早上六點開門，星期一公休。\n", "zh-Hant"),
        ("# 笔记\n\nGate 是店名，晚上九点关门，早上六点开门，星期一不营业。\n", "zh-Hans"),
    ],
)
def test_the_language_is_that_of_most_of_the_prose(text: str, language: str, ask: Ask) -> None:
    quote = quote_from(ask("When is the gate closed? 幾點關門？", {"notes.md": text, **OTHERS}), "notes.md")
    assert quote.language == language


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16", "utf-8-sig"])
def test_a_text_in_another_encoding_is_read(encoding: str, ask: Ask) -> None:
    written = (
        "游泳池早上七点开放，晚上十点关门，星期二不对外开放。"
        if encoding == "gb18030"
        else ("游泳池早上七點開放，晚上十點關門，星期二不對外開放。")
    )
    answer = ask("游泳池幾點開放？", {"pool.txt": written.encode(encoding), **OTHERS})
    assert quote_from(answer, "pool.txt").text.strip("\ufeff") == written


def test_carriage_returns_end_lines(ask: Ask) -> None:
    text = b"# Old file\r\rThe map room is on the second floor.\r"
    quote = quote_from(ask("Where is the map room?", {"old.md": text, **OTHERS}), "old.md")
    assert quote.text == "The map room is on the second floor."
    assert quote.start_line == 3
