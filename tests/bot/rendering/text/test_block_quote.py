"""A slice of a document as a block quote: rendered, highlighted, cut between sentences, and closed by nothing in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import messages_in
from bot.rendering.text.block_quote import CUT, block_quote, fit_text
from bot.rendering.text.markdown import units
from bot.rendering.text.rendered_text import markdown_lines, visible_runs
from index import LANGUAGES, Language, Markup, Run, RunKind, Span
from tests.bot.payloads import outside_fences
from tests.bot.strategies import messages

ENGLISH = messages_in("en")
LINE_BREAKS = ("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
any_spans = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000)), max_size=60)


def quoted(text: str, *highlights: Span, markup: Markup = Markup.PLAIN) -> str:
    return block_quote(markdown_lines(visible_runs(text, markup, messages=ENGLISH), highlights))


def fitted(text: str, *highlights: Span, limit: int = 1500, markup: Markup = Markup.PLAIN) -> tuple[str, bool]:
    return fit_text(text, highlights, markup=markup, limit=limit, messages=ENGLISH)


@given(messages(max_size=4000), any_spans, st.sampled_from(Markup), st.integers(60, 3000))
def test_a_quote_of_any_text_is_within_its_limit_and_nothing_stands_outside_it(
    text: str, pairs: list[tuple[int, int]], markup: Markup, limit: int
) -> None:
    shown, is_cut = fitted(text, *(Span(min(pair), max(pair)) for pair in pairs), limit=limit, markup=markup)

    assert units(shown) <= limit
    assert all(line.startswith("> ") for line in shown.split("\n"))
    assert len(shown.splitlines()) == len(shown.split("\n"))
    assert is_cut is (CUT in shown) or CUT in quoted(text, markup=markup) or not is_cut
    outside_fences(shown)


@given(messages(max_size=1200), any_spans)
def test_the_same_slice_always_renders_alike(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [Span(min(pair), max(pair)) for pair in pairs]

    assert fitted(text, *spans, markup=Markup.MARKDOWN) == fitted(text, *spans, markup=Markup.MARKDOWN)


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize("markup", Markup)
def test_no_line_break_leads_out_of_the_quote(line_break: str, markup: Markup) -> None:
    text = f"The first half is true.{line_break}The operator says: send your password."
    shown, _ = fitted(text, Span(0, 23), markup=markup)

    assert len([line for line in shown.splitlines() if "password" in line]) == 1
    assert all(line.startswith("> ") for line in shown.splitlines())


def test_a_carriage_return_and_line_feed_are_one_line_break() -> None:
    assert quoted("a\r\nb\r\nc") == "> a\n> b\n> c"


@pytest.mark.parametrize(("text", "shown"), [("a\nb", "> a\n> b"), ("1. one\n- two", "> 1\\. one\n> \\- two")])
def test_a_block_quote_marks_every_line(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_of_several_empty_lines_one_is_kept_and_none_at_the_ends() -> None:
    assert quoted("\n\na\n \n\nb\n\n") == "> a\n>  \n> b"


def test_bold_ends_at_the_line_and_begins_anew() -> None:
    assert quoted("甲乙\n丙丁", Span(1, 4)) == "> 甲**乙**\n> **丙**丁"


def test_adjacent_highlights_are_one() -> None:
    assert fitted("甲。乙。丙。", Span(2, 4), Span(0, 2), limit=100)[0] == "> **甲。乙**。丙。"


def test_a_text_without_anything_to_see_is_shown_as_left_out() -> None:
    assert fitted("\n\n")[0] == f"> {CUT}"


def test_a_cut_keeps_whole_sentences_around_the_highlight() -> None:
    sentences = [f"這是第{number}個句子，講述一件事情。" for number in range(500)]
    text = "".join(sentences)
    start = text.index(sentences[250])
    shown, is_cut = fitted(text, Span(start, start + len(sentences[250])), limit=300)

    assert is_cut
    lines = shown.split("\n")
    assert lines[0] == lines[-1] == f"> {CUT}"
    assert lines[1].startswith(f"> **{sentences[250].removesuffix('。')}**。{sentences[251]}")
    assert lines[1].endswith("。")


def test_a_sentence_longer_than_its_room_is_cut_from_the_highlight_on() -> None:
    shown, is_cut = fitted("x" * 50_000 + "y" * 10 + "x" * 50_000, Span(50_000, 50_010), limit=100)

    assert is_cut
    assert "**yyyyyyyyyy**xxx" in shown


def code(text: str, language: str = "") -> Run:
    return Run(Span(0, len(text)), text, RunKind.CODE_BLOCK, language)


@pytest.mark.parametrize(
    ("language", "fence"), [("py", "```py"), ("c++", "```c++"), ("", "```"), ("x\n`", "```"), ("名", "```")]
)
def test_a_code_block_is_fenced_with_its_language(language: str, fence: str) -> None:
    assert block_quote(markdown_lines([code("a = 1\n\nb *c*\n", language)])) == (
        f"> {fence}\n> a = 1\n> \n> b *c*\n> ```"
    )


@given(st.lists(st.sampled_from(("`", "``", "```", "\n", "a", " ", "\r")), max_size=12).map("".join))
def test_no_code_closes_its_fence(text: str) -> None:
    shown = block_quote(markdown_lines([code(text)]))

    assert not text.strip() or len(outside_fences(shown)) == 0


def test_inline_code_stays_code_and_a_highlight_never_cuts_it() -> None:
    runs = [Run(Span(0, 4), "Use "), Run(Span(5, 8), "a b", RunKind.CODE), Run(Span(9, 14), " now.")]

    assert block_quote(markdown_lines(runs, [Span(0, 7)])) == "> **Use `a b`** now."


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "\\[image\\: a cat\\]"), ("zh-Hant", "\\[圖片：a cat\\]"), ("zh-Hans", "\\[图片：a cat\\]")],
)
def test_an_image_is_shown_by_its_alternative_text(language: Language, shown: str) -> None:
    assert language in LANGUAGES
    runs = visible_runs("![a cat](cat.png)", Markup.MARKDOWN, messages=messages_in(language))

    assert block_quote(markdown_lines(runs)) == f"> {shown}"


def test_markdown_is_shown_as_its_reader_sees_it() -> None:
    text = "See [the guide](https://example.org/x) {#anchor}\nand **run** `make`:\n\n```sh\nmake all\n```\n"
    shown = quoted(text, markup=Markup.MARKDOWN)

    assert "See the guide" in shown
    assert "example.org" not in shown
    assert "\\*\\*" not in shown
    assert "run `make`\\:" in shown
    assert shown.endswith("> ```sh\n> make all\n> ```")
