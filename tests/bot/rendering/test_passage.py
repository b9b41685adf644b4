"""A passage in context or in the other script is a valid message for documents of any shape."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.pagination import page_of, paginate
from bot.rendering.passage import Viewer, context_layout, script_layout, source_layout
from index import Block, Document, Markup, Span
from tests.bot.payloads import check, contents
from tests.bot.rendering.test_answer import LENIENT
from tests.bot.strategies import documents

ANY = settings(max_examples=30, deadline=None, suppress_health_check=LENIENT)
VIEWER = Viewer("en", "abcdef", note="The index has been rebuilt since.")


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
