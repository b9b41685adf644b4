"""Every way to ask: `/ask`, the message menu, mentions, replies and direct messages."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord
from cachetools import FIFOCache
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.cogs.autocomplete import document_choices
from bot.container import Services
from bot.discord_io.language import language_of_message
from bot.discord_io.mark_up import Said
from bot.discord_io.message_text import addresses, has_content, said_in_message, said_in_option
from bot.discord_io.refusals import may_write
from bot.discord_io.respond import Interaction
from bot.discord_io.responders import InteractionResponder, MessageResponder
from bot.errors import NoTextError
from bot.locales import language_for, language_of_locale, messages_in
from bot.rendering.help import greeting_layout
from bot.rendering.layout import Layout, notice
from bot.rendering.text.markdown import is_blank
from bot.services.ask import AskRequest
from bot.services.conversation import Scene
from bot.services.expiring import Expiring
from bot.services.scenes import scene_of_interaction, scene_of_message
from index import ChronicleError, Language

log = logging.getLogger(__name__)

# The gateway delivers a message at least once: after a reconnect the last ones may come again.
_MOST_MESSAGES = 10_000
# Discord blocks an address that is refused 10,000 times in ten minutes.
_MOST_CHANNELS = 1_000
_REFUSED_SECONDS = 60
_MOST_CHOICES = 25
_CHOICE_LENGTH = 100
_ALL_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ALL_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)


class AskCog(commands.Cog):
    """Passes questions to the AskService."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._seen = FIFOCache[int, bool](_MOST_MESSAGES)
        self._refused = Expiring[int, bool](most=_MOST_CHANNELS, seconds=_REFUSED_SECONDS)
        self._menu = app_commands.ContextMenu(
            name=locale_str("Ask about this"),
            callback=self.ask_about,
            allowed_contexts=_ALL_CONTEXTS,
            allowed_installs=_ALL_INSTALLS,
        )

    async def cog_load(self) -> None:
        """Add the message menu, which discord.py does not do for a cog."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Remove the message menu."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(
        name=locale_str("ask"),
        description=locale_str("Ask the documents: the answer is quoted word for word"),
    )
    @app_commands.rename(
        question=locale_str("question"), private=locale_str("private"), document=locale_str("document")
    )
    @app_commands.describe(
        question=locale_str("What you want to know, in Chinese or English"),
        private=locale_str("Show the answer to you alone"),
        document=locale_str("Search this document only"),
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def ask(
        self, interaction: Interaction, question: str, private: bool = False, document: str | None = None
    ) -> None:
        """Answer a question."""
        said = said_in_option(question, interaction)
        scene = scene_of_interaction(interaction, private=private)
        await self._ask(interaction, said, scene=scene, private=private, document=document)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask the text of a message, or once more what an answer of the bot's answers."""
        me = self._bot.user
        said = said_in_message(message, me=me)
        if me is not None and message.author.id == me.id:
            question = self._services.conversation.question_of(message.id)
            said = said if question is None else Said(question, question)
        if is_blank(said.text):
            raise NoTextError
        scene = scene_of_interaction(interaction, private=False, about=message)
        await self._ask(interaction, said, scene=scene)

    @ask.autocomplete("question")
    async def _questions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer starter questions in the language of `typed`, or of the client."""
        language = language_of_locale(interaction.locale)
        if not is_blank(typed):
            language = language_for(typed, interaction.locale)
        try:
            library = await self._services.documents.library()
        except ChronicleError:
            return []
        offered = matching_starters(typed.strip(), library.starters.get(language, ()))
        return [app_commands.Choice(name=text, value=text) for text in offered if len(text) <= _CHOICE_LENGTH][
            :_MOST_CHOICES
        ]

    @ask.autocomplete("document")
    async def _documents(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await document_choices(self._services.documents, typed)

    @commands.Cog.listener("on_message")
    async def answer_message(self, message: discord.Message) -> None:
        """Answer a message that is addressed to the bot: a direct message, a mention, or a reply."""
        channel = message.channel
        if not self._is_addressed(message) or message.id in self._seen:
            return
        self._seen[message.id] = True
        if not may_write(channel) or channel.id in self._refused:
            log.info("a message is left alone: the bot may not write in that channel")
            return
        try:
            await self._reply(message, MessageResponder(message))
        except discord.Forbidden:
            self._refused[channel.id] = True
            raise

    async def _reply(self, message: discord.Message, responder: MessageResponder) -> None:
        said = said_in_message(message, me=self._bot.user)
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
        if (
            message.guild is not None and not message.content
        ):  # Discord withholds the text where only a role is named
            return notice(messages_in(language).own_role)
        return greeting_layout(about=await self._services.documents.about(language), language=language)

    async def _ask(
        self,
        interaction: Interaction,
        said: Said,
        *,
        scene: Scene | None,
        private: bool = False,
        document: str | None = None,
    ) -> None:
        language = language_of_locale(interaction.locale)
        if not is_blank(said.text):
            language = language_for(said.text, interaction.locale)
        request = AskRequest(said.text, language, document, shown=said.shown, scene=scene)
        await self._services.ask_service.ask(request, InteractionResponder(interaction, private=private))

    def _is_addressed(self, message: discord.Message) -> bool:
        """Return whether a person addresses the bot: no bot, no webhook, nothing that Discord says itself."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None or message.is_system():
            return False
        if message.guild is None:
            return True
        if not self._may_answer_in(message.channel):
            return False
        return addresses(message, me) or (_replies_to(message, me.id) and bool(message.content.strip()))

    def _may_answer_in(self, channel: discord.abc.MessageableChannel) -> bool:
        allowed = self._services.settings.ask_channels
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        return not allowed or channel.id in allowed or parent in allowed


def matching_starters(typed: str, starters: Sequence[str]) -> list[str]:
    """Return the starters that contain `typed`, after `typed` itself.

    Discord's clients choose the first one on Enter, which must never be another question than the one typed.
    """
    if not typed:
        return list(starters)
    wanted = typed.casefold()
    found = [starter for starter in starters if wanted in starter.casefold() and wanted != starter.casefold()]
    return [typed, *found] if found else []


def _replies_to(message: discord.Message, person: int) -> bool:
    """Return whether `message` is a reply to a message of `person`."""
    original = message.reference.resolved if message.reference else None
    return isinstance(original, discord.Message) and original.author.id == person
