"""Every button, by the asker, by somebody else, after a restart, and after the index changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from simcord.components import walk_components

from bot.client import ChronicleBot
from bot.container import Services
from bot.settings import BotSettings
from tests.bot.conftest import Running, Stage, buttons, last_reply, response, shown

QUESTION = "Llama 團隊還剩下多少人？"
STALE = "documents have changed"


async def ask(stage: Stage, question: str = QUESTION) -> Any:
    return response(await stage.alice.slash(stage.channel, "ask", question=question))


def starting(message: Any, prefix: str) -> str:
    """Return the first custom id that starts with `prefix`."""
    return next(custom_id for custom_id in custom_ids(message) if custom_id.startswith(prefix))


def custom_ids(message: Any) -> list[str]:
    return [item["custom_id"] for item in walk_components(message.components) if "custom_id" in item]


async def test_context_shows_the_neighbours_with_line_numbers_to_the_person_alone(stage: Stage) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, custom_id=custom_ids(layout)[3])

    text = shown(response(result))
    assert result.ephemeral
    assert "> `7` FAIR在運算資源分配中失去優先權。" in text
    assert "`4` Meta最初的Llama團隊" in text
    assert "`10` 結尾的一段。" in text


async def test_the_context_of_the_second_source_opens_too(stage: Stage) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, label="另一出處的前後文")

    assert "> `1` Llama团队只剩3个" in shown(response(result))


async def test_a_quote_is_shown_in_the_other_script_marked_and_the_original_is_one_click_away(
    stage: Stage,
) -> None:
    layout = await ask(stage)
    converted = await stage.bob.click(layout, custom_id=starting(layout, "convert"))
    assert converted.ephemeral
    assert "not the original" in shown(response(converted))
    assert "团队" in shown(response(converted))

    original = await stage.bob.click(response(converted), custom_id=starting(response(converted), "swap"))
    assert "團隊" in shown(response(original))
    assert response(original).id == response(converted).id

    again = await stage.bob.click(response(original), custom_id=starting(response(original), "swap"))
    assert "团队" in shown(response(again))


async def test_more_quotes_come_in_the_answers_language(stage: Stage) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, custom_id=starting(layout, "more"))

    assert result.ephemeral
    assert "### 更多引文" in shown(response(result))
    assert "14名核心成员中有11人出走" in shown(response(result))


async def test_more_quotes_go_on_until_there_are_none(stage: Stage) -> None:
    layout = await ask(stage)
    seen = shown(layout)
    while any(custom_id.startswith("more") for custom_id in custom_ids(layout)):
        layout = response(await stage.bob.click(layout, custom_id=starting(layout, "more")))
        seen += shown(layout)

    assert "最后一行" in seen


@pytest.mark.parametrize(("label", "helpful", "unhelpful"), [("有幫助", 1, 0), ("沒幫助", 0, 1)])
async def test_votes_are_counted(stage: Stage, label: str, helpful: int, unhelpful: int) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, label=label)

    statistics = await stage.bot.services.query_log.statistics()
    assert result.ephemeral
    assert (statistics.helpful, statistics.unhelpful) == (helpful, unhelpful)


async def test_a_second_click_moves_the_vote(stage: Stage) -> None:
    layout = await ask(stage)
    for label in ("有幫助", "有幫助", "沒幫助"):
        await stage.bob.click(layout, label=label)

    statistics = await stage.bot.services.query_log.statistics()
    assert (statistics.helpful, statistics.unhelpful) == (0, 1)


async def test_the_asker_deletes_the_answer(stage: Stage) -> None:
    layout = await ask(stage)
    await stage.alice.click(layout, label="刪除")

    assert stage.channel.history() == []


async def test_nobody_else_deletes_the_answer(stage: Stage) -> None:
    layout = await ask(stage)
    result = await stage.bob.click(layout, label="刪除")

    assert result.ephemeral
    assert "Only the person who asked" in shown(response(result))
    assert len(stage.channel.history()) == 1


async def test_the_asker_deletes_the_reply_to_a_mention(stage: Stage) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")
    await stage.bob.click(last_reply(stage), label="刪除")
    assert len(stage.channel.history()) == 2

    await stage.alice.click(last_reply(stage), label="刪除")
    assert len(stage.channel.history()) == 1


async def test_every_button_holds_after_a_restart(stage: Stage, tmp_path: Path) -> None:
    layout = await ask(stage)
    await stage.bot.services.close()
    settings = BotSettings(data=tmp_path / "data", cooldown_seconds=0.0)
    bot = ChronicleBot(Services.from_settings(settings, spawn=stage.world.spawn))
    await stage.env.restart_bot(bot)

    for custom_id in custom_ids(layout):
        if not custom_id.startswith("delete"):
            result = await stage.bob.click(layout, custom_id=custom_id)
            assert STALE not in shown(response(result))
    await stage.alice.click(layout, label="刪除")
    assert stage.channel.history() == []
    await bot.services.close()


async def test_after_the_index_changed_buttons_say_so_instead_of_showing_another_passage(stage: Stage) -> None:
    layout = await ask(stage)
    stage.world.rebuild()
    await stage.bot.services.answers.reload()

    for prefix in ("context", "convert", "more"):
        result = await stage.bob.click(layout, custom_id=starting(layout, prefix))
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

    assert "此后索引重建过" in shown(more.response)
    assert "rebuilt since" in shown(context.response)
    assert "> `1` Llama团队只剩3个" in shown(context.response)


async def test_a_button_of_a_forgotten_answer_says_so(stage: Stage) -> None:
    layout = await ask(stage)
    await stage.bot.services.query_log._run(
        lambda connection: connection.execute("DELETE FROM answers").fetchall()
    )
    result = await stage.bob.click(layout, custom_id=starting(layout, "more"))

    assert "no longer have the rest" in shown(response(result))


async def test_a_declined_answer_keeps_its_buttons(stage: Stage) -> None:
    layout = await ask(stage, "How is the weather?")

    assert {"Helpful", "Not helpful", "Delete"} <= set(buttons(layout))


async def test_custom_ids_are_unique_and_fit(stage: Stage) -> None:
    layout = await ask(stage)

    found = custom_ids(layout)
    assert len(found) == len(set(found))
    assert max(map(len, found)) <= 100


async def test_a_private_answers_buttons_work(running: Running) -> None:
    async with running() as stage:
        layout = response(await stage.alice.slash(stage.channel, "ask", question=QUESTION, private=True))
        result = await stage.alice.click(layout, custom_id=starting(layout, "context"))

        assert "前後文" in shown(layout) or "In context" in shown(response(result))
