"""Plain text: wrapped paragraphs are joined, a paragraph a line stays as it is, numbered lines are headings or lists."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.plain_text import parse
from tests.index.corpus.parsing.shared import kinds, require_sound, texts

ENGLISH = (
    "The Elm Street Library was founded by a group of teachers in 1998 and moved to the new building after the "
    "great flood. Its reading room is open 11 months a year and is closed in August. Members may borrow up to ten "
    "books for three weeks."
)
CHINESE = (
    "圖書館星期一休館，請帶借書證。逾期歸還須繳罰款，每天每本一元。閱覽室全年開放十一個月，八月休館整修，"
    "會員一次最多可借十本書，為期三週。館內禁止飲食，違者請離場，不再另行通知。"
)


def cut(text: str, columns: int) -> str:
    return "\n".join(text[start : start + columns] for start in range(0, len(text), columns))


@pytest.mark.parametrize("columns", [30, 40, 60, 72, 100])
def test_an_english_paragraph_that_is_wrapped_is_one_block(columns: int) -> None:
    wrapped = textwrap.fill(ENGLISH, columns)
    assert texts(parse(f"{wrapped}\n\n{wrapped}\n".encode())) == [wrapped, wrapped]


@pytest.mark.parametrize("columns", [21, 30, 36])
def test_a_chinese_paragraph_that_is_wrapped_is_one_block(columns: int) -> None:
    wrapped = cut(CHINESE, columns)
    assert texts(parse(f"{wrapped}\n\n{wrapped}\n".encode())) == [wrapped, wrapped]


def test_lines_of_uneven_length_are_joined_where_sentences_go_on() -> None:
    text = (
        "The library was founded by teachers in\n1998 and moved\nafter the flood. Its reading room is open\n"
        "11 months a year\nand is closed in August."
    )
    assert kinds(parse(text.encode())) == [("paragraph", text)]


@pytest.mark.parametrize(
    "lines",
    [
        ["The library is closed on Monday.", "It opens at nine.", "Bring your card.", "Returns go in the box."],
        ["圖書館星期一休館。", "請帶借書證。", "逾期歸還須繳罰款，每天每本一元。", "八月休館。"],
        ["Apples", "Pears", "Plums", "Cherries, the sour ones"],
        ["apples", "pears", "plums"],
        ["Name: John Smith", "Age: 30", "Town: York"],
        ["白日依山盡", "黃河入海流", "欲窮千里目", "更上一層樓"],
        ["2024-01-01 10:00:00 ERROR the disk is full again", "2024-01-01 10:00:07 ERROR the disk is full again"],
        [ENGLISH, ENGLISH, CHINESE],
    ],
)
def test_a_paragraph_a_line_stays_a_block_a_line(lines: list[str]) -> None:
    assert texts(parse("\n".join(lines).encode())) == lines


def test_the_document_that_is_shipped_keeps_every_line_its_block() -> None:
    content = Path("documents/llama-team-exodus.txt").read_bytes()
    lines = [line.strip() for line in content.decode().split("\n")]
    assert texts(parse(content)) == [line for line in lines if line]


def test_a_wrapped_paragraph_ends_at_an_empty_line_an_indented_line_and_a_list() -> None:
    first = textwrap.fill(ENGLISH, 60)
    indented = textwrap.fill(ENGLISH, 60, initial_indent="    ")
    items = ["- the first item is short", textwrap.fill(ENGLISH, 60, initial_indent="- ", subsequent_indent="  ")]
    text = "\n".join([first, indented, *items])
    assert kinds(parse(text.encode())) == [
        ("paragraph", first),
        ("paragraph", indented.strip()),
        ("list item", items[0]),
        ("list item", items[1]),
    ]


def test_a_wrapped_line_that_begins_with_a_number_is_no_heading() -> None:
    wrapped = textwrap.fill(ENGLISH, 60)
    assert "\n1998 and" in wrapped
    assert [kind for kind, _ in kinds(parse(wrapped.encode()))] == ["paragraph"]


def test_headings_between_wrapped_paragraphs_are_headings() -> None:
    wrapped = textwrap.fill(ENGLISH, 60)
    text = f"1. Opening hours\n\n{wrapped}\n\n第二章 借閱\n\n{wrapped}\n"
    assert kinds(parse(text.encode())) == [
        ("h4", "1. Opening hours"),
        ("paragraph", wrapped),
        ("h1", "第二章 借閱"),
        ("paragraph", wrapped),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Library\n=======\n\nwords.", [("h1", "Library"), ("paragraph", "words.")]),
        ("圖書館\n---\n說明。", [("h2", "圖書館"), ("paragraph", "說明。")]),
        ("A sentence.\n-----\nwords.", [("paragraph", "A sentence."), ("paragraph", "words.")]),
        ("words.\n\n* * *\n-----\n\nmore.", [("paragraph", "words."), ("paragraph", "more.")]),
    ],
)
def test_an_underlined_line_is_a_heading_and_lines_without_words_are_no_blocks(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert kinds(parse(text.encode())) == expected


def test_numbered_lines_in_a_row_are_a_list() -> None:
    assert kinds(parse(b"1. one\n2. two\n3. three\n")) == [
        ("list item", "1. one"),
        ("list item", "2. two"),
        ("list item", "3. three"),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(line_end: str) -> None:
    assert texts(parse(f"One.{line_end}{line_end}Two.{line_end}Three.".encode())) == ["One.", "Two.", "Three."]


def test_the_encoding_is_named_and_a_byte_order_mark_is_in_no_block() -> None:
    parsed = parse("\ufeff圖書館".encode("utf-16-le"))
    assert (parsed.encoding, texts(parsed)) == ("utf-16-le", ["圖書館"])


@given(st.text(alphabet=st.sampled_from("a1 .。第章一、(-=*\n\r\t\u3000字B:\x0b\x85\u2028"), max_size=200))
def test_the_blocks_of_any_text_are_sound_and_hold_every_word(text: str) -> None:
    parsed = parse(text.encode())
    require_sound(parsed)
    assert parsed.text == text
    outside = list(text)
    for block in parsed.blocks:
        outside[block.span.start : block.span.end] = " " * len(block.span)
    assert not any(character.isalnum() for character in outside)


@pytest.mark.parametrize(
    "text", ["line\n" * 100_000, "word " * 100_000, "\u3000" * 10**6 + "x", "1. a\n" * 100_000]
)
def test_the_time_grows_linearly(text: str) -> None:
    started = time.process_time()
    parse(text.encode())
    assert time.process_time() - started < 10  # measured 0.1 to 2 s on a busy machine
