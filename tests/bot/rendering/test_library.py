"""The list of sources and the pages of a document are valid messages for documents of any shape."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.components import walk_components

from bot.rendering.custom_id import Download, Reading, TurnPage, decode_action
from bot.rendering.layout import Layout
from bot.rendering.library import PageAids, page_layout, sources_layout
from bot.rendering.pages.pagination import PagedDocument, page_of, paginate
from bot.rendering.pages.sections import sections
from index import LANGUAGES, AidKind, Document, Language, Library, Outcome, ReadingAid, Span, quote_at
from tests.bot.payloads import check, components_of, contents, labels
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import documents, messages
from tests.bot.world import library
from tests.conftest import examples

ANY = settings(max_examples=examples(10), suppress_health_check=LENIENT)


@ANY
@given(documents(), st.sampled_from(LANGUAGES))
def test_every_page_of_any_document_is_a_valid_message(document: Document, language: Language) -> None:
    paged = PagedDocument(document, paginate(document), sections(document))
    for number in range(len(paged.pages)):
        check(page_layout(paged, number=number, reading=Reading(language)))


AIDS = st.builds(ReadingAid, st.sampled_from(AidKind), messages(max_size=4000), messages(max_size=60))


@settings(max_examples=examples(10), suppress_health_check=LENIENT)
@given(documents(), st.sampled_from(LANGUAGES), st.sampled_from(Outcome), st.data())
def test_every_part_of_the_reading_aids_of_any_page_is_a_valid_message_and_is_reached_by_turning(
    document: Document, language: Language, outcome: Outcome, data: st.DataObject
) -> None:
    paged = PagedDocument(document, paginate(document), sections(document))
    aided = data.draw(st.sets(st.integers(0, 9), max_size=4)) & set(range(len(document.blocks)))
    by_block = {number: data.draw(AIDS) for number in aided}
    start = data.draw(st.integers(0, max(0, len(document.text) - 2)))
    quote = replace(
        quote_at(document, Span(start, start + 1), highlights=(Span(start, start + 1),)), aid=data.draw(AIDS)
    )
    page, aid = 0, data.draw(st.integers(0, 1))
    for _ in range(200):
        reading = Reading(language, outcome, 2**40, start, start + 1, aid)
        layout = page_layout(paged, number=page, reading=reading, aids=PageAids(quote, by_block))
        check(layout)
        following = [action for action in actions(layout) if isinstance(action, TurnPage) and action.slot == 1]
        if not following or (following[0].page, following[0].aid) == (page, aid):
            break
        page, aid = following[0].page, following[0].aid

    assert page == max(0, len(paged.pages) - 1)


RISE = library().documents[0]
PAGED = PagedDocument(RISE, paginate(RISE), sections(RISE))
TRANSLATION = ReadingAid(AidKind.TRANSLATION, "Three stayed.")
START = RISE.text.index("14位")
QUOTE = replace(
    quote_at(RISE, RISE.blocks[0].span, highlights=(Span(START, RISE.text.index("其餘")),)), aid=TRANSLATION
)


def opened(outcome: Outcome, aid: int = 0, by_block: dict[int, ReadingAid] | None = None) -> Layout:
    reading = Reading("en", outcome, 7, QUOTE.start, QUOTE.end, aid)
    return page_layout(PAGED, number=0, reading=reading, aids=PageAids(QUOTE, by_block or {}))


def test_a_page_opened_from_an_answer_keeps_its_bold_sentence_and_its_translation() -> None:
    heading, translation, text, _ = contents(opened(Outcome.ANSWERED))

    assert heading == "### “Meta的Llama興衰史”"
    assert translation == "**Three stayed.**\n-# Machine translation, not checked"
    assert "**14位核心作者中，截至2025年中僅剩3人留任**" in text


def test_a_page_opened_from_what_did_not_answer_says_so_and_has_no_bold_sentence() -> None:
    heading, translation, text, _ = contents(opened(Outcome.DECLINED))

    assert heading.endswith("\n**Not an answer to the question, only the nearest passage.**")
    assert translation.startswith("Three stayed.")
    assert "**14位" not in text


def test_a_page_is_read_in_its_translation_and_says_what_that_is() -> None:
    aids = {0: TRANSLATION}
    original, translated = opened(Outcome.ANSWERED, 0, aids), opened(Outcome.ANSWERED, 1, aids)

    assert "Translation" in labels(original)
    assert "Show the original" in labels(translated)
    assert contents(translated)[1].startswith("-# Machine translation, not checked\n`4` Three stayed.\n> `7` FAIR")


def test_what_the_buttons_of_a_page_open_keeps_language_outcome_and_quote() -> None:
    for action in actions(opened(Outcome.UNSURE, 0, {0: TRANSLATION})):
        assert action.language == "en"
        if not isinstance(action, Download):
            assert (action.outcome, action.record, action.start) == (Outcome.UNSURE, 7, QUOTE.start)


def actions(layout: Layout) -> list[Any]:
    """Return what the buttons and menus of a layout do."""
    ids = [str(item["custom_id"]) for item in walk_components(components_of(layout)) if "custom_id" in item]
    return [decode_action(custom_id) for custom_id in ids]


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
