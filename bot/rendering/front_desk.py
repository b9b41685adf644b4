"""The front desk's reply to what is no question of the documents: a small card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from discord import ui

from bot.locales import messages_in
from bot.rendering.layout import NEUTRAL, Item, Layout, starter_row
from bot.rendering.text.markdown import inline
from index import FrontDeskIntent, Language, Library, front_desk_reply

_LINE_UNITS = 600
_QUESTION_UNITS = 200
_STARTERS = 3
_SEPARATOR = " · "
# The commands that help with what was wanted.
_COMMANDS: Mapping[FrontDeskIntent, Sequence[str]] = {
    FrontDeskIntent.GREETING: ("ask", "help"),
    FrontDeskIntent.THANKS: (),
    FrontDeskIntent.ABILITIES: ("ask", "sources", "read", "help"),
    FrontDeskIntent.IDENTITY: ("help",),
    FrontDeskIntent.ABOUT: ("sources", "read"),
    FrontDeskIntent.RELIABILITY: ("sources", "read"),
    FrontDeskIntent.SUMMARY: ("ask", "read"),
}


@dataclass(frozen=True, slots=True)
class CommandMentions:
    """The slash commands as a message mentions them; `ids` has those that Discord knows, by name."""

    ids: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return the Markdown of a command: to be pressed if its id is known."""
        return f"</{name}:{self.ids[name]}>" if name in self.ids else f"`/{name}`"


@dataclass(frozen=True, slots=True)
class FrontDeskMessage:
    """What was written, what it wants, and the reader's language."""

    text: str
    intent: FrontDeskIntent
    language: Language


def front_desk_layout(
    message: FrontDeskMessage, library: Library, *, commands: CommandMentions, starters: Sequence[str]
) -> Layout:
    """Return one or two lines that reply to `message`, the commands that help, and questions to press."""
    language = message.language
    lines = [f"-# {inline(message.text, limit=_QUESTION_UNITS)}"]
    reply = front_desk_reply(message.intent, library, language=language)
    lines += [inline(line, limit=_LINE_UNITS) for line in reply]
    if _COMMANDS[message.intent]:
        lines.append(
            "-# " + _SEPARATOR.join(_command(name, commands, language) for name in _COMMANDS[message.intent])
        )
    items: list[Item] = [ui.TextDisplay("\n".join(lines))]
    if starters:
        items.append(starter_row(starters[:_STARTERS], language=language))
    return Layout(items, colour=NEUTRAL)


def _command(name: str, commands: CommandMentions, language: Language) -> str:
    """Return a command with what it does."""
    messages = messages_in(language)
    uses = {
        "ask": messages.desk_ask,
        "sources": messages.desk_list,
        "read": messages.desk_read,
        "help": messages.desk_help,
    }
    return f"{commands.of(name)} {uses[name]}"
