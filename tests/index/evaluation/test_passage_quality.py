"""The quality of passages: prose, raw syntax, torn blocks and titles, counted without the index's own parser."""

from __future__ import annotations

import pytest

from index.evaluation.passage_quality import (
    CutDocument,
    PassageQuality,
    has_prose,
    measure_quality,
    shows_raw_syntax,
)

TABLE = "| Armor | Price |\n| ----- | ----- |\n| Plate | 60 |\n"


def cut(text: str, *passages: str, title: str = "", shown: tuple[str, ...] = ()) -> PassageQuality:
    spans = tuple((text.index(passage), text.index(passage) + len(passage)) for passage in passages)
    return measure_quality([CutDocument(text, title, spans, shown or passages)])


@pytest.mark.parametrize(
    "text",
    [
        "![](a.png)",
        "<!-- only a comment -->",
        "<br/>",
        "[![](badge.svg)](https://example.org/some/long/path)",
        "---",
    ],
)
def test_markup_alone_is_no_prose(text: str) -> None:
    assert not has_prose(text)


@pytest.mark.parametrize(
    "text", ["Three plain words", "四個漢字。", "**Bold words** [and a link](https://example.org)"]
)
def test_words_are_prose_whatever_markup_they_carry(text: str) -> None:
    assert has_prose(text)


@pytest.mark.parametrize(
    "shown",
    [
        *("[a](b)", "![a](b)", "## A heading", "**bold**", "<div>", "<!-- x -->", "a {#id}", "{{< figure >}}"),
        *(":::tip", "??? note", "> [!NOTE]", "```sh", "| a | b |", "a&nbsp;b", "a[^1]", "> quoted", "`code`"),
    ],
)
def test_markup_that_a_reader_sees_is_raw_syntax(shown: str) -> None:
    assert shows_raw_syntax(shown)


@pytest.mark.parametrize(
    "shown", ["A plain sentence.", "- an item", "1 < 2 > 0", "a_b__c", "50 % & more", "「引文」"]
)
def test_plain_text_is_no_raw_syntax(shown: str) -> None:
    assert not shows_raw_syntax(shown)


def test_a_block_is_torn_where_a_passage_ends_inside_it() -> None:
    text = "Intro.\n\n```sh\nfirst command\nsecond command\n```\n\n- one item that is long\n- two\n"
    found = cut(text, "Intro.\n\n```sh\nfirst command", "- one item", "- two")
    assert (found.torn_code, found.code_blocks) == (1, 1)
    assert (found.torn_items, found.list_items) == (1, 2)


def test_a_block_that_one_passage_holds_or_none_touches_is_whole() -> None:
    text = f"Intro.\n\n```sh\na command\n```\n\n{TABLE}"
    found = cut(text, "Intro.\n\n```sh\na command\n```")
    assert (found.torn_code, found.code_blocks, found.torn_rows, found.table_rows) == (0, 1, 0, 2)


def test_a_row_and_an_address_are_torn_where_a_passage_ends_inside_them() -> None:
    found = cut(TABLE + "\nSee https://example.org/a?b=c now.\n", "| Plate", "See https://example.org/a?")
    assert (found.torn_rows, found.table_rows, found.torn_addresses, found.addresses) == (1, 2, 1, 1)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 'The title'\n---\n# Another\n", "The title"),
        ('+++\ntitle = "The title"\n+++\ntext\n', "The title"),
        ("Text before.\n\n# **The title** {#id}\n", "The title"),
        ("The title\n=========\n", "The title"),
    ],
)
def test_a_title_is_right_if_it_is_that_of_the_front_matter_or_the_first_heading(text: str, title: str) -> None:
    assert (cut(text, title=title).titles_right, cut(text, title="a-file-name").titles_right) == (1, 0)


def test_a_document_that_names_no_title_is_not_counted() -> None:
    assert cut("Only text.\n", title="x").titles == 0


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blocks_are_found_at_their_offsets_whatever_ends_a_line(newline: str) -> None:
    text = newline.join(["---", "title: x", "---", "", "text\u2028more", "", "```", "body", "```", ""])
    found = cut(text, "body")
    assert (found.torn_code, found.code_blocks) == (0, 1)
    assert cut(text, "bo").torn_code == 1


def test_the_counts_of_several_documents_add_up() -> None:
    documents = [CutDocument("# A\n\nThree plain words.", "A", ((5, 23),), ("Three plain words.",))] * 2
    found = measure_quality(documents)
    assert (found.passages, found.titles_right, found.without_prose) == (2, 2, 0)
