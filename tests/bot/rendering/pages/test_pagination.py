"""Pages of long documents: in linear time, every line numbered, code as code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from bot.locales import messages_in
from bot.rendering.pages.pagination import Page, page_of, page_text, paginate
from bot.rendering.text.rendered_text import LINE_BREAK
from index import Block, BlockKind, Document, Markup, Span

ENGLISH = messages_in("en")


def document(text: str, *blocks: Block, markup: Markup = Markup.PLAIN) -> Document:
    whole = Block(Span(0, len(text)), ())
    return Document("a.md", "A", "zh-Hant", text, "0" * 64, blocks or (whole,), markup=markup)


def shown(given: Document, page: Page) -> str:
    return page_text(given, page, messages=ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"這是第{number}句普通的話，沒有別的。" for number in range(55_000)),
        "x" * 1_000_000,
        "\n".join(f"這是第{number}句普通的話，沒有別的。" for number in range(55_000)),
        "\u202e" * 200_000,
    ],
    ids=["one line", "one word", "many lines", "marks of direction"],
)
def test_a_million_characters_are_cut_into_pages_in_seconds(text: str) -> None:
    given = document(text)
    began = time.process_time()
    pages = paginate(given)

    assert time.process_time() - began < 20
    shown_text = "".join(given.slice(block.span) for page in pages for block in page.blocks)
    assert "".join(shown_text.split()) == "".join(text.split())
    assert page_of(pages, len(text) // 2) == len([page for page in pages if page.span.start <= len(text) // 2]) - 1
    assert len(shown(given, pages[len(pages) // 2])) < 4000


def seconds_to_paginate(given: Document) -> float:
    def seconds() -> float:
        began = time.process_time()
        paginate(given)
        return time.process_time() - began

    return min(seconds() for _ in range(4))


@pytest.mark.parametrize("kind", [BlockKind.PARAGRAPH, BlockKind.CODE])
@pytest.mark.parametrize("is_one_block", [True, False])
def test_paging_takes_time_linear_in_the_lines(kind: BlockKind, *, is_one_block: bool) -> None:
    def given(lines: int) -> Document:
        line = "A line of the report.\n"
        if is_one_block:
            return document(line * lines, Block(Span(0, len(line) * lines), (), kind))
        starts = range(0, len(line) * lines, len(line))
        return document(line * lines, *(Block(Span(start, start + len(line) - 1), (), kind) for start in starts))

    # Quadratic time would be 16 times as long.
    assert seconds_to_paginate(given(32_000)) < 8 * seconds_to_paginate(given(8_000)) + 0.02


@for_any(st.text(st.sampled_from("a \n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), max_size=20))
def test_every_break_of_a_line_counts_towards_the_page(text: str) -> None:
    assert len((text + ".").splitlines()) == len(LINE_BREAK.findall(text)) + 1


def test_windows_line_ends_make_no_empty_lines() -> None:
    given = document("First open the lid.\r\nThen press the key.\r\n\r\nThen wait.\r\n")

    assert shown(given, paginate(given)[0]) == ("`1` First open the lid.\n`2` Then press the key.\n`4` Then wait.")


def test_a_code_block_is_fenced_and_has_its_line_numbers_above() -> None:
    text = "Run:\n\n```sh\nmake\nmake all\n```\n"
    given = document(text, Block(Span(0, 4), ()), Block(Span(6, len(text) - 1), (), BlockKind.CODE))
    given = document(text, *given.blocks, markup=Markup.MARKDOWN)

    assert shown(given, paginate(given)[0]) == "`1` Run\\:\n`4–5`\n```sh\nmake\nmake all\n```"


def test_every_part_of_a_code_block_longer_than_a_page_is_code() -> None:
    text = "```py\n" + "".join(f"value_{number} = compute(*args)\n" for number in range(200)) + "```"
    given = document(text, Block(Span(0, len(text)), (), BlockKind.CODE), markup=Markup.MARKDOWN)
    pages = paginate(given)

    assert len(pages) > 2
    for page in pages:
        lines = shown(given, page).split("\n")
        assert lines[1].startswith("```")
        assert lines[-1] == "```"
        assert all(line.startswith("value_") for line in lines[2:-1])
