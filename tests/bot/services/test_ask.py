"""Every way to ask, through the simulated Discord."""

from __future__ import annotations

import discord
import pytest

from tests.bot.conftest import Running, Stage, buttons, last_reply, response, shown

# What a bot without privileged intents is given: message content only where it is addressed.
UNPRIVILEGED = {"approved_intents": discord.Intents.default()}
QUESTION = "Llama 團隊還剩下多少人？"


async def test_a_slash_question_is_answered_with_a_verbatim_quote_and_its_citation(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    text = shown(response(result))
    assert "Meta最初的Llama團隊已嚴重縮編。" in text.replace("**", "")
    assert "[1] Meta的Llama興衰史 · 1. 嚴重人才流失 · 第 4 行 · 機器撰寫的筆記" in text
    assert not result.ephemeral


async def test_the_answering_sentence_is_bold(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    assert "> **Meta最初的Llama團隊已嚴重縮編。**" in shown(response(result))


async def test_what_both_documents_say_is_shown_once_with_both_citations(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=QUESTION)

    assert "；另見 [2] Llama团队只剩3个 · 第 1 行" in shown(response(result))


async def test_a_declined_question_says_so_and_shows_the_nearest_passage_as_such(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="How is the weather?")

    text = shown(response(result))
    assert "The documents don’t answer this." in text
    assert "-# The nearest passage, not an answer:" in text
    assert "Meta最初的Llama團隊" in text
    assert "FAIR" not in text


async def test_a_declined_question_comes_with_others_to_press(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="How is the weather?")

    assert {"How many are left?", "Why was Behemoth delayed?"} <= set(buttons(response(result)))


async def test_what_may_be_the_answer_is_one_passage_that_says_so(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="Perhaps this?")

    text = shown(response(result))
    assert "**Not sure, this may be it:**" in text
    assert sum(line.startswith("> ") for line in text.split("\n")) == 1
    assert list(buttons(response(result))) == ["Context", "Helpful", "Not helpful"]


async def test_a_declined_answer_has_another_colour(stage: Stage) -> None:
    answered = await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    declined = await stage.alice.slash(stage.channel, "ask", question="How is the weather?")

    colours = [response(result).components[0]["accent_color"] for result in (answered, declined)]
    assert colours[0] != colours[1]


async def test_a_private_answer_is_seen_by_the_asker_alone(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="How many are left?", private=True)

    assert result.ephemeral


async def test_a_question_can_be_limited_to_a_document(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="How many?", document="exodus.txt")

    assert "Meta的Llama興衰史" not in shown(response(result))


async def test_an_unknown_document_is_refused_to_the_asker_alone(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question="How many?", document="none.md")

    assert result.ephemeral
    assert "no document of that name" in shown(response(result))


@pytest.mark.parametrize("form", ["<@{id}> {question}", "{question} <@!{id}>"])
async def test_a_mention_is_answered_by_one_reply(running: Running, form: str) -> None:
    async with running(UNPRIVILEGED) as stage:
        await stage.alice.send(stage.channel, form.format(id=stage.bot.user.id, question=QUESTION))

        assert len(stage.channel.history()) == 2
        assert "第 4 行" in shown(last_reply(stage))
        assert last_reply(stage).reference is not None


async def test_a_message_that_is_not_for_the_bot_is_left_alone(stage: Stage) -> None:
    await stage.alice.send(stage.channel, QUESTION)

    assert len(stage.channel.history()) == 1


async def test_a_direct_message_is_a_question(stage: Stage) -> None:
    await stage.alice.send_dm(QUESTION)

    assert "第 4 行" in shown(stage.alice.user.dm_channel.history()[-1])


async def test_a_slash_command_works_in_a_direct_message(stage: Stage) -> None:
    await stage.alice.send_dm("weather")
    result = await stage.alice.user.slash("ask", question=QUESTION)

    assert "第 4 行" in shown(response(result))


async def test_a_bare_mention_is_answered_with_how_to_ask(stage: Stage) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}>")

    assert "mention me with your question" in shown(last_reply(stage))


async def test_a_reply_to_the_bot_is_a_question(stage: Stage) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")
    await stage.bob.send(stage.channel, "How many are left?", reply_to=last_reply(stage))

    assert len(stage.channel.history()) == 4
    assert "line 4" in shown(last_reply(stage))


async def test_a_reply_to_somebody_else_is_left_alone(stage: Stage) -> None:
    message = await stage.alice.send(stage.channel, "hello")
    await stage.bob.send(stage.channel, "How many are left?", reply_to=message)

    assert len(stage.channel.history()) == 2


async def test_bots_and_webhooks_are_never_answered(stage: Stage) -> None:
    robot = stage.guild.add_member(stage.env.create_user("robot", bot=True))
    webhook = stage.guild.create_webhook(stage.channel, name="hook")
    mention = f"<@{stage.bot.user.id}> {QUESTION}"
    await robot.send(stage.channel, mention)
    await webhook.send(mention)

    assert len(stage.channel.history()) == 2


async def test_the_message_menu_asks_about_a_message(stage: Stage) -> None:
    message = await stage.bob.send(stage.channel, QUESTION)
    result = await stage.alice.context_menu(stage.channel, "Ask about this", message)

    assert "第 4 行" in shown(response(result))


async def test_mentions_can_be_limited_to_channels(running: Running) -> None:
    async with running() as stage:
        other = stage.guild.create_text_channel("other")
        settings = stage.bot.services.settings
        object.__setattr__(settings, "ask_channels", (other.id,))
        await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")
        await stage.alice.send(other, f"<@{stage.bot.user.id}> {QUESTION}")

        assert len(stage.channel.history()) == 1
        assert len(other.history()) == 2


async def test_a_thread_of_an_allowed_channel_is_allowed(running: Running) -> None:
    async with running() as stage:
        cached = stage.bot.get_channel(stage.channel.id)
        assert isinstance(cached, discord.TextChannel)
        await cached.create_thread(name="talk", type=discord.ChannelType.public_thread)
        await stage.env.settle()
        thread = stage.channel.threads[0]
        object.__setattr__(stage.bot.services.settings, "ask_channels", (stage.channel.id,))
        await stage.alice.send(thread, f"<@{stage.bot.user.id}> {QUESTION}")

        assert "第 4 行" in shown(thread.history()[-1])


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["How many are left?", "Why was Behemoth delayed?"]),
        ("behemoth", ["behemoth", "Why was Behemoth delayed?"]),
        ("團隊", ["團隊", "Llama 團隊還剩下多少人？"]),
        ("How many are left?", []),
        ("Who is it?", []),
    ],
)
async def test_good_first_questions_are_offered_and_never_replace_what_is_typed(
    stage: Stage, typed: str, offered: list[str]
) -> None:
    choices = await stage.alice.autocomplete(stage.channel, "ask", "question", typed)

    assert [choice["value"] for choice in choices] == offered


async def test_documents_are_offered_by_title(stage: Stage) -> None:
    choices = await stage.alice.autocomplete(stage.channel, "ask", "document", "興衰", question="x")

    assert choices == [{"name": "Meta的Llama興衰史", "value": "rise.md"}]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("   ", "What would you like to know?"),
        ("\u200b\u202e", "What would you like to know?"),
        ("x" * 1001, "at most 1000 characters"),
        ("問" * 6000, "最多 1000 個字"),
        ("unusable", "can’t make out a question"),
    ],
)
async def test_an_unusable_question_is_refused_in_one_line(stage: Stage, question: str, line: str) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=question)

    assert line in shown(response(result))


@pytest.mark.parametrize(
    "question",
    [
        "🦙" * 50,
        "```py\nprint()\n```",
        "@everyone <@1> <#2> <@&3> **bold** [x](https://evil.example)",
        "https://discord.gg/abcdef",
        "\u202eabc\u2066def",
        "# heading\n> quote\n- list\n1. list",
    ],
)
async def test_any_question_is_shown_as_it_is_and_pings_nobody(stage: Stage, question: str) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=question)

    first_line = shown(response(result)).split("\n")[0].removeprefix("-# ")
    assert "\u202e" not in first_line
    assert "```" not in first_line
    assert "://" not in first_line
    assert response(result).message.mentions == []
    assert not response(result).message.mention_everyone


async def test_a_document_with_markdown_and_mentions_is_shown_as_it_is(stage: Stage) -> None:
    layout = response(await stage.alice.slash(stage.channel, "ask", question="last?", document="exodus.txt"))
    further = next(custom_id for custom_id in buttons(layout).values() if custom_id.startswith("more"))
    result = await stage.alice.click(layout, custom_id=further)

    text = shown(response(result)).replace("> **", "> ")
    assert r"\@everyone \*\*注意\*\* \[链接\](https\:\/\/evil.example) \<\@123\> \`码\`" in text
    assert not response(result).message.mention_everyone


async def test_every_message_allows_no_mention(stage: Stage) -> None:
    await stage.alice.slash(stage.channel, "ask", question=QUESTION)
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")

    bodies = [entry.json for entry in stage.env.http_requests if "components" in (entry.json or {})]
    assert bodies
    for body in bodies:
        assert body.get("data", body)["allowed_mentions"]["parse"] == []
