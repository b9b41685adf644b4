"""An answer as one message that is read at a glance, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

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
from bot.rendering.quote import QuoteText, list_text, quote_text
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
    """Return what answers: the best quote, or several as a list; the nearest passage, marked as what it is; or neither.

    A list takes no more than a telephone shows at once; `more_layout` has the quotes behind it.
    """
    asked = replace(asked, outcome=answer.outcome)
    messages = messages_in(asked.language)
    heading = _question(answer, messages) + _outcome(answer, messages)
    items: list[Item] = [ui.TextDisplay(heading)]
    listed = list_text(answer.items, language=asked.language)
    if listed.count > 1:
        items += [ui.TextDisplay(text) for text in (*listed.items, listed.below)]
        contexts = _numbered_contexts(answer.items[: listed.count], asked)
        rows = [contexts, _footer(asked, shown=listed.count, count=len(answer.quotes))]
    else:
        shown = (answer.items or answer.quotes or answer.nearest)[:1]
        for quote in shown:
            items += _texts(_only(quote, limit=TEXT_UNITS - units(heading), asked=asked))
        contexts = [_context_button(quote, slot=0, asked=asked, label=messages.context) for quote in shown]
        rows = [[*contexts, *_footer(asked, shown=1, count=len(answer.quotes))]]
    items += [button_row(row) for row in rows if row]
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


def _only(quote: Quote, *, limit: int, asked: Asked) -> QuoteText:
    """Return the text of the one quote that is shown."""
    return quote_text(
        quote, number=1, language=asked.language, limit=limit, bold=asked.outcome is not Outcome.DECLINED
    )


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


def _numbered_contexts(quotes: Sequence[Quote], asked: Asked) -> list[ButtonSpec]:
    """Return a button for the context of each item of a list, called by its number."""
    numbers = accumulate((citation_count(quote) for quote in quotes), initial=1)
    return [
        _context_button(quote, slot=slot, asked=asked, label=f"[{number}]")
        for slot, (quote, number) in enumerate(zip(quotes, numbers, strict=False))
    ]


def _footer(asked: Asked, *, shown: int, count: int) -> list[ButtonSpec]:
    """Return the buttons for the quotes from number `shown` on, of `count`, and for the rating; none where declined."""
    if asked.record is None or asked.outcome is Outcome.DECLINED:
        return []
    messages = messages_in(asked.language)
    helpful, unhelpful = (Vote(asked.record, helpful, asked.language) for helpful in (1, 0))
    return [
        *([_more_button(asked, shown, count=count - shown)] if count > shown else ()),
        ButtonSpec(messages.helpful, helpful, emoji="👍"),
        ButtonSpec(messages.unhelpful, unhelpful, emoji="👎"),
    ]


def _more_button(asked: Asked, offset: int, *, count: int) -> ButtonSpec:
    action = ShowMore(asked.record or 0, offset, asked.language)
    label = messages_in(asked.language).more.format(count=count)
    return ButtonSpec(label, action, emoji="➕", style=discord.ButtonStyle.primary)
