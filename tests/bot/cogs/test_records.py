"""What is kept, as an operator reads it and as a person has it deleted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.cogs.test_admin import REFUSED, manager
from tests.bot.conftest import GUILD, Running, Stage, response, shown


async def ask_in_vain(stage: Stage) -> None:
    """Ask three questions that are not answered, one of them in two wordings, and one that is."""
    for question in (
        "How is the weather?",
        "How is the weather?",
        "The weather, how is?",
        "Perhaps this?",
        "How many are left?",
    ):
        await stage.alice.slash(stage.channel, "ask", question=question)


async def table(result: Any) -> list[dict[str, str]]:
    """Return the rows of the attached table."""
    (attachment,) = response(result).attachments
    assert attachment.filename.startswith("gaps-")
    assert attachment.filename.endswith(".csv")
    return list(csv.DictReader(io.StringIO((await attachment.read()).decode("utf-8-sig"))))


async def test_what_was_asked_in_vain_is_grouped_and_counted(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        await ask_in_vain(stage)
        result = await manager(stage).slash(stage.channel, "gaps")
        text = shown(response(result))

        assert result.ephemeral
        assert "last 30 days · questions: 4, groups: 2" in text
        assert "**3 ×** How is the weather?\n-# Declined 3\n-# also: The weather, how is?" in text
        assert "**1 ×** Perhaps this?\n-# Not sure 1" in text
        assert "How many" not in text
        assert [(row["group"], row["question"], row["times"]) for row in await table(result)] == [
            ("1", "How is the weather?", "2"),
            ("1", "The weather, how is?", "1"),
            ("2", "Perhaps this?", "1"),
        ]


async def test_an_answer_that_did_not_help_is_a_gap_with_its_reason(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        layout = response(await stage.alice.slash(stage.channel, "ask", question="How many are left?"))
        asked = response(await stage.bob.click(layout, label="Not helpful"))
        await stage.bob.click(asked, label="Wrong passage")
        result = await manager(stage).slash(stage.channel, "gaps", days=1)

        assert "**1 ×** How many are left?\n-# Not helpful 1 · Wrong passage 1" in shown(response(result))
        assert [row["wrong_passage"] for row in await table(result)] == ["1"]


async def test_without_gaps_there_is_no_file(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        result = await manager(stage).slash(stage.channel, "gaps")

        assert "Everything that was asked was answered" in shown(response(result))
        assert not response(result).attachments


async def test_questions_that_are_not_kept_are_counted(running: Running) -> None:
    async with running(admin_guilds=(GUILD,), keep_questions=False) as stage:
        await ask_in_vain(stage)
        text = shown((await manager(stage).slash(stage.channel, "gaps")).response)

        assert "4 more whose text is not kept" in text
        assert "Everything" not in text


async def test_without_the_model_the_wording_is_compared(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        await ask_in_vain(stage)
        stage.world.store_broken = True
        text = shown((await manager(stage).slash(stage.channel, "gaps")).response)

        assert "questions: 4, groups: 3" in text
        assert "by wording alone" in text
        assert "/secret" not in text
        assert "/secret/model" in caplog.text


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "zh-TW",
            [
                "沒答好的問題",
                "最近 30 天 · 4 次提問，分成 2 組",
                "**3 次** How is the weather?",
                "查無答案 3",
                "其他問法：",
            ],
        ),
        (
            "zh-CN",
            [
                "没答好的问题",
                "最近 30 天 · 4 次提问，分成 2 组",
                "**3 次** How is the weather?",
                "查无答案 3",
                "其他问法：",
            ],
        ),
    ],
)
async def test_gaps_speak_the_admins_language(
    running: Running, speak: Callable[[str], None], locale: str, lines: list[str]
) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        await ask_in_vain(stage)
        speak(locale)
        text = shown((await manager(stage).slash(stage.channel, "gaps")).response)

        assert [line for line in lines if line not in text] == []


async def test_gaps_are_for_admins(running: Running) -> None:
    async with running(admin_guilds=(7,)) as stage:
        await ask_in_vain(stage)
        result = await manager(stage).slash(stage.channel, "gaps")

        assert REFUSED in shown(response(result))


async def test_a_person_has_what_they_asked_deleted_and_nothing_else(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        await ask_in_vain(stage)
        await stage.bob.slash(stage.channel, "ask", question="What weather?")
        first = await stage.alice.slash(stage.channel, "forget")
        second = await stage.alice.slash(stage.channel, "forget")
        left = await manager(stage).slash(stage.channel, "gaps")

        assert first.ephemeral
        assert "Deleted: 5 of your questions" in shown(response(first))
        assert "I keep nothing of what you asked" in shown(response(second))
        assert [row["question"] for row in await table(left)] == ["What weather?"]


async def test_a_direct_message_is_forgotten_as_well(stage: Stage) -> None:
    await stage.alice.send_dm("How is the weather?")
    result = await stage.alice.user.slash("forget")

    assert "Deleted: 1 of your questions" in shown(response(result))
