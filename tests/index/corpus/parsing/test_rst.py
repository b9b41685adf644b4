"""reStructuredText: sections, directives, lists, tables; comments and targets are not shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.catalog import Entry
from index.corpus.chunking import cut_passages
from index.corpus.documents import make_document
from index.corpus.parsing.rst import parse
from index.text.markup import plain, render
from index.types import Markup, Reference
from tests.index.corpus.parsing.shared import headers, kinds, require_sound, require_sound_or_refused, texts


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("====\nBook\n====\n\nHours\n=====\n\nDays\n----\n\nx\n\nRules\n=====\n",
         [("h1", "Book"), ("h2", "Hours"), ("h3", "Days"), ("paragraph", "x"), ("h2", "Rules")]),
        ("One\ntwo.\n\nThree.", [("paragraph", "One\ntwo."), ("paragraph", "Three.")]),
        ("- one\n- two\n  more\n\n  below\n", [("list item", "- one"), ("list item", "- two\n  more"), ("paragraph", "below")]),
        ("1. one\n2. two\n#. three", [("list item", "1. one"), ("list item", "2. two"), ("list item", "#. three")]),
        ("term\n    words\nother\n    more\n", [("list item", "term\n    words"), ("list item", "other\n    more")]),
        (":Author: Ann\n:orphan:\n", [("list item", ":Author: Ann")]),
        (".. note:: Bring your\n   card.\n\n   More.\n", [("paragraph", "Bring your\n   card."), ("paragraph", "More.")]),
        (".. warning::\n   :class: x\n\n   Hot.\n", [("paragraph", "Hot.")]),
        (".. code-block:: python\n   :linenos:\n\n   a = 1\n\n   b = 2\n\nafter", [("code", "a = 1\n\n   b = 2"), ("paragraph", "after")]),
        (".. image:: a.png\n   :alt: A map\n", [("paragraph", "A map")]),
        (".. figure:: a.png\n\n   The caption.\n", [("paragraph", "The caption.")]),
        (".. [1] A note\n   goes on.\n", [("footnote", "[1] A note\n   goes on.")]),
        (">>> 1 + 1\n2\n\nx", [("code", ">>> 1 + 1\n2"), ("paragraph", "x")]),
        ("one\n\n----\n\ntwo", [("paragraph", "one"), ("paragraph", "two")]),
        (".. class:: Foo(a)\n\n   Words.\n", [("paragraph", "Foo(a)"), ("paragraph", "Words.")]),
        (".. class:: special\n\n   Words.\n", [("paragraph", "Words.")]),
        (".. only:: html\n\n   Words.\n", [("paragraph", "Words.")]),
        (".. function:: open(file)\n\n   Opens it.\n", [("paragraph", "open(file)"), ("paragraph", "Opens it.")]),
    ],
)  # fmt: skip
def test_what_a_reader_sees_becomes_blocks(source: str, expected: list[tuple[str, str]]) -> None:
    parsed = parse(source.encode())
    assert (kinds(parsed), parsed.text, parsed.markup) == (expected, source, Markup.RST)


@pytest.mark.parametrize(
    "hidden",
    [
        ".. SECRET comment\n   SECRET more\n\n   SECRET still\n",
        "..\n   SECRET\n",
        ".. _SECRET: https://example.org\n",
        "__ https://example.org/SECRET\n",
        ".. |SECRET| replace:: SECRET\n",
        ".. toctree::\n   :maxdepth: 2\n\n   SECRET\n",
        ".. include:: SECRET\n",
        ".. raw:: html\n\n   <b>SECRET</b>\n",
        ".. image:: SECRET.png\n   :width: SECRET\n",
        ".. meta::\n   :description: SECRET\n",
    ],
)
def test_what_no_reader_sees_is_in_no_block(hidden: str) -> None:
    assert texts(parse(f"before\n\n{hidden}\nafter\n".encode())) == ["before", "after"]


@pytest.mark.parametrize(("source", "hidden"), [("See::\n\n  code", ":"), ("See ::\n\n  code", " ::")])
def test_the_colons_before_literal_text_are_hidden_as_they_are_rendered(source: str, hidden: str) -> None:
    parsed = parse(source.encode())
    assert [kind for kind, _ in kinds(parsed)] == ["paragraph", "code"]
    assert [span.of(source) for span in parsed.blocks[0].hidden] == [hidden]


GRID = "+------+---+\n| Name | P |\n+======+===+\n| Tea  | 2 |\n|      | m |\n+------+---+\n| Milk | 1 |\n+------+---+\n"
SIMPLE = "=====  ===\nName   P\n=====  ===\nTea    2\nMilk   1\n=====  ===\n"


LIST = (
    ".. list-table::\n   :header-rows: 1\n\n   * - Name\n     - P\n   * - Tea\n     - 2\n   * - Milk\n     - 1\n"
)
CSV = '.. csv-table::\n   :header: "Name", "P"\n\n   "Tea", 2\n   "Milk", 1\n'


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        (LIST, ["* - Name\n     - P", "* - Tea\n     - 2", "* - Milk\n     - 1"]),
        (GRID, ["| Name | P |", "| Tea  | 2 |\n|      | m |", "| Milk | 1 |"]),
        (SIMPLE, ["Name   P", "Tea    2", "Milk   1"]),
    ],
)
def test_the_rows_of_a_table_have_its_header(source: str, rows: list[str]) -> None:
    parsed = parse(f"before\n\n{source}\nafter".encode())
    assert texts(parsed) == ["before", *rows, "after"]
    assert headers(parsed) == [None, None, rows[0], rows[0], None]


def test_the_header_of_comma_separated_rows_is_their_option() -> None:
    parsed = parse(CSV.encode())
    assert texts(parsed) == ['"Tea", 2', '"Milk", 1']
    assert headers(parsed) == ['"Name", "P"'] * 2


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("| Tea  | 2 |\n+------+---+\n| Milk | 1 |", "Tea  | 2\nMilk | 1"),
        ("* - Tea\n     - 2\n   * - Milk\n     - 1", "Tea | 2\nMilk | 1"),
        ("- one\n  - two", "- one\n  - two"),
        ("| line\n| block", "line\nblock"),
    ],
)
def test_what_draws_a_table_is_not_shown(source: str, shown: str) -> None:
    assert plain(render(source, Markup.RST)) == shown


def test_titles_are_without_markup_and_links_are_references() -> None:
    parsed = parse(
        b"Using ``ls`` and :ref:`more <x>`\n================================\n\nSee `it <https://a.org>`_."
    )
    assert parsed.blocks[0].title == "Using ls and more"
    assert parsed.blocks[1].references == (Reference("it", "https://a.org"),)


SOUP = st.sampled_from(
    ["..", ".. ", "::", "=", "====", "----", "+--+--+", "| a | b |", "=== ===", "- ", "1. ", ":a:", "note::", "[1]", "`a <b>`_",
     "words", "字", " ", "   ", "\n", "\n", "\n\n", "\r", "\t", ">>> ", "|x|", "_a:", "*"]
)  # fmt: skip


@given(st.lists(SOUP, max_size=60).map("".join))
def test_any_soup_of_markup_is_sound(source: str) -> None:
    parsed = parse(source.encode())
    require_sound(parsed)
    assert parsed.text == source


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    require_sound_or_refused(parse, content)


@pytest.mark.parametrize("part", ["- a\n", "a\n=\n\n", "| a |\n", "=== ===\na b\n", ".. x\n", "a\n b\n", "+--+\n"])
def test_the_time_grows_linearly(part: str) -> None:
    assert parse((part * 20_000).encode()).text


@pytest.mark.parametrize("mark", "-~^*\"'")
def test_short_sections_are_shown_with_what_introduces_them_whatever_marks_their_titles(mark: str) -> None:
    titles = ["First: Git", "Second: SourceTree"]
    sections = "".join(f"{title}\n{mark * len(title)}\n\nIt is used.\n\n" for title in titles)
    content = f"Tools\n=====\n\nWe use two tools.\n\n{sections}"
    document, _ = make_document(parse(content.encode()), Entry(file="a.rst"), sha256="")
    first = cut_passages(document)[0]
    assert [document.slice(sentence) for sentence in first.sentences] == ["We use two tools.", *titles]
