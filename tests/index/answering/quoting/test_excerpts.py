"""Which sentences of a quote an answer shows at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quoting.excerpts import excerpt
from index.text.sentences import split_sentences
from index.types import AidKind, Quote, ReadingAid, Span

START = 40


def make_quote(text: str, *highlighted: str) -> Quote:
    marks = tuple(Span(START + text.index(words), START + text.index(words) + len(words)) for words in highlighted)
    return Quote(
        document="a.md",
        title="A",
        language="zh-Hant",
        provenance={},
        section=None,
        start=START,
        end=START + len(text),
        start_line=7,
        end_line=7 + text.count("\n"),
        text=text,
        highlights=marks,
        score=0.5,
        sha256="0" * 64,
    )


def shown(text: str, *highlighted: str) -> list[str]:
    quote = make_quote(text, *highlighted)
    return [span.shift(-START).of(text) for span in excerpt(quote)]


BEFORE, ANSWER, AFTER = (
    "甲公司在那一年買下了一座工廠。",
    "乙公司在同年賣掉了兩座舊的工廠。",
    "丙公司什麼也沒有做。",
)


def test_only_the_answering_sentence_is_shown() -> None:
    assert shown(BEFORE + ANSWER + AFTER, ANSWER) == [ANSWER]


def test_a_part_of_a_sentence_is_shown_with_the_rest_of_it() -> None:
    assert shown(BEFORE + ANSWER, "兩座") == [ANSWER]


@pytest.mark.parametrize(
    "referring",
    [
        "它在同年又賣掉了兩座舊的工廠。",
        "這筆交易使它賣掉了兩座舊的工廠。",
        "但是因此賣掉了另外的兩座工廠也是真的。",
        "评论者指责其卖掉了两座旧的工厂。",
        "This made it sell two of its older factories.",
        "However, two older factories were sold as well.",
    ],
)
def test_a_sentence_that_refers_back_is_shown_with_the_one_before(referring: str) -> None:
    assert shown(f"{BEFORE} {referring} {AFTER}", referring) == [f"{BEFORE} {referring}"]


@pytest.mark.parametrize(
    "standing",
    [
        "其他公司在同年賣掉了兩座舊的工廠。",
        "Itemised bills were sent to two factories.",
        "14位作者中，其餘11人離職。",
    ],
)
def test_a_sentence_that_only_looks_like_it_stands_alone(standing: str) -> None:
    text = f"{BEFORE} {standing} {AFTER}"
    assert shown(text, standing) == [standing]


def test_a_sentence_that_introduces_is_shown_with_the_one_behind() -> None:
    text = "原因無非是下面所列出來的這樣三點：\n\n1. 錢不夠多，人心也就散了。\n\n2. 事情難做，而且人人都在爭。"
    assert shown(text, "原因無非是下面所列出來的這樣三點：")[0].startswith(
        "原因無非是下面所列出來的這樣三點：\n\n1. 錢"
    )


def test_a_slight_sentence_is_shown_with_the_one_behind() -> None:
    text = "錢沒有給夠。公司四年裡在別處花了幾百億，卻沒有人用。"
    assert shown(text, "錢沒有給夠。") == [text]


def test_sentences_that_touch_are_one_part_and_others_are_apart() -> None:
    assert shown(BEFORE + ANSWER + AFTER, BEFORE, ANSWER) == [BEFORE + ANSWER]
    long = "丙公司什麼也沒有做，丁公司也什麼都沒有。"
    assert shown(BEFORE + long + ANSWER, BEFORE, ANSWER) == [BEFORE, ANSWER]


def test_what_would_make_it_long_is_left_out() -> None:
    long = "甲公司買下了一座工廠，" * 20 + "然後停了。"
    assert shown(f"{long}它在同年又賣掉了兩座舊的工廠。", "它在同年又賣掉了兩座舊的工廠。") == [
        "它在同年又賣掉了兩座舊的工廠。"
    ]


def test_below_a_translation_only_what_it_translates_is_shown() -> None:
    referring = "它在同年又賣掉了兩座舊的工廠。"
    translated = replace(
        make_quote(BEFORE + referring, referring), aid=ReadingAid(AidKind.TRANSLATION, "It sold two.")
    )

    assert excerpt(translated) == (Span(START + len(BEFORE), START + len(BEFORE + referring)),)


def test_without_highlights_the_first_sentence_is_shown() -> None:
    assert shown(BEFORE + ANSWER + AFTER) == [BEFORE]


texts = st.lists(
    st.sampled_from(
        ["甲買下了工廠。", "它賣了。", "Two left. ", "This hurt. ", "\n\n- 項目：", "\n", "```\nx = 1\n```\n", " "]
    ),
    min_size=1,
    max_size=40,
).map("".join)


@given(texts, st.data())
def test_it_holds_every_highlight_in_whole_sentences_in_order(text: str, data: st.DataObject) -> None:
    point = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(point, point), max_size=3))
    marks = [span for span in (Span(min(pair), max(pair)).trim(text) for pair in pairs) if span]
    quote = replace(make_quote(text), highlights=tuple(mark.shift(START) for mark in marks))
    spans = [span.shift(-START) for span in excerpt(quote)]
    sentences = list(split_sentences(text)) or [Span(0, len(text))]

    assert spans
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for span in spans:
        assert span.start in {each.start for each in sentences}
        assert span.end in {each.end for each in sentences}
    for mark in marks:
        covered = sum(len(span.intersection(mark)) for span in spans)
        assert covered >= len(mark) - sum(character.isspace() for character in mark.of(text))


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_lines_are_counted_from_the_quotes_own(end: str) -> None:
    text = f"甲。{end}乙。{end}丙。"
    quote = replace(make_quote(text), end_line=9)
    assert quote.lines(Span(START + 3, START + 5)) == (8, 8)
    assert quote.lines(Span(START, START + len(text))) == (7, 9)


def test_a_stray_return_within_a_line_is_no_line_break() -> None:
    quote = make_quote("甲。\r乙。")
    assert quote.lines(Span(START + 3, START + 5)) == (7, 7)
