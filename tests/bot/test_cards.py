"""Documents of any shape are valid cards."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Viewer, context_card, greeting_card, help_card, page_card, script_card, sources_card
from bot.locales import texts_in
from bot.pages import page_of, paginate, sections
from index import LANGUAGES, Document, Language, Library, Span
from tests.bot.payloads import check, contents
from tests.bot.strategies import documents, texts
from tests.bot.test_render import LENIENT
from tests.bot.world import library

ANY = settings(max_examples=30, deadline=None, suppress_health_check=LENIENT)
VIEWER = Viewer("en", "abcdef", note="The index was rebuilt since.")


@ANY
@given(documents(), st.sampled_from(LANGUAGES))
def test_every_page_of_any_document_is_a_valid_message(document: Document, language: Language) -> None:
    pages = paginate(document)
    for number in range(len(pages)):
        check(page_card(document, pages, number=number, language=language))


@ANY
@given(documents())
def test_pages_hold_every_paragraph_once_and_in_order(document: Document) -> None:
    pieces = [piece.span for page in paginate(document) for piece in page.pieces]

    assert all(first.end <= second.start for first, second in pairwise(pieces))
    covered = {position for span in pieces for position in range(span.start, span.end)}
    for paragraph in document.paragraphs:
        assert covered.issuperset(range(paragraph.span.start, paragraph.span.end))


@ANY
@given(documents(), st.data())
def test_any_passage_in_context_is_a_valid_message(document: Document, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))
    pages = paginate(document)

    check(context_card(document, Span(start, end), pages=pages, viewer=VIEWER))
    assert page_of(pages, start) <= max(0, len(pages) - 1)


@ANY
@given(documents(), st.booleans(), st.data())
def test_any_passage_in_the_other_script_is_a_valid_message(
    document: Document, converted: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))

    check(script_card(document, Span(start, end), converted=converted, viewer=VIEWER))


@ANY
@given(st.lists(documents(), max_size=9, unique_by=lambda document: document.name), st.sampled_from(LANGUAGES))
def test_any_library_is_a_valid_list(found: list[Document], language: Language) -> None:
    check(sources_card(Library(tuple(found)), language=language), links=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keeps", [True, False])
def test_help_says_what_is_stored(language: Language, keeps: bool) -> None:
    card = help_card(keeps_questions=keeps, about="", language=language)
    said = texts_in(language)

    check(card)
    assert contents(card)[-1] == (said.privacy_kept if keeps else said.privacy_not_kept)


ABOUT: tuple[tuple[Language, str], ...] = (
    ("zh-Hant", "**文件內容**：lions"),
    ("zh-Hans", "**文档内容**：lions"),
    ("en", "**The documents:** lions"),
)


@pytest.mark.parametrize(("language", "line"), ABOUT)
def test_help_and_a_greeting_say_what_the_documents_are_about(language: Language, line: str) -> None:
    for card in (
        help_card(keeps_questions=True, about="lions", language=language),
        greeting_card(about="lions", language=language),
    ):
        check(card)
        assert line in contents(card)[0].split("\n")


@pytest.mark.parametrize(("language", "line"), ABOUT)
@pytest.mark.parametrize("about", ["", " "])
def test_without_that_they_say_nothing_of_it(language: Language, line: str, about: str) -> None:
    label = line.removesuffix("lions")

    assert label not in contents(help_card(keeps_questions=True, about=about, language=language))[0]
    assert contents(greeting_card(about=about, language=language)) == [texts_in(language).ask_me.format(about="")]


@ANY
@given(texts(max_size=4000), st.sampled_from(LANGUAGES))
def test_whatever_they_are_about_is_one_harmless_line(about: str, language: Language) -> None:
    check(help_card(keeps_questions=True, about=about, language=language))
    card = greeting_card(about=about, language=language)
    check(card)
    assert contents(card)[0].count("\n") <= 1


def test_sources_link_to_the_references_without_a_preview() -> None:
    text = contents(sources_card(library(), language="en"))[-1]

    assert "1\\. [Meta’s Llama Troubles](<https://example.org/troubles>)" in text
    assert "2\\. [Slow \\[death\\]](<https://example.org/a_%28b%29>)" in text


def test_sections_know_their_page() -> None:
    pages = paginate(library().documents[0])

    assert sections(pages) == {"1. 嚴重人才流失": 0, "2. 開發障礙": 0, "3. 參考": 0}
