"""The directives and comments of MyST."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.catalog import Entry
from index.corpus.chunking import cut_passages
from index.corpus.documents import make_document
from index.corpus.parsing import parse_file
from index.corpus.parsing.markdown import parse
from index.text.markup import plain, render
from index.text.markup.myst import with_directives
from index.types import Markup, Span
from tests.index.corpus.parsing.shared import texts

PIECES = st.lists(
    st.sampled_from(
        [
            "```{note}",
            "```{code-block} py",
            ":::{card}",
            "````{tip} A title",
            "```",
            "````",
            ":class: x",
            "text",
            "",
            "> ",
            "~~~{note}",
            "~~~",
        ]
    ),
    max_size=14,
).map("\n".join)


def test_the_content_of_a_directive_is_text_and_its_title_stands_by_itself() -> None:
    text = (
        "# Lift\n\n```{warning} Out of order\n:class: tip\n\nThe lift is *closed*. Take the stairs.\n```\n\nEnd.\n"
    )
    assert texts(parse(text.encode()))[-3:] == ["Out of order", "The lift is *closed*. Take the stairs.", "End."]


def test_directives_within_one_another_are_read() -> None:
    text = "````{note}\nOuter.\n\n```{tip} Inner\nWithin.\n```\n````\n"
    assert texts(parse(text.encode())) == ["Outer.", "Inner", "Within."]


def test_code_and_directives_that_are_shown_as_code_stay_code() -> None:
    text = "```{code-block} python\nprint(1)\n```\n\n````md\n```{note}\nshown\n```\n````\n"
    assert with_directives(text) == text


def test_a_line_that_begins_with_a_percent_sign_is_text_where_nothing_is_of_myst() -> None:
    assert texts(parse(b"% of all visitors come by train.\n")) == ["% of all visitors come by train."]


@pytest.mark.parametrize("fence", ["```", "~~~~", ":::"])
def test_the_options_of_a_directive_are_not_shown(fence: str) -> None:
    text = f"{fence}{{figure}}\n:width: 50%\n:align: left\n\nThe old lift.\n{fence}\n"
    parsed = parse(text.encode())
    assert [plain(render(part, parsed.markup)).strip() for part in texts(parsed)] == ["The old lift."]


def test_a_code_block_with_options_stays_one_passage() -> None:
    text = "```{code-block} python\n:linenos:\n:emphasize-lines: 1\n\nprint(1)\nprint(2)\n```\n"
    document, _ = make_document(parse_file("a.md", text.encode()), Entry(file="a.md"), sha256="")
    (passage,) = cut_passages(document)
    assert passage.span.of(text) == text.strip()
    assert plain(render(text, Markup.MARKDOWN)) == "print(1)\nprint(2)"


def test_lines_like_options_stay_where_no_directive_is() -> None:
    text = "```yaml\n:linenos: true\n```\n\n:smile: is an emoji.\n"
    assert plain(render(text, Markup.MARKDOWN)) == ":linenos: true\n\n:smile: is an emoji."


@given(PIECES)
def test_rewriting_moves_nothing(text: str) -> None:
    rewritten = with_directives(text)
    assert len(rewritten) == len(text)
    assert [at for at, character in enumerate(rewritten) if character == "\n"] == [
        at for at, character in enumerate(text) if character == "\n"
    ]
    for block in parse(text.encode()).blocks:
        assert block.span.of(text).strip() == block.span.of(text)
        assert Span(0, len(text)).contains(block.span)
