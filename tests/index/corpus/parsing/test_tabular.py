"""Comma- and tab-separated values: a block a row, exact, with the header."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.tabular import parse
from tests.index.corpus.parsing.shared import headers, require_sound, require_sound_or_refused, texts


@pytest.mark.parametrize(
    ("content", "rows", "header"),
    [
        ("Name,Price\nTea,2\nMilk,1\n", ["Name,Price", "Tea,2", "Milk,1"], "Name,Price"),
        ('a,b\r\n"x, y","say ""so""\r\nhere"\r\n', ["a,b", '"x, y","say ""so""\r\nhere"'], "a,b"),
        ("a;b;c\n1;2,5;3\n4;5,5;6\n", ["a;b;c", "1;2,5;3", "4;5,5;6"], "a;b;c"),
        ('size\tname\n5" pipe\tthe "long\n', ["size\tname", '5" pipe\tthe "long'], "size\tname"),
        ("a|b\n1|2\n", ["a|b", "1|2"], "a|b"),
        ("名稱，價格\n", ["名稱，價格"], None),
        ("1,2\n3,4\n", ["1,2", "3,4"], None),
        ("one\ntwo\n", ["one", "two"], None),
        ('"never closed,a\nb,c\n', ['"never closed,a', "b,c"], '"never closed,a'),
        ("\ufeffa,b\n\n,\n1,2", ["a,b", "1,2"], "a,b"),
        ("", [], None),
    ],
)
def test_every_row_is_an_exact_block_with_the_header(content: str, rows: list[str], header: str | None) -> None:
    parsed = parse(content.encode())
    assert texts(parsed) == rows
    assert headers(parsed) == [None, *[header] * (len(rows) - 1)][: len(rows)]


def test_a_field_longer_than_the_reader_s_limit_is_read() -> None:
    assert len(parse(("a,b\n" + "x" * 200_000 + ",y\n").encode()).blocks) == 2


@given(st.lists(st.lists(st.text('ab,;"\n\r 字1', max_size=5), min_size=2, max_size=4), min_size=1, max_size=8))
def test_what_a_writer_of_the_format_writes_is_read_row_by_row(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    parsed = parse(written.getvalue().encode())
    require_sound(parsed)
    assert parsed.text == written.getvalue()


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    require_sound_or_refused(parse, content)
