"""The card and the table of what was asked in vain, at any size and with hostile questions."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.records.gaps import gaps_layout, gaps_table
from bot.types import Gap, GapReport, QuestionTally
from index import LANGUAGES, Language
from tests.bot.payloads import check

ASKED = QuestionTally("Why?", "en", "2026-11-01T00:00:00+00:00", "2026-11-02T00:00:00+00:00", 3, 2, 1, 1, 1, 0, 0)


def report(*texts: str) -> GapReport:
    gaps = tuple(Gap((replace(ASKED, text=text), ASKED)) for text in texts)
    return GapReport(gaps, days=30, without_text=2, by_meaning=False)


@given(texts=st.lists(st.text(min_size=1, max_size=1000), max_size=30), language=st.sampled_from(LANGUAGES))
def test_the_card_fits_whatever_was_asked(texts: list[str], language: Language) -> None:
    check(gaps_layout(report(*texts), file="gaps-2026-11-28.csv", language=language))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", " =1"])
def test_no_question_is_a_formula_in_a_spreadsheet(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(gaps_table(report(text)).decode("utf-8-sig"))))

    assert rows[0]["question"] == f"'{text}"


def test_a_question_of_several_lines_and_quotes_is_one_cell() -> None:
    text = 'Why "so",\nreally?'
    rows = list(csv.DictReader(io.StringIO(gaps_table(report(text)).decode("utf-8-sig"), newline="")))

    assert rows[0]["question"] == text
    assert len(rows) == 2
