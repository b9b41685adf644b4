"""Hits → quotes: verbatim, highlighted, in the order of the hits."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace

import pytest

from index.answering.quoting.highlights import Selection
from index.answering.quoting.quotes import build_quotes, quote_at
from index.corpus.corpus import Corpus, build_corpus
from index.types import Block, BlockKind, Document, Hit, Library, Markup, Quote, Span
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
    return build_quotes([(Selection.of(hit(corpus, each)),) for each in passages], corpus, top=top)


def grouped(corpus: Corpus, *groups: tuple[int, ...], top: int = 9) -> list[list[str]]:
    """Return the first characters of each group's quote and of those in its `also`."""
    selected = [[Selection.of(hit(corpus, each)) for each in group] for group in groups]
    quotes = build_quotes(selected, corpus, top=top)
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
    """Return corpus whose first document is not the one that was cut."""
    other = replace(NOTE, source=NOTE.text.replace("第二句", "假的話"))
    return replace(corpus, library=Library((other, PLAIN)))


def test_a_quote_that_is_not_what_was_cut_is_dropped(changed: Corpus) -> None:
    assert [quote.document for quote in composed(changed, 0, 2)] == ["plain.txt"]


def test_the_next_hit_takes_the_place_of_a_dropped_quote(changed: Corpus) -> None:
    assert len(composed(changed, 0, 1, 2, top=2)) == 2


def test_a_dropped_quote_is_logged(changed: Corpus, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="index"):
        composed(changed, 0)
    assert "dropped a quote that is not in note.md at 6-18" in caplog.text


def test_a_group_is_one_quote_with_the_others_in_also(corpus: Corpus) -> None:
    assert grouped(corpus, (0, 2)) == [["第一句", "One"]]


def test_what_goes_with_a_quote_does_not_count(corpus: Corpus) -> None:
    assert grouped(corpus, (0, 2), (1,), top=2) == [["第一句", "One"], ["另一段"]]


def test_one_quote_has_what_goes_with_it_too(corpus: Corpus) -> None:
    assert grouped(corpus, (0, 2), (1,), top=1) == [["第一句", "One"]]


def test_when_what_leads_is_dropped_the_next_of_the_group_leads(changed: Corpus) -> None:
    assert grouped(changed, (0, 2)) == [["One"]]


def test_a_group_of_which_nothing_is_verbatim_is_dropped(changed: Corpus) -> None:
    assert grouped(changed, (0,), (2,)) == [["One"]]


TABLE = "# Plans\n\n| plan | price |\n|---|---|\n" + "".join(
    f"| plan {n} | {n} dollars a month |\n" for n in range(40)
)


def test_a_row_of_a_table_is_shown_with_its_header_as_context() -> None:
    corpus = build_corpus(Library((document("plans.md", TABLE),)), {})
    last = len(corpus.passages) - 1
    (quote,) = composed(corpus, last)
    assert [each.text for each in quote.context] == ["| plan | price |"]
    assert all(TABLE[each.span.start : each.span.end] == each.text for each in quote.context)


def test_a_highlight_in_a_table_is_a_whole_row() -> None:
    corpus = build_corpus(Library((document("plans.md", TABLE),)), {})
    lines = set(TABLE.split("\n"))
    for quote in composed(corpus, *range(len(corpus.passages))):
        assert {TABLE[each.start : each.end] for each in quote.highlights} <= lines


def test_a_highlight_in_code_is_a_whole_line() -> None:
    code = "# Use\n\n```python\nif not found!: raise Error. More()\nprint('a. b! c')\n```\n"
    corpus = build_corpus(Library((document("use.md", code),)), {})
    for quote in composed(corpus, *range(len(corpus.passages))):
        for each in quote.highlights:
            assert code[each.start - 1] == "\n"
            assert code[each.end] == "\n"


def test_a_quote_has_the_page_and_the_markup_of_its_document(corpus: Corpus) -> None:
    paged = replace(PLAIN, pages=(0, 10))
    other = replace(corpus, library=Library((NOTE, paged)))
    assert [(each.page, each.markup) for each in composed(other, 2, 0)] == [
        (1, Markup.PLAIN),
        (None, Markup.MARKDOWN),
    ]


CODE = "Run:\n\n```sh\nmake\nmake all\n```\n\n    indented = code\n"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("```sh\nmake\nmake all\n```", Markup.MARKDOWN),
        ("Run:\n\n```sh\nmake\nmake all\n```", Markup.MARKDOWN),
        ("make all\n```", Markup.CODE),
        ("make all", Markup.CODE),
        ("indented = code", Markup.CODE),
        ("Run:", Markup.MARKDOWN),
    ],
)
def test_a_quote_of_a_part_of_a_code_block_is_code(text: str, markup: Markup) -> None:
    blocks = (
        Block(Span(0, 4), ()),
        Block(Span(6, CODE.index("```\n\n") + 3), (), BlockKind.CODE),
        Block(Span(CODE.index("indented"), len(CODE) - 1), (), BlockKind.CODE),
    )
    document = Document("a.md", "A", "en", CODE, "0" * 64, blocks, markup=Markup.MARKDOWN)
    start = CODE.index(text)

    assert quote_at(document, Span(start, start + len(text))).markup is markup
