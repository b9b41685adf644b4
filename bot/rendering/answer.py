"""An answer as one message within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import citations
from bot.rendering.custom_id import (
    DeleteAnswer,
    ShowContext,
    ShowConverted,
    ShowMore,
    Vote,
    document_tag,
    version_tag,
)
from bot.rendering.layout import (
    ANSWERED,
    COMPONENTS,
    DECLINED,
    NEUTRAL,
    TEXT_UNITS,
    UNSURE,
    ButtonSpec,
    Item,
    Layout,
    button_row,
    separator,
)
from bot.rendering.passage import other_script_label
from bot.rendering.reading_aids import aid_line, shortened, terms_line
from bot.rendering.text.block_quote import fit_quote
from bot.rendering.text.markdown import inline, units
from index import Answer, Language, Outcome, Quote

# Three whole passages of 300 characters with citations fill a third of a message, which stays readable.
QUOTES_PER_MESSAGE = 3
_QUESTION_UNITS = 350
# Every quote but the first is shown whole, or in the next message.
_WHOLE = 10**9

_COLOURS = {Outcome.ANSWERED: ANSWERED, Outcome.UNSURE: UNSURE, Outcome.DECLINED: DECLINED}


@dataclass(frozen=True, slots=True)
class Asked:
    """The number of the answer's record, who asked, the reader's language, and the index version that answered."""

    record: int | None
    asker: int | None
    language: Language
    version: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One quote's share of a message; `aids` are shown as far as there is room."""

    quote: str
    citations: str
    buttons: tuple[ButtonSpec, ...]
    aids: tuple[str, ...] = ()

    @property
    def components(self) -> int:
        """The number of components: a separator, two texts, the row and its buttons."""
        return 4 + len(self.buttons)

    @property
    def units(self) -> int:
        """The UTF-16 units of the texts without the aids."""
        return units(self.quote) + units(self.citations)


def answer_layout(answer: Answer, *, asked: Asked) -> Layout:
    """Return the quotes of `answer`; the one passage that may answer; or that there is none, and the nearest."""
    messages = messages_in(asked.language)
    quotes = answer.quotes if answer.answered else answer.nearest
    shown = quotes[:1] if answer.outcome is Outcome.UNSURE else quotes
    heading = f"### {inline(answer.question, limit=_QUESTION_UNITS)}" + _outcome(answer, messages)
    footer_components = 1 + 4 + 1
    parts = _parts(shown, asked=asked, spent=units(heading), components=2 + footer_components)
    aids = [(terms_line(quote, messages=messages), aid_line(quote, messages=messages)) for quote in shown]
    parts = _with_aids(parts, aids, room=TEXT_UNITS - units(heading))
    buttons = _footer(asked, messages, shown=len(parts), total=len(quotes))
    items = [ui.TextDisplay(heading), *_items(parts)]
    if buttons:
        items += [separator(), button_row(buttons)]
    return Layout(items, colour=_COLOURS[answer.outcome])


def more_layout(quotes: Sequence[Quote], *, asked: Asked, offset: int, note: str = "") -> Layout:
    """Return the quotes of an answer from index `offset` on."""
    messages = messages_in(asked.language)
    heading = f"### {messages.more_title}" + (f"\n-# {note}" if note else "")
    parts = _parts(quotes[offset:], asked=asked, spent=units(heading), components=2 + 3)
    items = [ui.TextDisplay(heading), *_items(parts)]
    following = offset + len(parts)
    if asked.record is not None and following < len(quotes):
        button = _more_button(asked.record, following, messages, count=len(quotes) - following)
        items += [separator(), button_row([button])]
    return Layout(items, colour=NEUTRAL)


def _outcome(answer: Answer, messages: Messages) -> str:
    """Return what stands beneath the question when its answer is not certain."""
    match answer.outcome:
        case Outcome.ANSWERED:
            return ""
        case Outcome.UNSURE:
            return f"\n-# **{messages.unsure}**"
        case _:
            return f"\n{messages.declined}" + (f"\n-# **{messages.nearest}**" if answer.nearest else "")


def _parts(quotes: Sequence[Quote], *, asked: Asked, spent: int, components: int) -> list[_Part]:
    """Return as many quotes as fit, up to QUOTES_PER_MESSAGE; only the first is ever cut."""
    parts: list[_Part] = []
    for slot, quote in enumerate(quotes[:QUOTES_PER_MESSAGE]):
        part = _part(quote, slot=slot, asked=asked, limit=_WHOLE if parts else TEXT_UNITS - spent)
        fits = spent + part.units <= TEXT_UNITS and components + part.components <= COMPONENTS
        if parts and not fits:
            break
        parts.append(part)
        spent += part.units
        components += part.components
    return parts


def _part(quote: Quote, *, slot: int, asked: Asked, limit: int) -> _Part:
    """Return one quote with its citations, cut and marked so if they exceed `limit` units."""
    messages = messages_in(asked.language)
    below = citations(quote, messages=messages, language=asked.language)
    mark = f"\n-# {messages.excerpt}"
    shown, is_cut = fit_quote(quote, limit=limit - units(below) - units(mark), messages=messages)
    buttons = _quote_buttons(quote, slot=slot, messages=messages, version=version_tag(asked.version))
    return _Part(shown, below + mark if is_cut else below, buttons)


def _with_aids(parts: Sequence[_Part], aids: Sequence[Sequence[str]], *, room: int) -> list[_Part]:
    """Add each part's aids, in order, while there is room; `room` includes the quotes."""
    room -= sum(part.units for part in parts)
    aided: list[_Part] = []
    for part, lines in zip(parts, aids, strict=False):
        shown: list[str] = []
        for line in lines:
            shown.append(shortened(line, limit=room))
            room -= units(shown[-1]) + 1
        aided.append(replace(part, aids=tuple(filter(None, shown))))
    return aided


def _items(parts: Sequence[_Part]) -> list[Item]:
    items: list[Item] = []
    for part in parts:
        below = "\n".join((part.citations, *part.aids))
        items += [separator(), ui.TextDisplay(part.quote), ui.TextDisplay(below), button_row(part.buttons)]
    return items


def _quote_buttons(quote: Quote, *, slot: int, messages: Messages, version: str) -> tuple[ButtonSpec, ...]:
    context = _context(quote, slot=slot, version=version)
    buttons = [ButtonSpec(messages.context, context, emoji="📖")]
    if quote.also:
        other = _context(quote.also[0], slot=slot + QUOTES_PER_MESSAGE, version=version)
        buttons.append(ButtonSpec(messages.context_also, other, emoji="📖"))
    if quote.language in {"zh-Hant", "zh-Hans"}:
        label = other_script_label(quote.language, messages)
        action = ShowConverted(slot, context.document_tag, quote.start, quote.end, version)
        buttons.append(ButtonSpec(label, action, emoji="🔁"))
    return tuple(buttons)


def _context(quote: Quote, *, slot: int, version: str) -> ShowContext:
    return ShowContext(slot, document_tag(quote.document, quote.sha256), quote.start, quote.end, version)


def _footer(asked: Asked, messages: Messages, *, shown: int, total: int) -> list[ButtonSpec]:
    buttons: list[ButtonSpec] = []
    if asked.record is not None:
        if shown < total:
            buttons.append(_more_button(asked.record, shown, messages, count=total - shown))
        buttons.append(ButtonSpec(messages.helpful, Vote(asked.record, helpful=1), emoji="👍"))
        buttons.append(ButtonSpec(messages.unhelpful, Vote(asked.record, helpful=0), emoji="👎"))
    if asked.asker is not None:
        buttons.append(ButtonSpec(messages.delete, DeleteAnswer(asked.asker), emoji="🗑️"))
    return buttons


def _more_button(record: int, offset: int, messages: Messages, *, count: int) -> ButtonSpec:
    style = discord.ButtonStyle.primary
    return ButtonSpec(messages.more.format(count=count), ShowMore(record, offset), emoji="➕", style=style)
