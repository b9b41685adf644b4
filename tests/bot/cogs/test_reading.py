"""Finding and reading documents that share titles, section names or beginnings, and those that are large."""

from __future__ import annotations

import gc
import hashlib
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.rendering.custom_id import document_tag
from bot.services.document_catalog import DocumentCatalog
from index import Block, BlockKind, Document, Library, Markup, Span, quote_at
from tests.bot.components.test_buttons import custom_ids, starting
from tests.bot.conftest import Stage, buttons, publish, response, shown
from tests.bot.world import document

SAME_NAMES = """# Manual

## Install
### Parameters
The first parameter sets the port.

## Run
### Parameters
The second parameter sets the host.

## Log rotation
Rotates the files every week.

## Log
Writes to standard error.
"""
SECONDS = 0.5


def manual() -> Document:
    """Return a document with two sections of one name, and one whose name begins another's."""
    blocks = []
    for sentence, headings in {
        "The first parameter sets the port.": ("Manual", "Install", "Parameters"),
        "The second parameter sets the host.": ("Manual", "Run", "Parameters"),
        "Rotates the files every week.": ("Manual", "Log rotation"),
        "Writes to standard error.": ("Manual", "Log"),
    }.items():
        start = SAME_NAMES.index(sentence)
        heading = SAME_NAMES.rindex("#", 0, start)
        blocks.append(Block(Span(start, start + len(sentence)), headings, section_start=heading))
    return replace(document("manual.md", "Manual", "en", SAME_NAMES), blocks=tuple(blocks))


def same_titles() -> Library:
    """Return two documents of one title."""
    names = ("v1/configuration.md", "v2/configuration.md")
    return Library(
        tuple(
            replace(document(name, "Configuration", "en", f"The port of {name}.\n"), qualifier=name)
            for name in names
        )
    )


async def read(stage: Stage, **options: Any) -> str:
    return shown(response(await stage.alice.slash(stage.channel, "read", **options)))


@pytest.mark.parametrize(("section", "expected"), [("Log", "standard error"), ("Log rot", "every week")])
async def test_an_exact_section_name_goes_before_one_that_it_begins(
    stage: Stage, section: str, expected: str
) -> None:
    text = SAME_NAMES.replace("week.", "week. " * 300)
    long = replace(manual(), source=text, blocks=tuple(_moved(block, text) for block in manual().blocks))
    await publish(stage, Library((long,)))
    shown_page = await read(stage, document="manual.md", section=section)

    assert expected in shown_page


def _moved(block: Block, text: str) -> Block:
    sentence = block.span.of(SAME_NAMES)
    start = text.index(sentence)
    end = text.index("\n", start)
    return replace(block, span=Span(start, end))


async def test_sections_of_one_name_are_offered_with_their_parents_and_each_opens(stage: Stage) -> None:
    await publish(stage, Library((manual(),)))
    choices = await stage.alice.autocomplete(stage.channel, "read", "section", "parameters", document="manual.md")

    names = [choice["name"] for choice in choices]
    assert len(names) == len(set(names)) == 2
    assert "Install" in names[0]
    assert "Run" in names[1]
    for choice, expected in zip(choices, ("the port", "the host"), strict=True):
        assert expected in await read(stage, document="manual.md", section=choice["value"])


async def test_documents_of_one_title_are_offered_with_what_tells_them_apart_and_each_opens(stage: Stage) -> None:
    await publish(stage, same_titles())
    choices = await stage.alice.autocomplete(stage.channel, "read", "document", "conf")

    assert len({choice["name"] for choice in choices}) == 2
    for choice, name in zip(choices, ("v1", "v2"), strict=True):
        assert f"The port of {name}" in await read(stage, document=choice["value"])


async def test_a_title_that_several_documents_have_opens_none_of_them(stage: Stage) -> None:
    await publish(stage, same_titles())
    text = await read(stage, document="Configuration")

    assert "Several documents have that title" in text
    assert "The port" not in text


async def test_what_begins_a_hash_opens_no_document(stage: Stage) -> None:
    for found in stage.world.library.documents:
        for digits in (found.sha256[:1], found.sha256[:16], found.sha256, document_tag(found.name, found.sha256)):
            assert "no document of that name" in await read(stage, document=digits)


async def test_a_document_whose_name_no_choice_can_hold_is_chosen_by_its_tag(stage: Stage) -> None:
    long_name = f"{'folder/' * 20}page.md"
    await publish(stage, Library((document(long_name, "Page", "en", "It is here.\n"),)))
    choices = await stage.alice.autocomplete(stage.channel, "read", "document", "page")

    assert "It is here." in await read(stage, document=choices[0]["value"])


async def test_the_list_of_documents_is_turned_page_by_page_until_every_document_was_shown(stage: Stage) -> None:
    documents = tuple(document(f"{n:02}.txt", f"Title {n:02}", "en", f"Text {n}.\n") for n in range(14))
    await publish(stage, Library(documents))
    message = response(await stage.alice.slash(stage.channel, "sources"))
    seen = shown(message)
    for _ in range(2):
        message = response(await stage.alice.click(message, label="Next"))
        seen += shown(message)

    assert all(each.title in seen for each in documents)


async def test_the_list_of_documents_names_path_format_pages_and_encoding(stage: Stage) -> None:
    paper = replace(same_titles().documents[0], name="v1/configuration.pdf", pages=(0, 4, 9), qualifier="v1")
    letter = replace(same_titles().documents[1], encoding="big5")
    await publish(stage, Library((paper, letter)))
    text = shown(response(await stage.alice.slash(stage.channel, "sources")))

    assert "“Configuration” (v1)" in text
    assert "PDF · 3 pages" in text
    assert "MD · big5" in text
    assert "machine-written note" in text


def test_choices_among_ten_thousand_documents_come_in_time() -> None:
    catalog = DocumentCatalog(
        Library(tuple(document(f"{n}.txt", f"Title {n}", "en", f"Text {n}.\n") for n in range(10_000)))
    )
    began = time.perf_counter()
    for typed in ("", "title", "9999", "nothing like it"):
        catalog.document_choices(typed)

    assert time.perf_counter() - began < SECONDS


def test_choices_among_a_hundred_thousand_sections_come_in_time() -> None:
    lines = 300_000
    text = "A line.\n" * lines
    gc.disable()  # it looks through all that were made, again and again
    blocks = tuple(
        Block(Span(8 * n, 8 * n + 7), (f"Section {n // 3}",), section_start=8 * (n // 3 * 3)) for n in range(lines)
    )
    gc.enable()
    catalog = DocumentCatalog(
        Library((replace(document("long.txt", "Long", "en", ""), source=text, blocks=blocks),))
    )
    found = catalog.named("long.txt")
    began = time.perf_counter()
    for typed in ("", "section 99999", "nothing like it"):
        catalog.section_choices(found, typed)

    assert time.perf_counter() - began < SECONDS


async def test_the_source_text_is_the_raw_slice_with_the_hash_of_the_file(stage: Stage) -> None:
    text = "See [the guide](https://example.org){#id} **now**.\n"
    await publish(stage, Library((replace(document("a.md", "A", "en", text), markup=Markup.MARKDOWN),)))
    answer = response(await stage.alice.slash(stage.channel, "ask", question="What is run?"))
    context = response(await stage.alice.click(answer, custom_id=starting(answer, "context")))
    source = response(await stage.alice.click(context, custom_id=starting(context, "source")))

    assert text.strip() in shown(source)
    assert hashlib.sha256(text.encode()).hexdigest() in shown(source)


async def test_a_code_block_that_was_cut_is_shown_whole_on_request(stage: Stage) -> None:
    code = "".join(f"step({number})\n" for number in range(80))
    text = f"Run this:\n\n```python\n{code}```\n"
    start = text.index("```")
    block = Block(Span(start, len(text) - 1), (), kind=BlockKind.CODE)
    source = replace(document("a.md", "A", "en", text), blocks=(block,), markup=Markup.MARKDOWN)
    part = Span(text.index("step(1)"), text.index("step(2)"))
    stage.world.quotes = (quote_at(source, part, highlights=(part,)),)
    await publish(stage, Library((source,)))
    answer = response(await stage.alice.slash(stage.channel, "ask", question="What is run?"))
    context = await stage.alice.click(answer, custom_id=starting(answer, "context"))
    assert "Whole code block" in buttons(response(context))
    whole = await stage.alice.click(response(context), label="Whole code block")

    assert "step(0)" in shown(response(whole))
    assert "step(79)" in shown(response(whole))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("utf-8", "標題\r\n內容\r\n"),
        ("big5", "標題\n內容\n"),
        ("utf-16", "標題\n內容\n"),
        ("gb18030", "标题\n€\n"),
    ],
)
async def test_the_file_of_a_text_format_is_sent_byte_for_byte(stage: Stage, encoding: str, content: str) -> None:
    raw = content.encode(encoding)
    found = document("a.txt", "A", "zh-Hant", content)
    found = replace(found, encoding=encoding, sha256=hashlib.sha256(raw).hexdigest())
    await publish(stage, Library((found,)))
    message = response(await stage.alice.slash(stage.channel, "read", document="a.txt"))
    sent = response(await stage.alice.click(message, label="Download"))

    assert sent.attachments[0].filename == "a.txt"
    assert await sent.attachments[0].read() == raw
    assert "byte for byte" in sent.content


async def test_of_a_container_the_extracted_text_is_sent_and_called_so(stage: Stage) -> None:
    found = replace(document("a.pdf", "A", "en", "Extracted.\n"), sha256="0" * 64)
    await publish(stage, Library((found,)))
    message = response(await stage.alice.slash(stage.channel, "read", document="a.pdf"))
    sent = response(await stage.alice.click(message, label="Download"))

    assert sent.attachments[0].filename == "a.pdf.txt"
    assert await sent.attachments[0].read() == b"Extracted.\n"
    assert "extracted from a.pdf" in sent.content


async def test_the_menu_of_sections_opens_each_of_one_name(stage: Stage) -> None:
    await publish(stage, Library((manual(),)))
    message = response(await stage.alice.slash(stage.channel, "read", document="manual.md"))

    assert any(custom_id.startswith("jump") for custom_id in custom_ids(message))
    assert "the host" in shown(response(await stage.alice.select(message, ["1"])))
