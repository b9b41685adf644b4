"""AskService: `/ask`, the message menu, mentions, replies and direct messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.cogs.autocomplete import document_choices
from bot.container import Services
from bot.discord_io.respond import Interaction, Told, speak
from bot.discord_io.responders import InteractionResponder, ReplyResponder
from bot.locales import language_for, language_of_locale
from bot.rendering.help import greeting_layout
from bot.rendering.markdown import is_blank
from bot.services.ask import Question
from index import ChronicleError

_CHOICES = 25
_CHOICE = 100
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ANY_INSTALL = app_commands.AppInstallationType(guild=True, user=True)


class AskCog(commands.Cog):
    """Takes questions in every way Discord offers."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._menu = app_commands.ContextMenu(
            name=locale_str("Ask about this"),
            callback=self.ask_about,
            allowed_contexts=_EVERYWHERE,
            allowed_installs=_ANY_INSTALL,
        )

    async def cog_load(self) -> None:
        """Add the message menu, which a cog does not do by itself."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
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
        """Take the text of a message for the question."""
        await self._ask(interaction, message.content, private=False, document=None)

    @ask.autocomplete("question")
    async def _questions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer good first questions, in the language of what is typed or of the client."""
        language = language_of_locale(interaction.locale)
        if not is_blank(typed):
            language = language_for(typed, interaction.locale)
        try:
            library = await self._services.documents.library()
        except ChronicleError:
            return []
        offered = starters_for(typed.strip(), library.starters.get(language, ()))
        return [app_commands.Choice(name=text, value=text) for text in offered if len(text) <= _CHOICE][:_CHOICES]

    @ask.autocomplete("document")
    async def _documents(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await document_choices(self._services.documents, typed)

    @commands.Cog.listener("on_message")
    async def answer_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot: in a direct message, by mention, or by reply."""
        text = self._question_in(message)
        if text is None:
            return
        locale = message.guild.preferred_locale if message.guild else None
        place = ReplyResponder(message)
        if is_blank(text):
            language = language_of_locale(locale)
            about = await self._services.documents.about(language)
            await place.show(greeting_layout(about=about, language=language))
            return
        await self._services.asking.ask(Question(text, language_for(text, locale)), place)

    async def _ask(self, interaction: Interaction, text: str, *, private: bool, document: str | None) -> None:
        language = language_for(text, interaction.locale)
        speak(interaction, language)
        async with Told(interaction):
            name = (await self._services.documents.named(document)).name if document else None
            place = InteractionResponder(interaction, private=private)
            await self._services.asking.ask(Question(text, language, name), place)

    def _question_in(self, message: discord.Message) -> str | None:
        """Give what a message asks the bot, or None when it is not meant for it."""
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


def starters_for(typed: str, starters: Sequence[str]) -> list[str]:
    """Give the starters that hold what is typed, after the typed text itself.

    Clients take the first choice when Enter is pressed: it must never be another question than the one typed.
    """
    if not typed:
        return list(starters)
    wanted = typed.casefold()
    found = [starter for starter in starters if wanted in starter.casefold() and wanted != starter.casefold()]
    return [typed, *found] if found else []


def _replies_to(message: discord.Message, person: int) -> bool:
    """Tell whether `message` is a reply to one of `person`'s."""
    answered = message.reference.resolved if message.reference else None
    return isinstance(answered, discord.Message) and answered.author.id == person
