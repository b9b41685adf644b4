"""A quote at the terminal: rendered, highlighted where the source is, and raw on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cli.views.answer import answer_text
from index.cli.views.quote import view_quote
from index.types import Answer, Excerpt, Language, Markup, Outcome, Quote, Span

START = 50


def make_quote(text: str, *highlighted: str, markup: Markup = Markup.MARKDOWN) -> Quote:
    found = [START + text.index(words) for words in highlighted]
    return Quote(
        document="guide.md",
        title="The guide",
        language="en",
        provenance={},
        section=None,
        start=START,
        end=START + len(text),
        start_line=1,
        end_line=1,
        text=text,
        highlights=tuple(Span(at, at + len(words)) for at, words in zip(found, highlighted, strict=True)),
        score=0.5,
        sha256="0" * 64,
        markup=markup,
    )


def lines(quote: Quote, *, raw: bool = False, language: Language = "en") -> list[str]:
    answer = Answer("Which?", Outcome.ANSWERED, 0.9, (quote,), (), 1.0, "1")
    return answer_text(answer, width=80, language=language, raw=raw, full=True).plain.split("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the **docs**](https://example.org/a).", "See the docs."),
        ("![A llama](llama.png) stands here.", "[image: A llama] stands here."),
        ("Run `make`{.sh} now.", "Run make now."),
    ],
)
def test_a_quote_is_shown_rendered(text: str, shown: str) -> None:
    assert lines(make_quote(text))[0] == f"  │ {shown}"


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "[image: A llama]"), ("zh-Hant", "[圖片：A llama]"), ("zh-Hans", "[图片：A llama]")],
)
def test_an_image_is_named_in_the_readers_language(language: Language, label: str) -> None:
    found = lines(make_quote("![A llama](llama.png) stands here."), language=language)
    assert found[0] == f"  │ {label} stands here."


def test_a_code_block_is_indented_and_its_fence_is_not_shown() -> None:
    found = lines(make_quote("Run:\n\n```sh\nmake\nmake check\n```"))
    assert [line for line in found if "make" in line] == ["  │     make", "  │     make check"]
    assert not any("```" in line for line in found)


def test_a_highlight_is_where_its_source_is() -> None:
    found = lines(make_quote("A [first](x) one. A **second** one. Third.", "A **second** one."))
    assert [line for line in found if "▌" in line] == ["  ▌ A second one."]


def test_the_source_is_the_exact_text_of_the_quote() -> None:
    text = "See [the **docs**](https://example.org/a) &amp; run."
    assert lines(make_quote(text), raw=True)[0] == f"  │ {text}"


def test_the_header_of_a_table_is_shown_above_its_row() -> None:
    header = Excerpt(Span(0, 18), "| Armor | Price |")
    found = lines(replace(make_quote("| Plate | 60 |"), context=(header,)))
    assert found[:2] == ["  │ Armor | Price", "  │ Plate | 60"]


def test_a_quote_of_which_nothing_is_shown_is_shown_as_it_is() -> None:
    assert lines(make_quote("<!-- only -->"))[0] == "  │ <!-- only -->"


@given(st.text(alphabet=st.sampled_from("ab *_`[]()!#>|\n汉。<&;"), min_size=1, max_size=80), st.data())
def test_every_character_has_its_highlight_and_no_other(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = replace(make_quote(text), highlights=(Span(START + start, START + end),))
    for raw in (False, True):
        view = view_quote(quote, image="image: {alternative}", raw=raw)
        assert len(view.shown) == len(view.highlights) == len(view.code)
        assert set(view.highlights) <= {0, 1}
    assert [at for at, number in enumerate(view.highlights) if number] == list(range(start, end))
