"""Lines broken by the Chinese rules: nothing is lost, and none is too wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from index.cli.views.line_breaking import wrap
from index.text.sanitize import visible

CHINESE = (
    "从早期Llama的诞生地「基础AI研究院」（FAIR）转向产品导向的GenAI团队，导致工作流程紊乱。"
    "14名核心成员中，竟有11人集体出走！如今这支曾被誉为“开源AI灯塔”的团队，只剩下3个“留守职工”……"
)


def without_space(text: str) -> str:
    return "".join(text.split())


def broken(text: str, width: int) -> list[str]:
    shown = visible(text)
    return ["".join(shown[line.start : line.stop]) for line in wrap(shown, width=width)]


@pytest.mark.parametrize("width", range(20, 60))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(width: int) -> None:
    found = broken(CHINESE, width)
    assert not any(line[0] in "，。、！？」）”…" for line in found)
    assert not any(line.rstrip()[-1] in "「（“—" for line in found)


def test_words_are_not_cut_while_they_fit() -> None:
    assert broken("the quick brown fox", 10) == ["the quick ", "brown fox"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert broken("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_empty_lines_of_a_document_stay() -> None:
    assert broken("a\n\nb", 10) == ["a", "", "b"]


@given(st.text(max_size=200), st.integers(min_value=12, max_value=90), st.sets(st.integers(0, 200), max_size=4))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int, cuts: set[int]) -> None:
    shown = visible(text)
    found = list(wrap(shown, width=width, cuts=cuts))
    joined = ["".join(shown[line.start : line.stop]) for line in found]
    assert without_space("".join(joined)) == without_space("".join(shown))
    assert all(cell_len(line.rstrip()) <= width for line in joined)


@given(st.text(alphabet=st.sampled_from("汉字，。「」a b(\n"), min_size=1, max_size=120), st.data())
def test_a_highlight_never_shares_a_line_with_other_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = visible(text)
    for line in wrap(shown, width=20, cuts=(start, end)):
        inside = {start <= at < end for at in line if shown[at].strip()}
        assert len(inside) <= 1
