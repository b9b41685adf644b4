"""Whatever is in a text is shown, and nothing in it acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.block_quote import block_quote, fitting, sentences
from bot.rendering.markdown import escape, inline, is_blank, plain, units
from index import Span
from tests.bot.strategies import messages


def read(markdown: str) -> str:
    """Read escaped text as Discord does: a backslash before punctuation is not shown."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])))
def test_a_reader_sees_exactly_the_text(text: str) -> None:
    assert read(escape(text)) == text


@given(messages(), st.integers(1, 300))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = inline(text, limit=limit)

    assert "\n" not in line
    assert line.strip()
    assert units(line) <= limit + 1


@given(messages(), st.integers(2, 100))
def test_a_label_is_within_its_limit(text: str, limit: int) -> None:
    assert 0 < units(plain(text, limit=limit)) <= limit


@given(messages(max_size=4000))
def test_sentences_cover_their_text(text: str) -> None:
    assert "".join(span.of(text) for span in sentences(text)) == text


@given(messages(max_size=4000), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000)), max_size=60))
def test_a_cut_quote_is_within_its_limit(text: str, pairs: list[tuple[int, int]]) -> None:
    highlights = [Span(min(pair), max(pair)) for pair in pairs]
    shown, _ = fitting(text, highlights, limit=1500)

    assert units(shown) <= 1500


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "> a\n> b"),
        ("1. one\n- two", "> 1\\. one\n> \\- two"),
        ("", "> "),
    ],
)
def test_a_block_quote_marks_every_line(text: str, shown: str) -> None:
    assert block_quote(text, []) == shown


def test_bold_ends_at_the_line_and_begins_anew() -> None:
    assert block_quote("甲乙\n丙丁", [Span(1, 4)]) == "> 甲**乙**\n> **丙**丁"


def test_adjacent_highlights_are_one() -> None:
    shown, _ = fitting("甲。乙。丙。", [Span(2, 4), Span(0, 2)], limit=100)

    assert shown == "> **甲。乙**。丙。"


def test_directions_are_shown_by_name() -> None:
    assert escape("a\u202eb") == "a⟨U+202E⟩b"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u202e\u2066", "\u3000"])
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["?", "🦙", "問"])
def test_what_shows_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)
