"""Documents of any shape are valid layouts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locales import messages_in
from bot.rendering.cards import (
    Viewer,
    context_layout,
    greeting_layout,
    help_layout,
    page_layout,
    script_layout,
    sources_layout,
)
from bot.rendering.pagination import page_of, paginate, sections
from index import LANGUAGES, Document, Language, Library, Span
from tests.bot.payloads import check, contents
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import documents, messages
from tests.bot.world import library

ANY = settings(max_examples=30, deadline=None, suppress_health_check=LENIENT)
VIEWER = Viewer("en", "abcdef", note="The index was rebuilt since.")


@ANY
@given(documents(), st.sampled_from(LANGUAGES))
def test_every_page_of_any_document_is_a_valid_message(document: Document, language: Language) -> None:
    pages = paginate(document)
    for number in range(len(pages)):
        check(page_layout(document, pages, number=number, language=language))


@ANY
@given(documents())
def test_pages_hold_every_paragraph_once_and_in_order(document: Document) -> None:
    pieces = [piece.span for page in paginate(document) for piece in page.pieces]

    assert all(first.end <= second.start for first, second in pairwise(pieces))
    covered = {position for span in pieces for position in range(span.start, span.end)}
    for paragraph in document.blocks:
        assert covered.issuperset(range(paragraph.span.start, paragraph.span.end))


@ANY
@given(documents(), st.data())
def test_any_passage_in_context_is_a_valid_message(document: Document, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))
    pages = paginate(document)

    check(context_layout(document, Span(start, end), pages=pages, viewer=VIEWER))
    assert page_of(pages, start) <= max(0, len(pages) - 1)


@ANY
@given(documents(), st.booleans(), st.data())
def test_any_passage_in_the_other_script_is_a_valid_message(
    document: Document, converted: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))

    check(script_layout(document, Span(start, end), converted=converted, viewer=VIEWER))


@ANY
@given(st.lists(documents(), max_size=9, unique_by=lambda document: document.name), st.sampled_from(LANGUAGES))
def test_any_library_is_a_valid_list(found: list[Document], language: Language) -> None:
    check(sources_layout(Library(tuple(found)), language=language), links=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keeps", [True, False])
def test_help_says_what_is_stored(language: Language, keeps: bool) -> None:
    layout = help_layout(keeps_questions=keeps, about="", language=language)
    said = messages_in(language)

    check(layout)
    assert contents(layout)[-1] == (said.privacy_kept if keeps else said.privacy_not_kept)


ABOUT: tuple[tuple[Language, str], ...] = (
    ("zh-Hant", "**文件內容**：lions"),
    ("zh-Hans", "**文档内容**：lions"),
    ("en", "**The documents:** lions"),
)


@pytest.mark.parametrize(("language", "line"), ABOUT)
def test_help_and_a_greeting_say_what_the_documents_are_about(language: Language, line: str) -> None:
    for layout in (
        help_layout(keeps_questions=True, about="lions", language=language),
        greeting_layout(about="lions", language=language),
    ):
        check(layout)
        assert line in contents(layout)[0].split("\n")


@pytest.mark.parametrize(("language", "line"), ABOUT)
@pytest.mark.parametrize("about", ["", " "])
def test_without_that_they_say_nothing_of_it(language: Language, line: str, about: str) -> None:
    label = line.removesuffix("lions")

    assert label not in contents(help_layout(keeps_questions=True, about=about, language=language))[0]
    assert contents(greeting_layout(about=about, language=language)) == [
        messages_in(language).ask_me.format(about="")
    ]


@ANY
@given(messages(max_size=4000), st.sampled_from(LANGUAGES))
def test_whatever_they_are_about_is_one_harmless_line(about: str, language: Language) -> None:
    check(help_layout(keeps_questions=True, about=about, language=language))
    layout = greeting_layout(about=about, language=language)
    check(layout)
    assert contents(layout)[0].count("\n") <= 1


def test_sources_link_to_the_references_without_a_preview() -> None:
    text = contents(sources_layout(library(), language="en"))[-1]

    assert "1\\. [Meta’s Llama Troubles](<https://example.org/troubles>)" in text
    assert "2\\. [Slow \\[death\\]](<https://example.org/a_%28b%29>)" in text


def test_sections_know_their_page() -> None:
    pages = paginate(library().documents[0])

    assert sections(pages) == {"1. 嚴重人才流失": 0, "2. 開發障礙": 0, "3. 參考": 0}
