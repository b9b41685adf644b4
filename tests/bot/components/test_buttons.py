"""Every button, by the asker, by somebody else, after a restart, and after the index changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from discord import ui
from simcord.components import walk_components

from bot.client import ChronicleBot
from bot.container import Services
from bot.settings import BotSettings
from tests.bot.conftest import Running, Stage, buttons, last_reply, publish, response, shown

QUESTION = "Llama 團隊還剩下多少人？"
STALE = "documents have changed"


async def ask(stage: Stage, question: str = QUESTION) -> Any:
    return response(await stage.alice.slash(stage.channel, "ask", question=question))


def starting(message: Any, prefix: str) -> str:
    """Return the first custom id that starts with `prefix`."""
    return next(custom_id for custom_id in custom_ids(message) if custom_id.startswith(prefix))


def custom_ids(message: Any) -> list[str]:
    components = message.components
    if components and not isinstance(components[0], dict):
        components = [component.to_dict() for component in components]
    return [item["custom_id"] for item in walk_components(components) if "custom_id" in item]


async def opened(stage: Stage, layout: Any, person: Any = None) -> Any:
    """Return the context of the first quote of `layout`, as it is shown to a person, Alice by default."""
    return response(await (person or stage.alice).click(layout, custom_id=starting(layout, "context")))


async def test_context_shows_the_passage_and_its_neighbour_with_line_numbers_to_the_person_alone(
    stage: Stage,
) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, custom_id=starting(layout, "context"))

    text = shown(response(result))
    assert result.ephemeral
    assert "> `4` **Meta最初的Llama團隊已嚴重縮編**。14位核心作者中" in text
    assert "`7` FAIR在運算資源分配中失去優先權。" in text
    assert "《Meta的Llama興衰史》 · 1. 嚴重人才流失 · 第 4 行 · 機器撰寫的筆記" in text


async def test_the_context_speaks_the_language_of_the_question(stage: Stage) -> None:
    assert shown(await opened(stage, await ask(stage), stage.bob)).startswith("### 前後文")
    assert shown(await opened(stage, await ask(stage, "How many are left?"), stage.bob)).startswith("### Context")


async def test_what_says_the_same_is_opened_from_the_context(stage: Stage) -> None:
    context = await opened(stage, await ask(stage))
    result = await stage.alice.click(context, label="看《Llama团队只剩3个》")

    assert "> `1` Llama团队只剩3个" in shown(response(result)).replace("**", "")


async def test_without_its_record_the_context_is_shown_without_bold(stage: Stage) -> None:
    layout = await ask(stage)
    await stage.bot.services.query_log.forget(stage.alice.id)

    assert "> `4` Meta最初的Llama團隊已嚴重縮編。14位" in shown(await opened(stage, layout))


@pytest.mark.parametrize(
    ("question", "mark"),
    [("How is the weather?", "Not an answer to the question"), ("Perhaps this?", "Not sure whether")],
)
async def test_what_did_not_answer_stays_marked_on_every_later_card(
    stage: Stage, question: str, mark: str
) -> None:
    context = await opened(stage, await ask(stage, question))
    converted = response(await stage.alice.click(context, custom_id=starting(context, "convert")))
    source = response(await stage.alice.click(context, custom_id=starting(context, "source")))
    original = response(await stage.alice.click(converted, custom_id=starting(converted, "swap")))

    for card in (context, converted, source, original):
        assert mark in shown(card)


async def test_a_quote_is_shown_in_the_other_script_marked_and_the_original_is_one_click_away(
    stage: Stage,
) -> None:
    context = await opened(stage, await ask(stage, "How many are left?"))
    converted = await stage.alice.click(context, custom_id=starting(context, "convert"))
    assert converted.ephemeral
    assert "not the original" in shown(response(converted))
    assert "团队" in shown(response(converted))

    original = await stage.alice.click(response(converted), custom_id=starting(response(converted), "swap"))
    assert "團隊" in shown(response(original))
    assert response(original).id == response(converted).id

    again = await stage.alice.click(response(original), custom_id=starting(response(original), "swap"))
    assert "团队" in shown(response(again))


async def test_more_quotes_come_in_the_answers_language_and_are_numbered_on(stage: Stage) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, custom_id=starting(layout, "more"))

    assert result.ephemeral
    assert "### 更多引文" in shown(response(result))
    assert "[3] Meta的Llama興衰史" in shown(response(result))


async def test_more_quotes_go_on_until_there_are_none(stage: Stage) -> None:
    layout = await ask(stage)
    seen = shown(layout)
    while any(custom_id.startswith("more") for custom_id in custom_ids(layout)):
        layout = response(await stage.bob.click(layout, custom_id=starting(layout, "more")))
        seen += shown(layout)

    assert "最后一行" in seen


async def test_a_starter_that_is_pressed_is_answered_to_the_person_alone(stage: Stage) -> None:
    layout = await ask(stage, "How is the weather?")
    result = await stage.bob.click(layout, label="How many are left?")

    assert result.ephemeral
    assert "-# How many are left?" in shown(response(result))
    assert "line 4" in shown(response(result))


async def test_a_starter_that_is_no_longer_offered_says_so(stage: Stage) -> None:
    layout = await ask(stage, "How is the weather?")
    await publish(stage, replace(stage.world.library, starters={}))
    result = await stage.bob.click(layout, label="How many are left?")

    assert STALE in shown(response(result))


@pytest.mark.parametrize(("label", "helpful", "unhelpful"), [("有幫助", 1, 0), ("沒幫助", 0, 1)])
async def test_votes_are_counted(stage: Stage, label: str, helpful: int, unhelpful: int) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, label=label)

    statistics = await stage.bot.services.query_log.statistics()
    assert result.ephemeral
    assert (statistics.helpful, statistics.unhelpful) == (helpful, unhelpful)


@pytest.mark.parametrize(
    ("question", "ask_why", "reasons"),
    [
        (QUESTION, "謝謝。是哪裡不對？", ["引錯段落", "答非所問", "其他"]),
        ("Llama 团队还剩下多少人？", "谢谢。是哪里不对？", ["引错段落", "答非所问", "其他"]),
        ("How many are left?", "What was wrong", ["Wrong passage", "Not an answer", "Something else"]),
    ],
)
async def test_not_helpful_asks_why_in_one_press(
    stage: Stage, question: str, ask_why: str, reasons: list[str]
) -> None:
    layout = await ask(stage, question)
    result = await stage.bob.click(layout, custom_id=custom_ids(layout)[-1])
    asked = response(result)
    assert result.ephemeral
    assert ask_why in shown(asked)
    assert list(buttons(asked)) == reasons

    after = response(await stage.bob.click(asked, label=reasons[2]))
    assert after.id == asked.id
    assert buttons(after) == {}
    (logged,) = await stage.bot.services.query_log.unanswered(since=datetime(2020, 1, 1, tzinfo=UTC))
    assert (logged.unhelpful, logged.wrong_passage, logged.no_answer, logged.other) == (1, 0, 0, 1)


async def test_a_second_click_moves_the_vote(stage: Stage) -> None:
    layout = await ask(stage)
    for label in ("有幫助", "有幫助", "沒幫助"):
        await stage.bob.click(layout, label=label)

    statistics = await stage.bot.services.query_log.statistics()
    assert (statistics.helpful, statistics.unhelpful) == (0, 1)


async def test_the_asker_deletes_the_answer_from_its_context(stage: Stage) -> None:
    layout = await ask(stage)
    await stage.alice.click(await opened(stage, layout), label="刪除這則回答")

    assert stage.channel.history() == []


async def test_nobody_else_is_offered_to_delete_the_answer(stage: Stage) -> None:
    layout = await ask(stage)

    assert "刪除這則回答" not in buttons(await opened(stage, layout, stage.bob))


async def test_what_only_the_asker_sees_they_dismiss_themselves(stage: Stage) -> None:
    layout = response(await stage.alice.slash(stage.channel, "ask", question=QUESTION, private=True))

    assert "刪除這則回答" not in buttons(await opened(stage, layout))


async def test_the_asker_deletes_the_reply_to_a_mention(stage: Stage) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")
    await stage.alice.click(await opened(stage, last_reply(stage)), label="刪除這則回答")

    assert len(stage.channel.history()) == 1


async def test_an_answer_that_is_gone_already_is_no_error(stage: Stage) -> None:
    layout = await ask(stage)
    first, second = await opened(stage, layout), await opened(stage, layout)
    await stage.alice.click(first, label="刪除這則回答")
    await stage.alice.click(second, label="刪除這則回答")

    assert stage.channel.history() == []


async def test_every_button_holds_after_a_restart(stage: Stage, tmp_path: Path) -> None:
    layout = await ask(stage)
    await stage.bot.services.close()
    settings = BotSettings(data=tmp_path / "data", cooldown_seconds=0.0)
    bot = ChronicleBot(Services.from_settings(settings, spawn=stage.world.spawn))
    await stage.env.restart_bot(bot)

    for custom_id in custom_ids(layout):
        result = await stage.bob.click(layout, custom_id=custom_id)
        assert STALE not in shown(response(result))
    await stage.alice.click(await opened(stage, layout), label="刪除這則回答")
    assert stage.channel.history() == []
    await bot.services.close()


async def test_after_the_index_changed_buttons_say_so_instead_of_showing_another_passage(stage: Stage) -> None:
    layout = await ask(stage, "How many are left?")
    context = await opened(stage, layout)
    stage.world.rebuild()
    await stage.bot.services.answers.reload()

    for card, prefix in ((layout, "context"), (layout, "more"), (context, "convert"), (context, "source")):
        result = await stage.alice.click(card, custom_id=starting(card, prefix))
        assert STALE in shown(response(result))
        assert "Llama團隊" not in shown(response(result))


async def test_a_passage_of_an_unchanged_document_is_shown_with_a_note_that_the_index_changed(
    stage: Stage,
) -> None:
    layout = response(await stage.alice.slash(stage.channel, "ask", question="x 团队", document="exodus.txt"))
    stage.world.rebuild()
    await stage.bot.services.answers.reload()
    more = await stage.bob.click(layout, custom_id=starting(layout, "more"))
    context = await stage.bob.click(layout, custom_id=starting(layout, "context"))

    assert "索引后来重建过" in shown(more.response)
    assert "索引后来重建过" in shown(context.response)
    assert "> `1` **Llama团队只剩3个**" in shown(context.response)


async def test_a_button_of_a_forgotten_answer_says_so(stage: Stage) -> None:
    layout = await ask(stage, "How many are left?")
    await stage.bot.services.query_log.forget(stage.alice.id)
    result = await stage.bob.click(layout, custom_id=starting(layout, "more"))

    assert "no longer have the rest" in shown(response(result))


@pytest.mark.parametrize(
    "custom_id",
    [
        "context:0:0123456789ab:10:20:abcdef",
        "convert:0:0123456789ab:10:20:abcdef",
        "more:1:3",
        "delete:1",
        "gone:1",
    ],
)
async def test_a_button_of_an_earlier_version_of_the_bot_says_so_in_one_line(stage: Stage, custom_id: str) -> None:
    old = ui.LayoutView(timeout=None)
    old.add_item(ui.ActionRow(ui.Button(label="Old", custom_id=custom_id)))
    old.stop()
    message = await stage.bot.get_channel(stage.channel.id).send(view=old)
    result = await stage.alice.click(message, custom_id=custom_id)

    assert result.ephemeral
    assert shown(response(result)) == (
        "This button is from an earlier version of me and no longer works. Please ask again."
    )


async def test_what_went_wrong_behind_a_button_is_said_in_the_language_of_its_card(stage: Stage) -> None:
    layout = await ask(stage)
    stage.world.rebuild()
    await stage.bot.services.answers.reload()
    result = await stage.bob.click(layout, custom_id=starting(layout, "context"))

    assert shown(response(result)) == "文件後來改過，無法再顯示同一段。請重新提問。"


async def test_a_declined_question_has_nothing_more_and_nothing_to_rate(stage: Stage) -> None:
    layout = await ask(stage, "How is the weather?")

    assert list(buttons(layout)) == ["Context", "How many are left?", "Why was Behemoth delayed?"]


async def test_custom_ids_are_unique_and_fit(stage: Stage) -> None:
    layout = await ask(stage)

    found = custom_ids(layout)
    assert len(found) == len(set(found))
    assert max(map(len, found)) <= 100


async def test_a_private_answers_buttons_work(running: Running) -> None:
    async with running() as stage:
        layout = response(await stage.alice.slash(stage.channel, "ask", question=QUESTION, private=True))
        result = await stage.alice.click(layout, custom_id=starting(layout, "context"))

        assert shown(response(result)).startswith("### 前後文")
