"""Hits → quotes: verbatim, highlighted, in the order of the hits."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quotes import HIGHLIGHT_MARGIN, MOST_HIGHLIGHTS, build_quotes, highlights
from index.corpus.corpus import Corpus, build_corpus
from index.types import Hit, Library, Passage, Quote, Span
from tests.index.texts import document

NOTE = document("note.md", "# 駱馬\n\n第一句。第二句！第三句？\n\n## 之後\n\n另一段。\n\n末段。\n")
PLAIN = document("plain.txt", "One. Two.\r\nThree.")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return build_corpus(Library((NOTE, PLAIN)), {})


def hit(corpus: Corpus, passage: int, *scores: float) -> Hit:
    count = len(corpus.passages[passage].sentences)
    return Hit(passage, 1.0 - passage, scores or (1.0,) + (0.0,) * (count - 1))


def composed(corpus: Corpus, *passages: int, top: int = 9) -> tuple[Quote, ...]:
    return build_quotes([hit(corpus, each) for each in passages], corpus, top=top)


def group_first(corpus: Corpus, *passages: int, group: tuple[int, ...], top: int = 9) -> list[list[str]]:
    """Compose with `group` together; give the first characters of each quote and of those said with it."""
    said = tuple(hit(corpus, each) for each in group)
    hits = [hit(corpus, each) for each in passages]
    quotes = build_quotes(hits, corpus, top=top, group_first=lambda _first, _others: said)
    return [[each.text[:3] for each in (quote, *quote.also)] for quote in quotes]


def test_a_quote_is_its_document_s_own_words(corpus: Corpus) -> None:
    quotes = composed(corpus, 0, 1, 2)
    texts = {each.name: each.text for each in corpus.library.documents}
    assert [quote.text for quote in quotes] == [texts[quote.document][quote.start : quote.end] for quote in quotes]


def test_quotes_come_in_the_order_of_the_hits(corpus: Corpus) -> None:
    assert [quote.text for quote in composed(corpus, 2, 0, 1)] == [
        "One. Two.\r\nThree.",
        "第一句。第二句！第三句？",
        "另一段。\n\n末段。",
    ]


@pytest.mark.parametrize("top", [0, 1, 2, 3, 50])
def test_no_more_quotes_than_asked_for(corpus: Corpus, top: int) -> None:
    assert len(composed(corpus, 0, 1, 2, top=top)) == min(top, 3)


def test_a_quote_cites_document_section_lines_and_hash(corpus: Corpus) -> None:
    quote = composed(corpus, 1)[0]
    assert (quote.document, quote.section, quote.start_line, quote.end_line, quote.sha256) == (
        "note.md",
        "之後",
        7,
        9,
        hashlib.sha256(NOTE.text.encode()).hexdigest(),
    )


def test_a_quote_without_a_heading_has_no_section(corpus: Corpus) -> None:
    assert composed(corpus, 2)[0].section is None


def test_lines_are_those_of_the_file_with_carriage_returns(corpus: Corpus) -> None:
    quote = composed(corpus, 2)[0]
    assert (quote.start_line, quote.end_line) == (1, 2)


@pytest.fixture
def changed(corpus: Corpus) -> Corpus:
    """Give corpus whose first document is not the one that was cut."""
    other = replace(NOTE, text=NOTE.text.replace("第二句", "假的話"))
    return replace(corpus, library=Library((other, PLAIN)))


def test_a_quote_that_is_not_what_was_cut_is_dropped(changed: Corpus) -> None:
    assert [quote.document for quote in composed(changed, 0, 2)] == ["plain.txt"]


def test_the_next_hit_takes_the_place_of_a_dropped_quote(changed: Corpus) -> None:
    assert len(composed(changed, 0, 1, 2, top=2)) == 2


def test_a_dropped_quote_is_logged(changed: Corpus, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="index"):
        composed(changed, 0)
    assert "dropped a quote that is not in note.md at 6-18" in caplog.text


def test_what_another_document_says_too_goes_with_the_first_quote(corpus: Corpus) -> None:
    assert group_first(corpus, 0, 2, group=(0, 2)) == [["第一句", "One"]]


def test_what_goes_with_a_quote_does_not_count(corpus: Corpus) -> None:
    assert group_first(corpus, 0, 2, 1, group=(0, 2), top=2) == [["第一句", "One"], ["另一段"]]


def test_one_quote_has_what_goes_with_it_too(corpus: Corpus) -> None:
    assert group_first(corpus, 0, 1, group=(0, 2), top=1) == [["第一句", "One"]]


def test_another_hit_than_the_first_may_lead_and_neither_comes_twice(corpus: Corpus) -> None:
    assert group_first(corpus, 0, 1, 2, group=(2, 0)) == [["One", "第一句"], ["另一段"]]


def test_what_leads_need_not_be_among_the_hits(corpus: Corpus) -> None:
    assert group_first(corpus, 0, group=(2, 0)) == [["One", "第一句"]]


def test_when_what_leads_is_dropped_the_next_of_the_group_leads(changed: Corpus) -> None:
    assert group_first(changed, 2, 0, group=(0, 2)) == [["One"]]


def test_what_goes_with_the_first_quote_is_asked_though_the_first_hit_was_dropped(changed: Corpus) -> None:
    asked: list[list[int]] = []

    def note(first: Hit, others: Sequence[Hit]) -> tuple[Hit, ...]:
        asked.append([each.passage for each in (first, *others)])
        return (first,)

    build_quotes([hit(changed, each) for each in (0, 1, 2)], changed, top=3, group_first=note)
    assert asked == [[1, 2]]


PASSAGE = Passage("a.txt", Span(10, 40), (), (Span(10, 20), Span(20, 30), Span(31, 40)))
SCORES = st.tuples(*[st.floats(-1, 1)] * 3)


@given(SCORES)
def test_highlights_are_sentences_of_the_passage_in_order(scores: tuple[float, float, float]) -> None:
    found = highlights(Hit(0, 1.0, scores), PASSAGE)
    assert set(found) <= set(PASSAGE.sentences)
    assert list(found) == sorted(found, key=lambda span: span.start)


@given(SCORES)
def test_the_best_sentence_is_highlighted(scores: tuple[float, float, float]) -> None:
    found = highlights(Hit(0, 1.0, scores), PASSAGE)
    assert max(scores[PASSAGE.sentences.index(span)] for span in found) == max(scores)


@given(SCORES)
def test_there_are_one_or_two_highlights(scores: tuple[float, float, float]) -> None:
    assert 1 <= len(highlights(Hit(0, 1.0, scores), PASSAGE)) <= MOST_HIGHLIGHTS == 2


def test_a_second_sentence_as_good_as_the_best_is_highlighted_too() -> None:
    scores = (0.5 - HIGHLIGHT_MARGIN / 2, 0.1, 0.5)
    assert highlights(Hit(0, 1.0, scores), PASSAGE) == (Span(10, 20), Span(31, 40))


def test_a_second_sentence_that_is_worse_is_not() -> None:
    scores = (0.5 - HIGHLIGHT_MARGIN * 2, 0.1, 0.5)
    assert highlights(Hit(0, 1.0, scores), PASSAGE) == (Span(31, 40),)
