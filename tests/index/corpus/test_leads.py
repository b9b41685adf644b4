"""Titles of containers, and questions over their answers: headings of what they stand over."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from index.corpus.chunking import cut_passages
from index.types import Document
from tests.index.texts import DOCUMENTS, document


def placed(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the blocks of a Markdown text, each with the headings that it stands under."""
    read = document("a.md", text)
    return [(read.slice(block.span), block.headings) for block in read.blocks]


def test_an_item_that_asks_is_the_heading_of_the_deeper_items_that_answer() -> None:
    text = (
        "# Guide\n\n- **How often do I pay?**\n    - Once a year.\n    - By card.\n"
        "- **May I leave?**\n    - Any time.\n\nWrite to us.\n"
    )
    assert placed(text) == [
        ("- Once a year.", ("Guide", "How often do I pay?")),
        ("- By card.", ("Guide", "How often do I pay?")),
        ("- Any time.", ("Guide", "May I leave?")),
        ("Write to us.", ("Guide",)),
    ]


def test_a_question_in_bold_is_the_heading_of_what_follows_up_to_the_next_line_in_bold() -> None:
    text = "**Can I\nrecord it?**\n\nYes.\n\n- With consent.\n\n**Other matters**\n\nNone.\n\n# Next\n\nText.\n"
    assert placed(text) == [
        ("Yes.", ("Can I record it?",)),
        ("- With consent.", ("Can I record it?",)),
        ("**Other matters**", ()),
        ("None.", ()),
        ("Text.", ("Next",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Why did they leave?\n\nMoney.\n", id="a paragraph that is not in bold may be rhetoric"),
        pytest.param("- Who are you?\n- What do you want?\n", id="questions without answers"),
        pytest.param("- Who are you?\n- A friend.\n", id="an item beside it"),
        pytest.param("- It works. Does it?\n    - Yes.\n", id="not every sentence asks"),
        pytest.param("**Is this the end?**\n", id="nothing follows"),
        pytest.param("**Is it?**\n\n# Head\n", id="a heading follows"),
        pytest.param(f"**{'Really ' * 40}?**\n\nYes.\n", id="too long for a heading"),
    ],
)
def test_other_questions_stay_in_the_text(text: str) -> None:
    assert all("?" not in heading for _, headings in placed(text) for heading in headings)
    assert "?" in "".join(words for words, _ in placed(text))


def test_the_title_of_an_indented_container_is_the_heading_of_what_it_holds() -> None:
    text = (
        '# A\n\nBefore.\n\n??? tip "How to *save*"\n    Buy less.\n\n    === "Linux"\n        Use `apt`.\n\n'
        "    Or nothing.\n\n!!! note\n    Untitled.\n\nAfter.\n"
    )
    assert placed(text) == [
        ("Before.", ("A",)),
        ("Buy less.", ("A", "How to save")),
        ("Use `apt`.", ("A", "Linux")),
        ("Or nothing.", ("A", "How to save")),
        ("Untitled.", ("A",)),
        ("After.", ("A",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "# A\n\n<details>\n<summary><b>How?</b></summary>\n\nSo.\n\n- And so.\n\n</details>\n\nAfter.\n",
            id="with Markdown in it",
        ),
        pytest.param(
            "# A\n\n<details><summary>\nHow?</summary><p>So.</p>\n<ul><li>- And so.</li></ul></details>\n\nAfter.\n",
            id="as one block of HTML",
        ),
    ],
)
def test_a_summary_is_the_heading_of_its_details(text: str) -> None:
    assert placed(text) == [("So.", ("A", "How?")), ("- And so.", ("A", "How?")), ("After.", ("A",))]


def test_a_summary_of_nothing_that_is_shown_stays_in_the_text() -> None:
    text = "<details><summary>Empty</summary></details>\n\nAfter.\n"
    assert placed(text) == [("Empty", ()), ("After.", ())]


def test_rows_within_a_container_keep_their_header_row() -> None:
    text = '??? tip "Prices"\n    Each:\n\n    | a | b |\n    |---|---|\n    | 1 | 2 |\n'
    read = document("a.md", text)
    assert [read.slice(block.header) for block in read.blocks if block.header] == ["| a | b |"]
    assert placed(text)[0] == ("Each:", ("Prices",))


def test_no_passage_holds_the_answers_of_two_questions() -> None:
    text = "".join(f"- Why {number}?\n    - Since {number}.\n" for number in range(5))
    passages = cut_passages(document("a.md", text))
    assert [(each.headings, each.span.of(text)) for each in passages] == [
        ((f"Why {number}?",), f"- Since {number}.") for number in range(5)
    ]


@given(DOCUMENTS)
def test_a_heading_is_one_line(document: Document) -> None:
    assert all("\n" not in heading for block in document.blocks for heading in block.headings)


@pytest.mark.parametrize(
    "piece", ["- Is it so?\n", "- Is it so?\n    - It is.\n    - Indeed.\n", "<details><summary>Why\n"]
)
def test_time_grows_linearly_with_the_document(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        started = time.process_time()
        document("a.md", text)
        return time.process_time() - started

    shorter = min(seconds(250) for _ in range(3))
    assert min(seconds(2000) for _ in range(3)) < 24 * shorter + 0.05
