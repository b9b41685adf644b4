"""Every way to ask: `/ask`, the message menu, mentions, replies and direct messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.cogs.autocomplete import document_choices
from bot.container import Services
from bot.discord_io.language import language_of_interaction, language_of_message
from bot.discord_io.respond import Interaction
from bot.discord_io.responders import InteractionResponder, MessageResponder
from bot.locales import language_for, language_of_locale
from bot.rendering.help import greeting_layout
from bot.rendering.text.markdown import is_blank
from bot.services.ask import AskRequest
from index import ChronicleError

_MOST_CHOICES = 25
_CHOICE_LENGTH = 100
_ALL_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ALL_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)


class AskCog(commands.Cog):
    """Passes questions to the AskService."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
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
        await self._ask(interaction, question, private=private, document=document)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask the text of a message."""
        await self._ask(interaction, message.content, private=False, document=None)

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
        text = self._question_in(message)
        if text is None:
            return
        language = language_of_message(message)
        responder = MessageResponder(message)
        if is_blank(text):
            about = await self._services.documents.about(language)
            await responder.show(greeting_layout(about=about, language=language))
            return
        await self._services.ask_service.ask(AskRequest(text, language), responder)

    async def _ask(self, interaction: Interaction, text: str, *, private: bool, document: str | None) -> None:
        request = AskRequest(text, language_of_interaction(interaction), document)
        await self._services.ask_service.ask(request, InteractionResponder(interaction, private=private))

    def _question_in(self, message: discord.Message) -> str | None:
        """Return the question in a message, or None if it is not addressed to the bot."""
        me = self._bot.user
        human = not message.author.bot and message.webhook_id is None and not message.is_system()
        if me is None or not human:
            return None
        text = re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
        if message.guild is None:
            return text
        if not self._may_answer_in(message.channel):
            return None
        if any(user.id == me.id for user in message.mentions):
            return text
        return text if text and _replies_to(message, me.id) else None

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
