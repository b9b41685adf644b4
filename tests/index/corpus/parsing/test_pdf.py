"""PDF: lines become paragraphs and headings, pages are known, what cannot be read is one clear reason."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.parsing.blocks import ParseError
from index.corpus.parsing.pdf import parse
from tests.index.corpus.parsing.containers import Printed, make_pdf
from tests.index.corpus.parsing.shared import headers, kinds, require_sound, require_sound_or_refused, texts

WORDS = "The reading room of the library is open eleven months a year and is closed".split()  # noqa: SIM905


def page(number: int) -> list[Printed]:
    return [
        Printed("Handbook of the library", 780, 8),
        Printed(f"Chapter {'ABCDE'[number]}", 740, 18),
        Printed("The Elm Street Library was founded by a group of teachers in 1998 and moved to the new", 700),
        Printed("building after the flood. Its reading room is open eleven months a year and is closed in", 688),
        Printed("August.", 676),
        Printed("Members may borrow up to ten books, for three weeks, and bring them back in person, too.", 652),
        Printed("- first item", 628),
        Printed("- second item", 616),
        Printed("圖書館星期一休館請帶借書證逾期歸還須繳罰款每天每本一元", 592),
        Printed(f"閱覽室全年開放{'甲乙丙'[number]}", 580),
        Printed(f"Page {number + 1}", 20, 8),
    ]


def test_lines_become_headings_paragraphs_and_items_without_headers_and_footers() -> None:
    parsed = parse(make_pdf([page(number) for number in range(3)]))
    assert kinds(parsed)[:6] == [
        ("h1", "Chapter A"),
        (
            "paragraph",
            (
                "The Elm Street Library was founded by a group of teachers in 1998 and moved to the new building "
                "after the flood. Its reading room is open eleven months a year and is closed in August."
            ),
        ),
        ("paragraph", "Members may borrow up to ten books, for three weeks, and bring them back in person, too."),
        ("list item", "- first item"),
        ("list item", "- second item"),
        ("paragraph", "圖書館星期一休館請帶借書證逾期歸還須繳罰款每天每本一元閱覽室全年開放甲"),
    ]
    assert (parsed.title, parsed.left_out) == ("Chapter A", {"page headers and footers": 6})
    require_sound(parsed)


def test_every_page_starts_where_its_first_block_starts() -> None:
    parsed = parse(make_pdf([page(0), [], page(1), page(2)]))
    starts = [parsed.text[offset : offset + 9] for offset in parsed.pages]
    assert (len(starts), starts[0], starts[2], starts[3]) == (4, "Chapter A", "Chapter B", "Chapter C")


INTRODUCTION = [
    Printed("The plans of this year are listed below for all members who want to compare what they", 760),
    Printed("cost, and the fees are in euros.", 748),
]
PLANS = (("Plan", "Monthly fee", "Minutes"), ("Basic", "10", "100"), ("Plus", "20", "300"), ("Pro", "30", "900"))
ROWS = ["Plan | Monthly fee | Minutes", "Basic | 10 | 100", "Plus | 20 | 300", "Pro | 30 | 900"]


def cells(rows: Sequence[Sequence[str]]) -> list[list[Printed]]:
    """Return the cells of a table, row by row."""
    return [[Printed(words, 720 - 12 * at, left=50 + 150 * column) for column, words in enumerate(row) if words]
            for at, row in enumerate(rows)]  # fmt: skip


@pytest.mark.parametrize("by_column", [False, True])
def test_the_rows_of_a_table_are_whole_in_whatever_order_its_cells_are_printed(by_column: bool) -> None:
    table = cells(PLANS)
    order = zip(*table, strict=True) if by_column else table
    end = Printed("All plans can be cancelled at any time within the month.", 600)
    parsed = parse(make_pdf([[*INTRODUCTION, *(cell for part in order for cell in part), end]]))
    assert kinds(parsed)[1:-1] == [("table row", row) for row in ROWS]
    assert headers(parsed) == [None, None, ROWS[0], ROWS[0], ROWS[0], None]
    require_sound(parsed)


def test_a_cell_of_more_lines_stays_in_its_row() -> None:
    rows = [("Plan", "For"), ("Basic", "those who call"), ("", "now and then"), ("Plus", "all others")]
    parsed = parse(make_pdf([[*INTRODUCTION, *(cell for row in cells(rows) for cell in row)]]))
    assert texts(parsed)[1:] == ["Plan | For", "Basic | those who call now and then", "Plus | all others"]


def test_columns_of_prose_are_read_one_after_the_other_and_numbered_lines_are_no_table() -> None:
    prose = [Printed(f"{side} line {at} of a long column goes on", 760 - 12 * at, left=left)
             for at in range(6) for side, left in (("left", 50), ("right", 320))]  # fmt: skip
    parsed = parse(make_pdf([prose]))
    assert "left line 4 of a long column goes on left line 5" in parsed.text
    items = [Printed(words, 760 - 12 * at, left=left)
             for at in range(3) for words, left in ((f"{at + 1}.", 50), ("point of a list", 80))]  # fmt: skip
    assert kinds(parse(make_pdf([items])))[0] == ("list item", "1. point of a list")


def test_a_page_number_alone_is_left_out_and_a_number_in_the_text_is_not() -> None:
    lines = [Printed("Opening hours are below.", 700), Printed("1998", 650), Printed("It was founded then.", 600)]
    assert texts(parse(make_pdf([[*lines, Printed("- 12 -", 20)]]))) == [
        "Opening hours are below.",
        "1998",
        "It was founded then.",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged, or not a PDF"),
        (b"%PDF-1.7\n", "damaged, or not a PDF"),
        (b"words" * 100, "damaged, or not a PDF"),
        (make_pdf([page(0)])[:900], "damaged, or not a PDF"),
        (make_pdf([[], []]), "without text, as of scanned pages; run text recognition"),
        (
            make_pdf(
                [page(0)],
                trailer=f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'00' * 32}> /U <{'11' * 32}> /P -4 >> "
                f"/ID [<{'22' * 16}> <{'22' * 16}>]",
            ),
            "encrypted; save it without a password",
        ),
    ],
)
def test_what_cannot_be_read_is_one_clear_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=rf"^{reason}[^\n]*$"):
        parse(content)


@given(st.integers(0, 3000), st.binary(max_size=20))
def test_damaged_bytes_are_parsed_or_refused(position: int, junk: bytes) -> None:
    content = make_pdf([page(0), page(1)])
    require_sound_or_refused(parse, content[:position] + junk + content[position + len(junk) :])


@given(st.lists(st.lists(st.builds(
    Printed, st.text("aZ1. -•字", min_size=1, max_size=9).filter(str.strip), st.integers(0, 800), st.integers(1, 40),
    st.integers(0, 600)), max_size=8), min_size=1, max_size=4))  # fmt: skip
def test_lines_anywhere_are_sound(pages: list[list[Printed]]) -> None:
    require_sound_or_refused(parse, make_pdf(pages))


def test_the_time_grows_linearly_with_the_pages() -> None:
    lines = [Printed(" ".join(WORDS), 780 - 12 * number) for number in range(60)]
    started = time.perf_counter()
    assert len(parse(make_pdf([lines] * 150)).pages) == 150
    assert time.perf_counter() - started < 30  # 0.7 MB of text; measured 1 s on an idle core
