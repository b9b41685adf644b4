"""An answer as one message that is read at a glance, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.citation import citation_count
from bot.rendering.custom_id import ShowContext, ShowMore, Vote, document_tag, version_tag
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
    starter_row,
)
from bot.rendering.quote import QuoteText, quote_text
from bot.rendering.text.markdown import inline, units
from index import Answer, Language, Outcome, Quote

# Further quotes of a message: three short ones are a screen.
QUOTES_PER_MESSAGE = 3
STARTERS = 3
_QUESTION_UNITS = 200
_COLOURS = {Outcome.ANSWERED: ANSWERED, Outcome.UNSURE: UNSURE, Outcome.DECLINED: DECLINED}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of an answer: the number of its record, who asked, the reader's language, the index version and the outcome.

    starters: questions that are offered where there is no answer.
    """

    record: int | None
    asker: int | None
    language: Language
    version: str
    outcome: Outcome = Outcome.ANSWERED
    starters: tuple[str, ...] = ()


def answer_layout(answer: Answer, *, asked: Asked) -> Layout:
    """Return the best quote of `answer`; or the nearest passage, marked as what it is; or that there is neither."""
    messages = messages_in(asked.language)
    heading = _question(answer, messages) + _outcome(answer, messages)
    items: list[Item] = [ui.TextDisplay(heading)]
    shown = (answer.quotes if answer.answered else answer.nearest)[:1]
    buttons: list[ButtonSpec] = []
    for quote in shown:
        bold = answer.outcome is not Outcome.DECLINED
        text = quote_text(quote, number=1, language=asked.language, limit=TEXT_UNITS - units(heading), bold=bold)
        items += _texts(text)
        buttons.append(_context_button(quote, slot=0, asked=asked, label=messages.context))
    if answer.outcome is not Outcome.DECLINED:
        buttons += _footer(asked, messages, more=len(answer.quotes) - len(shown))
    if buttons:
        items.append(button_row(buttons))
    if answer.outcome is Outcome.DECLINED and asked.starters:
        items.append(starter_row(asked.starters[:STARTERS], language=asked.language))
    return Layout(items, colour=_COLOURS[answer.outcome])


def more_layout(quotes: Sequence[Quote], *, asked: Asked, offset: int, note: str = "") -> Layout:
    """Return the quotes of an answer from index `offset` on; only the first of them is ever cut."""
    messages = messages_in(asked.language)
    heading = f"### {messages.more_title}" + (f"\n-# {note}" if note else "")
    items: list[Item] = [ui.TextDisplay(heading)]
    spent, components = units(heading), 2 + 3
    number = 1 + sum(citation_count(quote) for quote in quotes[:offset])
    following = offset
    for slot, quote in enumerate(quotes[offset : offset + QUOTES_PER_MESSAGE]):
        text = quote_text(quote, number=number, language=asked.language, limit=TEXT_UNITS - spent, bold=True)
        part = [separator(), *_texts(text), button_row([_numbered_context(quote, slot, number, asked)])]
        if slot and (text.is_cut or components + len(part) + 1 > COMPONENTS):
            break
        items += part
        spent += text.units
        components += len(part) + 1
        number += citation_count(quote)
        following += 1
    if asked.record is not None and following < len(quotes):
        button = _more_button(asked, following, count=len(quotes) - following)
        items += [separator(), button_row([button])]
    return Layout(items, colour=NEUTRAL)


def _question(answer: Answer, messages: Messages) -> str:
    """Return the question, and what was searched for where it differs; in small print, below which the answer shows."""
    asked = f"-# {inline(answer.question, limit=_QUESTION_UNITS)}"
    if answer.searched_for is None:
        return asked
    searched = inline(answer.searched_for, limit=_QUESTION_UNITS)
    return f"{asked}\n-# {messages.searched_for.format(question=searched)}"


def _outcome(answer: Answer, messages: Messages) -> str:
    """Return what stands beneath the question when its answer is not certain."""
    match answer.outcome:
        case Outcome.ANSWERED:
            return ""
        case Outcome.UNSURE:
            return f"\n**{messages.unsure}**"
        case _:
            return f"\n{messages.declined}" + (f"\n-# {messages.nearest}" if answer.nearest else "")


def _texts(text: QuoteText) -> list[Item]:
    return [ui.TextDisplay(part) for part in (text.before, text.quote, text.below) if part]


def _context_button(quote: Quote, *, slot: int, asked: Asked, label: str) -> ButtonSpec:
    action = ShowContext(
        slot,
        document_tag(quote.document, quote.sha256),
        quote.start,
        quote.end,
        version_tag(asked.version),
        asked.language,
        asked.outcome,
        asked.record or 0,
        asked.asker or 0,
    )
    return ButtonSpec(label, action, emoji="📖")


def _numbered_context(quote: Quote, slot: int, number: int, asked: Asked) -> ButtonSpec:
    label = f"{messages_in(asked.language).context} [{number}]"
    return _context_button(quote, slot=slot, asked=asked, label=label)


def _footer(asked: Asked, messages: Messages, *, more: int) -> list[ButtonSpec]:
    if asked.record is None:
        return []
    helpful, unhelpful = (Vote(asked.record, helpful, asked.language) for helpful in (1, 0))
    return [
        *([_more_button(asked, 1, count=more)] if more > 0 else ()),
        ButtonSpec(messages.helpful, helpful, emoji="👍"),
        ButtonSpec(messages.unhelpful, unhelpful, emoji="👎"),
    ]


def _more_button(asked: Asked, offset: int, *, count: int) -> ButtonSpec:
    action = ShowMore(asked.record or 0, offset, asked.language)
    label = messages_in(asked.language).more.format(count=count)
    return ButtonSpec(label, action, emoji="➕", style=discord.ButtonStyle.primary)
