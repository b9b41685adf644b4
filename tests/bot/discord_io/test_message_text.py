"""What a message says, wherever Discord keeps its text, in the simulated Discord."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import discord
from simcord.backend.models.message import Poll, PollAnswer

from tests.bot.conftest import Running, Stage, last_reply, response, shown

QUESTION = "Llama 團隊還剩下多少人？"


def heading(message: Any) -> str:
    """Return the line of the card that repeats the question."""
    return shown(message).split("\n")[0]


async def ask_about(stage: Stage, message: Any) -> str:
    return shown(response(await stage.alice.context_menu(stage.channel, "Ask about this", message)))


async def test_a_forwarded_question_is_answered_in_a_direct_message(stage: Stage) -> None:
    origin = await stage.alice.send(stage.channel, QUESTION)
    await stage.bob.send_dm("hi")
    channel = stage.bob.user.dm_channel
    await stage.bob.forward(origin, channel)

    assert stage.world.asked[-1] == (QUESTION,)
    assert "第 4 行" in shown(channel.history()[-1])


async def test_a_forwarded_question_is_asked_by_the_menu(stage: Stage) -> None:
    other = stage.guild.create_text_channel("other")
    origin = await stage.alice.send(other, QUESTION)
    forwarded = await stage.bob.forward(origin, stage.channel)

    assert "第 4 行" in await ask_about(stage, forwarded)


async def test_a_question_in_an_embed_is_asked_by_the_menu(stage: Stage) -> None:
    webhook = stage.guild.create_webhook(stage.channel, name="bridge")
    await webhook.send(embeds=[discord.Embed(title="New question", description=QUESTION)])
    await ask_about(stage, stage.channel.history()[-1])

    assert stage.world.asked[-1] == (f"New question\n{QUESTION}",)


async def test_the_question_of_a_poll_is_asked_by_the_menu(stage: Stage) -> None:
    poll = Poll(
        question=QUESTION, answers=[PollAnswer(1, "3"), PollAnswer(2, "11")], expiry="2027-01-01T00:00:00+00:00"
    )
    stage.env.backend.create_message(stage.channel.id, stage.bob.id, poll=poll)
    await ask_about(stage, stage.channel.history()[-1])

    assert stage.world.asked[-1] == (QUESTION,)


async def test_the_text_of_components_is_asked_by_the_menu(stage: Stage) -> None:
    text = {"type": 10, "content": QUESTION}
    components = [{"type": 17, "components": [{"type": 9, "components": [text], "accessory": BUTTON}]}]
    stage.env.backend.create_message(stage.channel.id, stage.bob.id, components=components, flags=1 << 15)
    await ask_about(stage, stage.channel.history()[-1])

    assert stage.world.asked[-1] == (QUESTION,)


BUTTON = {"type": 2, "style": 2, "label": "Press", "custom_id": "theirs"}


async def test_the_bots_own_answer_is_asked_once_more(stage: Stage) -> None:
    await stage.bob.slash(stage.channel, "ask", question=QUESTION)
    await ask_about(stage, stage.channel.history()[-1])

    assert stage.world.asked[-1] == (QUESTION,)


async def test_an_answer_that_was_forwarded_is_asked_once_more(stage: Stage) -> None:
    await stage.bob.slash(stage.channel, "ask", question=QUESTION)
    answer = stage.channel.history()[-1]
    await stage.bob.send_dm("hi")
    await stage.bob.forward(answer, stage.bob.user.dm_channel)
    assert stage.world.asked[-1] == (QUESTION,)

    stage.world.asked.clear()
    other = stage.guild.create_text_channel("other")
    await stage.alice.context_menu(other, "Ask about this", await stage.alice.forward(answer, other))
    assert stage.world.asked == [(QUESTION,)]


async def test_of_a_message_without_text_it_is_said_to_the_person_alone(stage: Stage) -> None:
    message = await stage.bob.send(stage.channel, attachments=[("llama.png", b"x")])
    result = await stage.alice.context_menu(stage.channel, "Ask about this", message)

    assert result.ephemeral
    assert shown(response(result)) == "That message holds no text that I could ask about."


async def test_an_image_in_a_direct_message_is_told_to_hold_no_text(stage: Stage) -> None:
    await stage.alice.send_dm("hi")
    channel = stage.alice.user.dm_channel
    attachments = stage.env.backend.store_attachments(channel.id, [("llama.png", b"x")])
    await stage.alice.send_dm(attachments=attachments)

    assert "holds no text" in shown(channel.history()[-1])


async def test_a_sticker_or_an_image_in_reply_to_an_answer_is_left_alone(stage: Stage) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {QUESTION}")
    await stage.alice.send(stage.channel, attachments=[("thumb.png", b"x")], reply_to=last_reply(stage))

    assert len(stage.channel.history()) == 3


async def test_a_person_who_is_mentioned_is_shown_by_name_and_kept_nowhere(stage: Stage, tmp_path: Path) -> None:
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> <@{stage.bob.id}> {QUESTION}")

    assert heading(last_reply(stage)) == rf"-# \@bob {QUESTION}"
    assert stage.world.asked == [(QUESTION,)]
    await stage.bot.services.query_log.close()
    with sqlite3.connect(tmp_path / "data" / "query_log.sqlite3") as connection:
        kept = str(connection.execute("SELECT * FROM answers").fetchall())
    for private in (stage.bob.id, stage.bot.user.id, stage.alice.id, "bob"):
        assert str(private) not in kept


async def test_roles_channels_and_emoji_are_shown_by_name(stage: Stage) -> None:
    role = stage.guild.create_role("mods")
    mentions = f"<@&{role.id}> <#{stage.channel.id}> <:llama:1145327983412345678>"
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> {mentions} {QUESTION}")

    assert heading(last_reply(stage)) == rf"-# \@mods \#general \:llama\: {QUESTION}"
    assert stage.world.asked == [(QUESTION,)]


async def test_the_name_of_a_channel_that_others_may_not_see_is_not_shown(stage: Stage) -> None:
    hidden = discord.PermissionOverwrite(view_channel=False)
    secret = stage.guild.create_text_channel("secret", overwrites={stage.guild.default_role: hidden})
    await stage.alice.send(stage.channel, f"<@{stage.bot.user.id}> <#{secret.id}> {QUESTION}")

    assert heading(last_reply(stage)) == f"-# {QUESTION}"


async def test_mark_up_in_a_slash_question_is_taken_off(stage: Stage) -> None:
    question = f"<@{stage.bob.id}> **{QUESTION}** <#{stage.channel.id}>"
    result = await stage.alice.slash(stage.channel, "ask", question=question)

    assert stage.world.asked == [(QUESTION,)]
    assert str(stage.bob.id) not in shown(response(result))
    assert r"\#general" in heading(response(result))


async def test_mark_up_alone_is_no_question(stage: Stage) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=f"<@{stage.bob.id}> <:llama:1>")

    assert "Please write a question" in shown(response(result))


async def test_a_mention_of_the_bots_own_role_is_a_mention_whose_text_discord_withholds(running: Running) -> None:
    async with running({"approved_intents": discord.Intents.default()}) as stage:
        guild = stage.bot.get_guild(stage.guild.id)
        [role] = [role for role in guild.me.roles if role.managed]
        await stage.alice.send(stage.channel, f"<@&{role.id}> {QUESTION}")

        assert len(stage.channel.history()) == 2
        assert "That was my role" in shown(last_reply(stage))


async def test_a_mention_of_another_role_is_left_alone(stage: Stage) -> None:
    role = stage.guild.create_role("mods")
    await stage.alice.send(stage.channel, f"<@&{role.id}> {QUESTION}")

    assert len(stage.channel.history()) == 1
