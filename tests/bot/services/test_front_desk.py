"""What is no question of the documents gets the front desk's card at every entry, and is no gap."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from index import Answer, FrontDeskIntent, Language, Outcome
from tests.bot.conftest import Stage, buttons, last_reply, response, shown

SAID: tuple[tuple[FrontDeskIntent, Language, str, str], ...] = (
    (FrontDeskIntent.GREETING, "en", "hello", "Hello!"),
    (FrontDeskIntent.GREETING, "zh-Hant", "哈囉，這裡有人嗎", "你好！想知道文件裡"),
    (FrontDeskIntent.GREETING, "zh-Hans", "哈喽，这里有人吗", "你好！想了解文档里"),
    (FrontDeskIntent.THANKS, "en", "thanks", "Glad to help."),
    (FrontDeskIntent.THANKS, "zh-Hant", "謝謝", "很高興幫得上忙"),
    (FrontDeskIntent.THANKS, "zh-Hans", "谢谢", "很高兴能帮上忙"),
    (FrontDeskIntent.ABILITIES, "en", "what can you do", "quote it, with its source"),
    (FrontDeskIntent.ABILITIES, "zh-Hant", "你會做什麼", "逐字引用，並註明出處"),
    (FrontDeskIntent.ABILITIES, "zh-Hans", "你会做什么", "逐字引用，并注明出处"),
    (FrontDeskIntent.IDENTITY, "en", "who made you", "the Llama Chronicle developers"),
    (FrontDeskIntent.IDENTITY, "zh-Hant", "是誰開發你的", "我不是真人"),
    (FrontDeskIntent.IDENTITY, "zh-Hans", "谁开发的你", "我不是真人"),
    (FrontDeskIntent.ABOUT, "en", "what are these documents about", "Documents (2)"),
    (FrontDeskIntent.ABOUT, "zh-Hant", "這些文件在講什麼", "文件（2 份）"),
    (FrontDeskIntent.ABOUT, "zh-Hans", "这些文档讲什么", "文档（2 份）"),
    (FrontDeskIntent.RELIABILITY, "en", "are your sources reliable", "machine-written note"),
    (FrontDeskIntent.RELIABILITY, "zh-Hant", "你的來源可靠嗎", "機器撰寫的筆記"),
    (FrontDeskIntent.RELIABILITY, "zh-Hans", "你的来源可靠吗", "机器撰写的笔记"),
    (FrontDeskIntent.SUMMARY, "en", "summarize the documents", "I don’t write summaries"),
    (FrontDeskIntent.SUMMARY, "zh-Hant", "總結一下這些文件", "我不寫摘要"),
    (FrontDeskIntent.SUMMARY, "zh-Hans", "总结一下这些文档", "我不写摘要"),
)


def replied(stage: Stage, said: str, intent: FrontDeskIntent) -> None:
    """Make the worker see that intent in the message."""
    stage.world.answers[said] = Answer(said, Outcome.DECLINED, 0.0, (), (), 1.0, "1", front_desk=intent)


@pytest.mark.parametrize(("intent", "language", "said", "line"), SAID)
async def test_a_message_is_replied_to_in_its_language(
    stage: Stage, intent: FrontDeskIntent, language: Language, said: str, line: str
) -> None:
    replied(stage, said, intent)

    message = response(await stage.alice.slash(stage.channel, "ask", question=said))

    assert line in shown(message)
    assert list(buttons(message)) == list(stage.world.library.starters[language])


async def test_a_mention_and_a_direct_message_are_replied_to(stage: Stage) -> None:
    replied(stage, "hello", FrontDeskIntent.GREETING)

    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> hello")

    assert "Hello!" in shown(last_reply(stage))


async def test_commands_are_mentioned_with_the_ids_that_discord_gave_them(stage: Stage) -> None:
    replied(stage, "hello", FrontDeskIntent.GREETING)
    ids = {command["name"]: command["id"] for command in stage.env.backend.commands[None].values()}

    message = response(await stage.alice.slash(stage.channel, "ask", question="hello"))

    assert f"</ask:{ids['ask']}>" in shown(message)


async def test_a_starter_beneath_it_is_asked_by_a_press(stage: Stage) -> None:
    replied(stage, "hello", FrontDeskIntent.GREETING)
    message = response(await stage.alice.slash(stage.channel, "ask", question="hello"))

    pressed = await stage.alice.click(message, custom_id=buttons(message)["How many are left?"])

    assert "How many are left?" in shown(response(pressed))


async def test_it_is_no_gap_and_no_question_of_the_records(stage: Stage) -> None:
    replied(stage, "hello", FrontDeskIntent.GREETING)
    await stage.alice.slash(stage.channel, "ask", question="hello")

    log = stage.bot.services.query_log
    assert (await log.statistics()).today == 0
    assert await log.unanswered(since=datetime.fromtimestamp(0, UTC)) == []


async def test_the_program_s_log_names_what_was_wanted(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    replied(stage, "hello", FrontDeskIntent.GREETING)
    with caplog.at_level(logging.INFO):
        await stage.alice.slash(stage.channel, "ask", question="hello")

    assert "front desk, greeting" in caplog.text
