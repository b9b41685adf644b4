"""The list of sources and the pages of a document are valid messages for documents of any shape."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.library import page_layout, sources_layout
from bot.rendering.pagination import PagedDocument, page_of, paginate
from bot.rendering.sections import sections
from index import LANGUAGES, Document, Language, Library
from tests.bot.payloads import check, contents
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import documents
from tests.bot.world import library

ANY = settings(max_examples=30, deadline=None, suppress_health_check=LENIENT)


@ANY
@given(documents(), st.sampled_from(LANGUAGES))
def test_every_page_of_any_document_is_a_valid_message(document: Document, language: Language) -> None:
    paged = PagedDocument(document, paginate(document), sections(document))
    for number in range(len(paged.pages)):
        check(page_layout(paged, number=number, language=language))


@ANY
@given(documents())
def test_pages_hold_every_block_once_and_in_order(document: Document) -> None:
    spans = [block.span for page in paginate(document) for block in page.blocks]

    assert all(first.end <= second.start for first, second in pairwise(spans))
    shown = {position for span in spans for position in range(span.start, span.end)}
    for block in document.blocks:
        assert not "".join(
            document.text[at] for at in range(block.span.start, block.span.end) if at not in shown
        ).strip()


@ANY
@given(st.lists(documents(), max_size=9, unique_by=lambda document: document.name), st.sampled_from(LANGUAGES))
def test_every_page_of_the_list_of_any_library_is_a_valid_message(
    found: list[Document], language: Language
) -> None:
    for page in range(3):
        check(sources_layout(Library(tuple(found)), page=page, language=language), links=True)


def test_sources_link_to_the_references_without_a_preview() -> None:
    text = contents(sources_layout(library(), language="en"))[-1]

    assert "1\\. [Meta’s Llama Troubles](<https://example.org/troubles>)" in text
    assert "2\\. [Slow \\[death\\]](<https://example.org/a_%28b%29>)" in text


def test_sections_know_their_page() -> None:
    document = library().documents[0]
    pages = paginate(document)

    assert [(section.label, page_of(pages, section.start)) for section in sections(document)] == [
        ("1. 嚴重人才流失", 0),
        ("2. 開發障礙", 0),
        ("3. 參考", 0),
    ]
