"""`/sources`, `/read` and `/help`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from index.types import ParagraphAnnotation
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import Running, Stage, buttons, last_reply, publish, response, shown
from tests.bot.world import SIMPLIFIED_TEXT, document, library

LONG = "".join(f"## Part {part}\n\n" + f"Sentence {part}. " * 40 + "\n\n" for part in range(30))


async def read(stage: Stage, **options: Any) -> Any:
    return response(await stage.alice.slash(stage.channel, "read", **options))


async def test_sources_lists_the_documents_with_provenance_and_length(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "sources")

    text = shown(response(result))
    assert result.ephemeral
    assert "“Meta的Llama興衰史”" in text
    assert "Traditional Chinese · 146 characters" in text
    assert "machine-written note" in text
    assert "[Meta’s Llama Troubles](<https://example.org/troubles>)" in text


async def test_a_document_is_opened_from_the_list(stage: Stage) -> None:
    layout = response(await stage.alice.slash(stage.channel, "sources"))
    result = await stage.alice.click(layout, custom_id=starting(layout, "read"))

    assert result.ephemeral
    assert "`4` Meta最初的Llama團隊" in shown(response(result))


@pytest.mark.parametrize("name", ["exodus.txt", "Llama团队只剩3个", "EXODUS.TXT"])
async def test_a_document_is_read_by_name_or_title(stage: Stage, name: str) -> None:
    layout = await read(stage, document=name)

    assert "`2` 14名核心成员" in shown(layout)
    assert "Page 1 of 1 · lines 1–5" in shown(layout)


async def test_an_unknown_document_is_refused(stage: Stage) -> None:
    assert "no document of that name" in shown(await read(stage, document="none"))


async def test_pages_are_turned_in_place(stage: Stage) -> None:
    await publish(stage, type(library())((document("long.md", "Long", "en", LONG),)))
    layout = await read(stage, document="long.md")
    assert "Page 1 of" in shown(layout)
    following = await stage.alice.click(layout, label="Next")
    assert response(following).id == layout.id
    assert "Page 2 of" in shown(response(following))

    back = await stage.alice.click(response(following), label="Previous")
    assert "Page 1 of" in shown(response(back))


async def test_the_menu_jumps_to_a_section(stage: Stage) -> None:
    await publish(stage, type(library())((document("long.md", "Long", "en", LONG),)))
    layout = await read(stage, document="long.md")
    result = await stage.alice.select(layout, ["12"])

    assert "**Part 12**" in shown(response(result))


async def test_reading_starts_at_a_section(stage: Stage) -> None:
    layout = await read(stage, document="rise.md", section="2. 開發障礙")

    assert "FAIR" in shown(layout)


async def test_sections_are_offered(stage: Stage) -> None:
    choices = await stage.alice.autocomplete(stage.channel, "read", "section", "障礙", document="rise.md")

    assert choices == [{"name": "2. 開發障礙", "value": "2. 開發障礙"}]


async def test_no_sections_are_offered_without_a_document(stage: Stage) -> None:
    assert await stage.alice.autocomplete(stage.channel, "read", "section", "") == []


async def test_the_file_is_sent_byte_for_byte(stage: Stage) -> None:
    layout = await read(stage, document="exodus.txt")
    result = await stage.alice.click(layout, label="Download")

    attachment = response(result).attachments[0]
    assert result.ephemeral
    assert attachment.filename == "exodus.txt"
    assert await attachment.read() == SIMPLIFIED_TEXT.encode()


async def test_turning_the_page_of_a_changed_document_says_so(stage: Stage) -> None:
    layout = await read(stage, document="rise.md")
    stage.world.rebuild()
    await stage.bot.services.answers.reload()
    result = await stage.alice.click(layout, label="Download")

    assert "documents have changed" in shown(response(result))


@pytest.mark.parametrize(("keeps", "line"), [(True, "what you asked and"), (False, "without the question")])
async def test_help_says_what_is_stored_about_an_asker(running: Running, keeps: bool, line: str) -> None:
    async with running(keep_questions=keeps, retention_days=30) as stage:
        result = await stage.alice.slash(stage.channel, "help")

        assert line in shown(response(result))
        assert "for 30 days" in shown(response(result))


@pytest.mark.parametrize(("locale", "line"), [("zh-TW", "**文件主題**：獅子"), ("en-US", "**Topic**: lions")])
async def test_help_says_what_the_documents_are_about_to_the_person_alone(
    stage: Stage, speak: Callable[[str], None], locale: str, line: str
) -> None:
    speak(locale)
    await publish(stage, replace(library(), about={"zh-Hant": "獅子", "en": "lions"}))
    result = await stage.alice.slash(stage.channel, "help")

    assert result.ephemeral
    assert line in shown(response(result))


async def test_without_a_store_help_still_helps(running: Running) -> None:
    async with running() as stage:
        stage.world.store_broken = True
        stage.bot.services.documents._version = None
        text = shown(response(await stage.alice.slash(stage.channel, "help")))

        assert "### What I do" in text
        assert "Topic" not in text


async def test_a_greeting_says_what_the_documents_are_about(stage: Stage) -> None:
    await publish(stage, replace(library(), about={"en": "lions"}))
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}>")

    assert shown(last_reply(stage)).startswith("**Topic**: lions\nAsk me what the documents say")


@pytest.mark.parametrize("keeps", [True, False])
async def test_what_is_stored_is_no_more_than_help_says(running: Running, keeps: bool) -> None:
    async with running(keep_questions=keeps) as stage:
        await stage.alice.slash(stage.channel, "ask", question="How many are left?")
        rows = await stage.bot.services.query_log._queue.read(
            lambda connection: connection.execute("SELECT * FROM answers").fetchall()
        )

        stored = str(rows)
        assert ("How many are left?" in stored) is keeps
        for private in (stage.alice.id, stage.guild.id, stage.channel.id, "alice"):
            assert str(private) not in stored


async def test_while_there_is_no_store_the_library_says_so_and_offers_nothing(running: Running) -> None:
    async with running() as stage:
        stage.world.store_broken = True
        stage.bot.services.documents._version = None
        result = await stage.alice.slash(stage.channel, "sources")
        offered = await stage.alice.autocomplete(stage.channel, "read", "document", "")

        assert "can’t search the documents" in shown(response(result))
        assert "/secret" not in shown(response(result))
        assert offered == []


async def test_a_page_has_its_buttons(stage: Stage) -> None:
    assert {"Previous", "Next", "Download"} == set(buttons(await read(stage, document="rise.md")))


async def test_a_page_is_read_in_translation_and_turned_back(stage: Stage) -> None:
    annotation = ParagraphAnnotation(restatement="", translation="Only three are left.")
    await publish(stage, replace(library(), annotations={"rise.md": {0: annotation}}))
    page = await read(stage, document="rise.md")
    original = shown(page)
    translated = shown(response(await stage.alice.click(page, label="Translation")))
    again = shown(response(await stage.alice.click(page, label="Show the original")))

    assert "-# Machine translation, not checked\n`4` Only three are left." in translated
    assert again == original


async def test_a_document_in_the_readers_language_has_no_translation(
    stage: Stage, speak: Callable[[str], None]
) -> None:
    speak("zh-TW")
    annotation = ParagraphAnnotation(restatement="", translation="Only three are left.")
    await publish(stage, replace(library(), annotations={"rise.md": {0: annotation}}))

    assert "看譯文" not in buttons(await read(stage, document="rise.md"))
