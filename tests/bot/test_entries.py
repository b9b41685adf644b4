"""Every way to ask, with every outcome, in every language: the card and what it opens speak the question's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle
from simcord.components import walk_components

from bot.locales import messages_in
from index import LANGUAGES, Language, Outcome
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import Stage, buttons, last_reply, response, shown

Entry = Callable[[Stage, str], Awaitable[Any]]

QUESTIONS: dict[Outcome, dict[Language, str]] = {
    Outcome.ANSWERED: {
        "zh-Hant": "Llama 團隊還剩下多少人？",
        "zh-Hans": "Llama 团队还剩下多少人？",
        "en": "How many authors of Llama are left?",
    },
    Outcome.UNSURE: {
        "zh-Hant": "也許 Llama 團隊還有人？",
        "zh-Hans": "也许 Llama 团队还有人？",
        "en": "Perhaps some authors of Llama are left?",
    },
    Outcome.DECLINED: {
        "zh-Hant": "明天的天氣如何？",
        "zh-Hans": "明天的天气如何？",
        "en": "What will the weather be tomorrow?",
    },
}
# A client of another language than any question.
CLIENT = "ja"


async def by_slash(stage: Stage, question: str) -> Any:
    return response(await stage.alice.slash(stage.channel, "ask", question=question))


async def by_mention(stage: Stage, question: str, place: ChannelHandle | None = None) -> Any:
    place = place or stage.channel
    await stage.alice.send(place, f"<@{stage.bot.user.id}> {question}")
    return place.history()[-1]


async def by_reply(stage: Stage, question: str) -> Any:
    await by_mention(stage, QUESTIONS[Outcome.ANSWERED]["en"])
    await stage.alice.send(stage.channel, question, reply_to=last_reply(stage))
    return last_reply(stage)


async def by_direct_message(stage: Stage, question: str) -> Any:
    await stage.alice.send_dm(question)
    return stage.alice.user.dm_channel.history()[-1]


async def by_menu(stage: Stage, question: str) -> Any:
    message = await stage.bob.send(stage.channel, question)
    return response(await stage.alice.context_menu(stage.channel, "Ask about this", message))


async def by_forum_post(stage: Stage, question: str) -> Any:
    forum = stage.bot.get_channel(stage.guild.create_forum_channel("help").id)
    assert isinstance(forum, discord.ForumChannel)
    return await by_mention(
        stage, question, await _opened(stage, forum.create_thread(name="a post", content="first"))
    )


async def by_thread(stage: Stage, question: str) -> Any:
    channel = stage.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    opening = channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    return await by_mention(stage, question, await _opened(stage, opening))


async def _opened(stage: Stage, opening: Awaitable[Any]) -> ChannelHandle:
    made = await opening
    await stage.env.settle()
    return ChannelHandle(stage.env, stage.guild, stage.env.backend.get_channel(getattr(made, "thread", made).id))


ENTRIES = [by_slash, by_mention, by_reply, by_direct_message, by_menu, by_forum_post, by_thread]


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.__name__)
async def test_every_entry_shows_every_outcome_in_every_language(
    stage: Stage, speak: Callable[[str], None], entry: Entry, outcome: Outcome
) -> None:
    speak(CLIENT)
    for language in LANGUAGES:
        question = QUESTIONS[outcome][language]
        card = await entry(stage, question)

        assert shown(card).startswith(f"-# {question}")
        assert outcome_of(card, language) is outcome
        assert buttons_of(card, outcome, language) == list(buttons(card))
        assert colours(card) == {COLOURS[outcome]}
        person = stage.alice.user if entry is by_direct_message else stage.alice
        await check_what_it_opens(person, card, outcome, language)


COLOURS = {Outcome.ANSWERED: 0x2F80ED, Outcome.UNSURE: 0xE0A030, Outcome.DECLINED: 0x8E9297}


def outcome_of(card: Any, language: Language) -> Outcome:
    """Return the outcome that a card states, in the language of the question."""
    messages = messages_in(language)
    if messages.declined in shown(card):
        return Outcome.DECLINED
    return Outcome.UNSURE if f"**{messages.unsure}**" in shown(card) else Outcome.ANSWERED


def buttons_of(card: Any, outcome: Outcome, language: Language) -> list[str]:
    """Return the labels that a card of that outcome has: never more quotes where it did not answer."""
    messages = messages_in(language)
    rating = [messages.helpful, messages.unhelpful]
    match outcome:
        case Outcome.ANSWERED:
            return [messages.context, messages.more.format(count=7), *rating]
        case Outcome.UNSURE:
            return [messages.context, *rating]
        case _:
            return [messages.context, *(label for label in buttons(card) if label.endswith(("?", "？")))]


def colours(card: Any) -> set[int]:
    components = [each if isinstance(each, dict) else each.to_dict() for each in card.components]
    return {each["accent_color"] for each in walk_components(components) if each.get("accent_color")}


async def check_what_it_opens(person: Any, card: Any, outcome: Outcome, language: Language) -> None:
    """Press what shows the passage, and there what reads on: both keep language and outcome."""
    messages = messages_in(language)
    mark = {Outcome.UNSURE: messages.not_sure, Outcome.DECLINED: messages.no_answer}.get(outcome, "")
    context = response(await person.click(card, custom_id=starting(card, "context")))
    page = response(await person.click(context, label=messages.read_on))

    assert shown(context).startswith(f"### {messages.context}")
    for opened in (context, page):
        assert mark in shown(opened)
    assert messages.download in buttons(page)
