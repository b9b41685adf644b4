"""Asking by a message: a direct message, a mention, or a reply to the bot."""

from __future__ import annotations

import logging

import discord
from cachetools import FIFOCache
from discord.ext import commands

from bot.container import Services
from bot.discord_io.language import language_of_message
from bot.discord_io.mark_up import Said
from bot.discord_io.message_text import addresses, has_content, said_in_message
from bot.discord_io.refusals import may_write
from bot.discord_io.responders import MessageResponder
from bot.locales import messages_in
from bot.rendering.help import greeting_layout
from bot.rendering.layout import Layout, notice
from bot.rendering.text.markdown import is_blank
from bot.services.ask import AskRequest
from bot.services.expiring import Expiring
from bot.services.scenes import original_of, scene_of_message
from index import Language

log = logging.getLogger(__name__)

# The gateway delivers a message at least once: after a reconnect the last ones may come again.
_MOST_MESSAGES = 10_000
# Discord blocks an address that is refused 10,000 times in ten minutes.
_MOST_CHANNELS = 1_000
_REFUSED_SECONDS = 60


class MessageCog(commands.Cog):
    """Passes the questions of messages to the AskService, each once."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._seen = FIFOCache[int, bool](_MOST_MESSAGES)
        self._refused = Expiring[int, bool](most=_MOST_CHANNELS, seconds=_REFUSED_SECONDS)

    @commands.Cog.listener("on_message")
    async def answer_message(self, message: discord.Message) -> None:
        """Answer a message that is addressed to the bot: a direct message, a mention, or a reply."""
        channel = message.channel
        if not self._is_addressed(message) or message.id in self._seen:
            return
        self._seen[message.id] = True
        if not may_write(channel) or channel.id in self._refused:
            log.debug("a message is left alone: the bot may not write in that channel")
            return
        try:
            await self._reply(message, MessageResponder(message))
        except discord.Forbidden:
            self._refused[channel.id] = True
            raise

    async def _reply(self, message: discord.Message, responder: MessageResponder) -> None:
        said = said_in_message(message, me=self._bot.user)
        original = original_of(message)
        question = self._services.conversation.question_of(original) if original != message.id else None
        if question is not None:  # an answer, or its question, was forwarded
            said = Said(question, question)
        language = language_of_message(message)
        if is_blank(said.text):
            await self._services.ask_service.notify(await self._invitation(message, language), responder)
            return
        request = AskRequest(
            said.text, language, shown=said.shown, scene=scene_of_message(message), message=message.id
        )
        await self._services.ask_service.ask(request, responder)

    async def _invitation(self, message: discord.Message, language: Language) -> Layout:
        """Return how to ask, or that `message` holds nothing that can be read."""
        if has_content(message):
            return notice(messages_in(language).no_text)
        if message.guild is not None and not message.content:
            # Discord withholds the text where only a role is named.
            return notice(messages_in(language).own_role)
        return greeting_layout(about=await self._services.documents.about(language), language=language)

    def _is_addressed(self, message: discord.Message) -> bool:
        """Return whether a person addresses the bot: no bot, no webhook, nothing that Discord says itself."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None or message.is_system():
            return False
        if message.guild is None:
            return True
        if not self._may_answer_in(message.channel):
            return False
        if _replies_to(message, me.id):  # a sticker or an image in reply is a reaction, no question
            return bool(message.content.strip())
        return addresses(message, me)

    def _may_answer_in(self, channel: discord.abc.MessageableChannel) -> bool:
        allowed = self._services.settings.ask_channels
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        return not allowed or channel.id in allowed or parent in allowed


def _replies_to(message: discord.Message, person: int) -> bool:
    """Return whether `message` is a reply to a message of `person`."""
    original = message.reference.resolved if message.reference else None
    return isinstance(original, discord.Message) and original.author.id == person
