"""Whatever is in a text is shown, and nothing in it acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.text.markdown import code_span, escape, escaped_units, inline, is_blank, plain, units
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
def test_the_estimate_of_an_escaped_text_is_never_too_low(text: str) -> None:
    assert units(escape(text)) <= escaped_units(text)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a", "`a`"),
        ("a`b", "`` a`b ``"),
        ("`", "`` ` ``"),
        ("a``b", r"a\`\`b"),
        (" ", " "),
        ("<@1>\u202e\x00", "`<@1>⟨U+202E⟩␀`"),
    ],
)
def test_inline_code_is_closed_by_nothing_inside(text: str, markdown: str) -> None:
    assert code_span(text) == markdown


def test_directions_are_shown_by_name() -> None:
    assert escape("a\u202eb") == "a⟨U+202E⟩b"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u202e\u2066", "\u3000"])
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["?", "🦙", "問"])
def test_what_shows_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)
