"""Asking by a command: `/ask`, and the message menu."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.cogs.autocomplete import document_choices, starter_choices
from bot.container import Services
from bot.discord_io.mark_up import Said
from bot.discord_io.message_text import said_in_message, said_in_option
from bot.discord_io.respond import Interaction
from bot.discord_io.responders import InteractionResponder
from bot.errors import NoTextError
from bot.locales import language_for, language_of_locale
from bot.rendering.text.markdown import is_blank
from bot.services.ask import AskRequest
from bot.services.conversation import Scene
from bot.services.scenes import original_of, scene_of_interaction

_ALL_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ALL_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)


class AskCog(commands.Cog):
    """Passes the questions of commands to the AskService."""

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
        said = said_in_option(question, interaction)
        scene = scene_of_interaction(interaction, private=private)
        await self._ask(interaction, said, scene=scene, private=private, document=document)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask the text of a message, or once more what an answer of the bot's answers, also one that was forwarded."""
        me = self._bot.user
        said = said_in_message(message, me=me)
        original = original_of(message)
        if original != message.id or (me is not None and message.author.id == me.id):
            question = self._services.conversation.question_of(original)
            said = said if question is None else Said(question, question)
        if is_blank(said.text):
            raise NoTextError
        scene = scene_of_interaction(interaction, private=False, about=message)
        await self._ask(interaction, said, scene=scene)

    @ask.autocomplete("question")
    async def _questions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await starter_choices(self._services.documents, typed, interaction.locale)

    @ask.autocomplete("document")
    async def _documents(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await document_choices(self._services.documents, typed)

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
