"""What the bot says when it comes to a server: a welcome for everybody, and /setup for the admin who added it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.help import about_lines, starter_items
from bot.rendering.layout import NEUTRAL, Item, Layout, separator
from bot.rendering.text.markdown import inline
from index import Language, Library

_NAME_UNITS = 100


@dataclass(frozen=True, slots=True)
class Setup:
    """How the bot stands in a channel of a server.

    name: the bot's. missing: the permissions that it lacks there. admins_maintain: whether the server's admins may
    rebuild the index. invite: the address at which it is added to another server.
    """

    name: str
    server: int
    missing: Sequence[str]
    admins_maintain: bool
    invite: str


def welcome_layout(library: Library, *, name: str, languages: Sequence[Language]) -> Layout:
    """Return who the bot is in the first of `languages`, and in each of them how to ask, with questions to press."""
    first, *others = languages
    messages = messages_in(first)
    lines = [
        f"### {messages.welcome_title.format(name=inline(name, limit=_NAME_UNITS))}",
        *about_lines(library.about.get(first, ""), messages),
        messages.purpose,
        f"-# {messages.welcome_admins}",
    ]
    items: list[Item] = [ui.TextDisplay("\n".join(lines))]
    items += _asking(library, first)
    for language in others:
        items += [separator(), *_asking(library, language)]
    return Layout(items, colour=NEUTRAL)


def setup_layout(setup: Setup, *, library: Library, language: Language) -> Layout:
    """Return what the bot can do, which permissions it lacks in this channel, and what an admin does next."""
    messages = messages_in(language)
    name = inline(setup.name, limit=_NAME_UNITS)
    intro = [
        f"### {messages.setup_title.format(name=name)}",
        *about_lines(library.about.get(language, ""), messages),
        messages.purpose,
    ]
    steps = [
        messages.setup_try,
        messages.setup_tell,
        messages.setup_commands.format(name=name),
        _maintenance(setup, messages),
        messages.setup_help,
    ]
    numbered = (f"{number}. {step}" for number, step in enumerate(steps, 1))
    items: list[Item] = [
        ui.TextDisplay("\n".join(intro)),
        separator(),
        ui.TextDisplay(f"### {messages.setup_permissions}\n{_permissions(setup.missing, messages)}"),
        separator(),
        ui.TextDisplay("\n".join([f"### {messages.setup_next}", *numbered])),
        *starter_items(library.starters.get(language, ()), language=language),
        ui.ActionRow(
            ui.Button(style=discord.ButtonStyle.link, label=messages.setup_invite, url=setup.invite),
        ),
    ]
    return Layout(items, colour=NEUTRAL)


def _asking(library: Library, language: Language) -> list[Item]:
    starters = starter_items(library.starters.get(language, ()), language=language)
    return [ui.TextDisplay(messages_in(language).welcome_ask), *starters]


def _maintenance(setup: Setup, messages: Messages) -> str:
    if setup.admins_maintain:
        return messages.setup_maintained
    return messages.setup_maintain.format(server=f"`{setup.server}`", setting="`CHRONICLE_ADMIN_GUILDS`")


def _permissions(missing: Sequence[str], messages: Messages) -> str:
    if not missing:
        return messages.setup_complete
    names = messages.term_separator.join(getattr(messages, f"permission_{name}") for name in missing)
    return messages.setup_missing.format(permissions=f"**{names}**")
