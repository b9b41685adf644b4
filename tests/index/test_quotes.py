"""Hits → quotes: verbatim, highlighted, in the order of the hits."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import make_records
from index.glosses import paragraph_hash
from index.quotes import HIGHLIGHT_MARGIN, MOST_HIGHLIGHTS, compose, highlights
from index.records import Records
from index.types import Gloss, Hit, Library, Passage, Quote, Span
from tests.index.texts import document

NOTE = document("note.md", "# 駱馬\n\n第一句。第二句！第三句？\n\n## 之後\n\n另一段。\n\n末段。\n")
PLAIN = document("plain.txt", "One. Two.\r\nThree.")
SIDECAR = f"""
[[gloss]]
paragraph = "{paragraph_hash("另一段。")}"
plain = "甲"
en = "A"
[[gloss]]
paragraph = "{paragraph_hash("末段。")}"
plain = "乙"
en = "B"
[words]
"壞詞" = "好詞"
"""


@pytest.fixture(scope="module")
def records() -> Records:
    return make_records(Library((NOTE, PLAIN)), {"note.md.glosses.toml": SIDECAR.encode()})


def hit(records: Records, passage: int, *scores: float) -> Hit:
    count = len(records.passages[passage].sentences)
    return Hit(passage, 1.0 - passage, scores or (1.0,) + (0.0,) * (count - 1))


def composed(records: Records, *passages: int, top: int = 9) -> tuple[Quote, ...]:
    return compose([hit(records, each) for each in passages], records, top=top)


def together(records: Records, *passages: int, group: tuple[int, ...], top: int = 9) -> list[list[str]]:
    """Compose with `group` together; give the first characters of each quote and of those said with it."""
    said = tuple(hit(records, each) for each in group)
    hits = [hit(records, each) for each in passages]
    quotes = compose(hits, records, top=top, together=lambda _first, _others: said)
    return [[each.text[:3] for each in (quote, *quote.also)] for quote in quotes]


def test_a_quote_is_its_document_s_own_words(records: Records) -> None:
    quotes = composed(records, 0, 1, 2)
    texts = {each.name: each.text for each in records.library.documents}
    assert [quote.text for quote in quotes] == [texts[quote.document][quote.start : quote.end] for quote in quotes]


def test_quotes_come_in_the_order_of_the_hits(records: Records) -> None:
    assert [quote.text for quote in composed(records, 2, 0, 1)] == [
        "One. Two.\r\nThree.",
        "第一句。第二句！第三句？",
        "另一段。\n\n末段。",
    ]


@pytest.mark.parametrize("top", [0, 1, 2, 3, 50])
def test_no_more_quotes_than_asked_for(records: Records, top: int) -> None:
    assert len(composed(records, 0, 1, 2, top=top)) == min(top, 3)


def test_a_quote_cites_document_section_lines_and_hash(records: Records) -> None:
    quote = composed(records, 1)[0]
    assert (quote.document, quote.section, quote.start_line, quote.end_line, quote.sha256) == (
        "note.md",
        "之後",
        7,
        9,
        hashlib.sha256(NOTE.text.encode()).hexdigest(),
    )


def test_a_quote_without_a_heading_has_no_section(records: Records) -> None:
    assert composed(records, 2)[0].section is None


def test_lines_are_those_of_the_file_with_carriage_returns(records: Records) -> None:
    quote = composed(records, 2)[0]
    assert (quote.start_line, quote.end_line) == (1, 2)


def test_a_quote_has_the_gloss_of_the_paragraph_that_answers(records: Records) -> None:
    assert [quote.gloss for quote in composed(records, 0, 1)] == [None, Gloss("甲", "A")]


def test_two_paragraphs_that_answer_have_their_glosses_together(records: Records) -> None:
    both = compose([hit(records, 1, 1.0, 1.0)], records, top=1)
    assert both[0].gloss == Gloss("甲乙", "A B")


@pytest.fixture
def changed(records: Records) -> Records:
    """Give records whose first document is not the one that was cut."""
    other = replace(NOTE, text=NOTE.text.replace("第二句", "假的話"))
    return replace(records, library=Library((other, PLAIN)))


def test_a_quote_that_is_not_what_was_cut_is_dropped(changed: Records) -> None:
    assert [quote.document for quote in composed(changed, 0, 2)] == ["plain.txt"]


def test_the_next_hit_takes_the_place_of_a_dropped_quote(changed: Records) -> None:
    assert len(composed(changed, 0, 1, 2, top=2)) == 2


def test_a_dropped_quote_is_logged(changed: Records, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="index"):
        composed(changed, 0)
    assert "dropped a quote that is not in note.md at 6-18" in caplog.text


def test_what_another_document_says_too_goes_with_the_first_quote(records: Records) -> None:
    assert together(records, 0, 2, group=(0, 2)) == [["第一句", "One"]]


def test_what_goes_with_a_quote_does_not_count(records: Records) -> None:
    assert together(records, 0, 2, 1, group=(0, 2), top=2) == [["第一句", "One"], ["另一段"]]


def test_one_quote_has_what_goes_with_it_too(records: Records) -> None:
    assert together(records, 0, 1, group=(0, 2), top=1) == [["第一句", "One"]]


def test_another_hit_than_the_first_may_lead_and_neither_comes_twice(records: Records) -> None:
    assert together(records, 0, 1, 2, group=(2, 0)) == [["One", "第一句"], ["另一段"]]


def test_what_leads_need_not_be_among_the_hits(records: Records) -> None:
    assert together(records, 0, group=(2, 0)) == [["One", "第一句"]]


def test_when_what_leads_is_dropped_the_next_of_the_group_leads(changed: Records) -> None:
    assert together(changed, 2, 0, group=(0, 2)) == [["One"]]


def test_what_goes_with_the_first_quote_is_asked_though_the_first_hit_was_dropped(changed: Records) -> None:
    asked: list[list[int]] = []

    def note(first: Hit, others: Sequence[Hit]) -> tuple[Hit, ...]:
        asked.append([each.passage for each in (first, *others)])
        return (first,)

    compose([hit(changed, each) for each in (0, 1, 2)], changed, top=3, together=note)
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
