"""A passage in context or in the other script is a valid message for documents of any shape."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.custom_id import DeleteAnswer
from bot.rendering.pages.pagination import page_of, paginate
from bot.rendering.passage import Viewer, context_layout, script_layout, source_layout
from index import AidKind, Block, Document, Language, Markup, Outcome, ReadingAid, Span, quote_at
from tests.bot.payloads import check, contents, labels
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import documents, messages
from tests.bot.world import library
from tests.conftest import examples

ANY = settings(max_examples=examples(10), suppress_health_check=LENIENT)
VIEWER = Viewer("en", "abcdef", note="The index has been rebuilt since.")


@ANY
@given(documents(), st.data())
def test_any_passage_in_context_is_a_valid_message(document: Document, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))
    pages = paginate(document)

    marks = (Span(start, data.draw(st.integers(start, end))),)
    aid = data.draw(st.none() | st.builds(ReadingAid, st.sampled_from(AidKind), messages(max_size=4000)))
    quote = replace(quote_at(document, Span(start, end), highlights=marks), aid=aid)
    delete = data.draw(st.sampled_from((None, DeleteAnswer(2**63, 2**63, "en"))))
    viewer = replace(VIEWER, outcome=data.draw(st.sampled_from(Outcome)))

    check(context_layout(replace(quote, also=(quote,) * 5), document, pages=pages, viewer=viewer, delete=delete))
    assert page_of(pages, start) <= max(0, len(pages) - 1)


def test_passages_that_say_the_same_are_told_apart_on_their_buttons() -> None:
    document = library().document("rise.md")
    first, second, other = (quote_at(document, block.span) for block in (*document.blocks[:2], document.blocks[0]))
    named = replace(other, document="v2/rise.md", qualifier="v2/rise.md")
    layout = context_layout(
        replace(first, also=(first, second, named)), document, pages=paginate(document), viewer=VIEWER, delete=None
    )

    opened = [label for label in labels(layout) if label.startswith("Open ")]
    assert opened == [
        "Open “Meta的Llama興衰史” · line 4",
        "Open “Meta的Llama興衰史” · line 7",
        "Open “Meta的Llama興衰史” (v2/rise.md)",
    ]


@ANY
@given(documents(), st.booleans(), st.data())
def test_any_passage_in_the_other_script_is_a_valid_message(
    document: Document, converted: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 3000)))

    check(script_layout(document, Span(start, end), converted=converted, viewer=VIEWER))


@ANY
@given(documents(), st.data())
def test_any_source_text_is_a_valid_message_with_the_hash_of_its_document(
    document: Document, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(document.text), start + 9000)))
    layout = source_layout(document, Span(start, end), pages=paginate(document), viewer=VIEWER)

    check(layout)
    assert document.sha256 in contents(layout)[-1]


def test_the_source_text_is_the_slice_with_its_markup() -> None:
    text = "See [the *guide*](https://example.org) {#anchor}\nand `make`."
    document = Document(
        "a.md", "A", "en", text, "0" * 64, (Block(Span(0, len(text)), ()),), markup=Markup.MARKDOWN
    )
    shown = contents(source_layout(document, Span(0, len(text)), pages=paginate(document), viewer=VIEWER))

    assert shown[1] == f"```\n{text}\n```"


RISE = library().documents[0]
SENTENCE = RISE.text.index("14位")
PASSAGE = Span(RISE.blocks[0].span.start, RISE.blocks[0].span.end)
QUOTE = replace(
    quote_at(RISE, PASSAGE, highlights=(Span(SENTENCE, RISE.text.index("其餘")),)),
    aid=ReadingAid(AidKind.TRANSLATION, "Three stayed.", paragraphs="The team shrank. Three stayed. Eleven left."),
)


def in_context(outcome: Outcome, language: Language = "en", delete: DeleteAnswer | None = None) -> list[str]:
    viewer = Viewer(language, "abcdef", outcome=outcome)
    layout = context_layout(QUOTE, RISE, pages=paginate(RISE), viewer=viewer, delete=delete)
    return [*contents(layout), *labels(layout)]


def test_the_context_keeps_the_bold_sentence_and_the_translation_of_the_whole_paragraph() -> None:
    heading, quoted, aid, *_ = in_context(Outcome.ANSWERED)

    assert heading.startswith(
        "### Context\n-# “Meta的Llama興衰史” · 1. 嚴重人才流失 · line 4 · machine-written note"
    )
    assert quoted.startswith(
        "> `4` Meta最初的Llama團隊已嚴重縮編。**14位核心作者中，截至2025年中僅剩3人留任**。其餘"
    )
    assert aid == "*Machine translation, not checked*: The team shrank. Three stayed. Eleven left."


@pytest.mark.parametrize(
    ("outcome", "mark"),
    [
        (Outcome.UNSURE, "**Not sure whether this answers the question.**"),
        (Outcome.DECLINED, "**Not an answer to the question, only the nearest passage.**"),
    ],
)
def test_what_did_not_answer_is_marked_so_in_its_context_too(outcome: Outcome, mark: str) -> None:
    heading, quoted, *_ = in_context(outcome)

    assert heading.split("\n")[1] == mark
    assert ("**" in quoted) is (outcome is Outcome.UNSURE)


@pytest.mark.parametrize("outcome", [Outcome.UNSURE, Outcome.DECLINED])
def test_what_did_not_answer_is_marked_so_in_every_other_view(outcome: Outcome) -> None:
    viewer = Viewer("en", "abcdef", outcome=outcome)
    for layout in (
        script_layout(RISE, PASSAGE, converted=True, viewer=viewer),
        source_layout(RISE, PASSAGE, pages=paginate(RISE), viewer=viewer),
    ):
        assert "**Not " in contents(layout)[0]


def test_only_who_may_delete_is_offered_to() -> None:
    assert "Delete the answer" not in in_context(Outcome.ANSWERED)
    assert "Delete the answer" in in_context(Outcome.ANSWERED, delete=DeleteAnswer(1, 2, "en"))
