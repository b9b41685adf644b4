"""An Answer as one message within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.locales import Messages, messages_in
from bot.rendering.block_quote import fitting
from bot.rendering.citation import cite
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
    ButtonSpec,
    Item,
    Layout,
    line,
    row,
)
from bot.rendering.markdown import inline, units
from bot.rendering.reading_aids import aid_for, names_line, shortened
from index import Answer, Language, Quote, Span

# Three whole passages of 300 characters with citations fill about a third of a message: it stays readable.
PER_CARD = 3
_QUESTION_UNITS = 350
# A further source that says the same gets a citation; the first also a button to its context.
_ALSO = 3
# Every quote but the first is shown whole, or on the next layout.
_WHOLE = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a layout must know beside the answer: its record, its asker and their language."""

    record: int | None
    asker: int | None
    language: Language
    version: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A quote's share of a layout; `aids` help to read it, where there is room."""

    quote: str
    citations: str
    keys: tuple[ButtonSpec, ...]
    aids: tuple[str, ...] = ()

    @property
    def components(self) -> int:
        """Count the two messages, the row, its buttons, and the line above."""
        return 4 + len(self.keys)

    @property
    def units(self) -> int:
        """Measure the messages."""
        return units(self.quote) + units(self.citations)


def answer_layout(answer: Answer, *, asked: Asked) -> Layout:
    """Show `answer`: its quotes, or that there is none and what comes nearest."""
    messages = messages_in(asked.language)
    quotes = answer.quotes if answer.answered else answer.nearest
    head = f"### {inline(answer.question, limit=_QUESTION_UNITS)}"
    if not answer.answered:
        head += f"\n{messages.not_found}" + (f"\n-# {messages.nearest}" if quotes else "")
    footer_size = 1 + 4 + 1
    blocks = _blocks(quotes, asked=asked, spent=units(head), components=2 + footer_size)
    aids = [_aids(quote, asked=asked) for quote in quotes]
    blocks = _aided(blocks, aids, room=TEXT_UNITS - units(head))
    keys = _footer(asked, messages, shown=len(blocks), total=len(quotes))
    items = [ui.TextDisplay(head), *_items(blocks)]
    if keys:
        items += [line(), row(keys)]
    return Layout(items, colour=ANSWERED if answer.answered else DECLINED)


def more_layout(quotes: Sequence[Quote], *, asked: Asked, offset: int, note: str = "") -> Layout:
    """Show the answer's further quotes from number `offset` on."""
    messages = messages_in(asked.language)
    head = f"### {messages.more_title}" + (f"\n-# {note}" if note else "")
    blocks = _blocks(quotes[offset:], asked=asked, spent=units(head), components=2 + 3)
    items = [ui.TextDisplay(head), *_items(blocks)]
    following = offset + len(blocks)
    if asked.record is not None and following < len(quotes):
        items += [line(), row([_more_key(asked.record, following, messages, len(quotes) - following)])]
    return Layout(items, colour=NEUTRAL)


def citations(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Cite a quote, and the other documents that say the same, one a line."""
    joint = "" if messages.also.endswith("：") else " "
    cited = [cite(quote, messages=messages, language=language)]
    cited += [
        f"{messages.also}{joint}{cite(other, messages=messages, language=language)}"
        for other in quote.also[:_ALSO]
    ]
    return "\n".join(f"-# {citation}" for citation in cited)


def _blocks(quotes: Sequence[Quote], *, asked: Asked, spent: int, components: int) -> list[_Block]:
    """Take as many quotes as fit, up to the number of a layout; only the first is ever cut."""
    blocks: list[_Block] = []
    for slot, quote in enumerate(quotes[:PER_CARD]):
        block = _block(quote, slot=slot, asked=asked, limit=_WHOLE if blocks else TEXT_UNITS - spent)
        fits = spent + block.units <= TEXT_UNITS and components + block.components <= COMPONENTS
        if blocks and not fits:
            break
        blocks.append(block)
        spent += block.units
        components += block.components
    return blocks


def _block(quote: Quote, *, slot: int, asked: Asked, limit: int) -> _Block:
    """Show one quote with its citations, cut and marked as such when they exceed `limit` units."""
    messages = messages_in(asked.language)
    below = citations(quote, messages=messages, language=asked.language)
    mark = f"\n-# {messages.cut}"
    highlights = [Span(span.start - quote.start, span.end - quote.start) for span in quote.highlights]
    shown, cut = fitting(quote.text, highlights, limit=limit - units(below) - units(mark))
    keys = _quote_keys(quote, slot=slot, messages=messages, mark=version_tag(asked.version))
    return _Block(shown, below + mark if cut else below, keys)


def _aids(quote: Quote, *, asked: Asked) -> tuple[str, str]:
    messages = messages_in(asked.language)
    return names_line(quote, messages=messages), aid_for(quote, messages=messages)


def _aided(blocks: Sequence[_Block], aids: Sequence[Sequence[str]], *, room: int) -> list[_Block]:
    """Give each block its aids, as long as what the quotes leave of `room` lasts."""
    room -= sum(block.units for block in blocks)
    aided: list[_Block] = []
    for block, each in zip(blocks, aids, strict=False):
        shown: list[str] = []
        for aid in each:
            shown.append(shortened(aid, limit=room))
            room -= units(shown[-1]) + 1
        aided.append(replace(block, aids=tuple(filter(None, shown))))
    return aided


def _items(blocks: Sequence[_Block]) -> list[Item]:
    items: list[Item] = []
    for block in blocks:
        below = "\n".join((block.citations, *block.aids))
        items += [line(), ui.TextDisplay(block.quote), ui.TextDisplay(below), row(block.keys)]
    return items


def _quote_keys(quote: Quote, *, slot: int, messages: Messages, mark: str) -> tuple[ButtonSpec, ...]:
    sha = document_tag(quote.document, quote.sha256)
    keys = [ButtonSpec(messages.context, ShowContext(slot, sha, quote.start, quote.end, mark), emoji="📖")]
    if quote.also:
        other = quote.also[0]
        action = ShowContext(
            slot + PER_CARD, document_tag(other.document, other.sha256), other.start, other.end, mark
        )
        keys.append(ButtonSpec(messages.context_also, action, emoji="📖"))
    if quote.language != "en":
        label = messages.to_simplified if quote.language == "zh-Hant" else messages.to_traditional
        keys.append(ButtonSpec(label, ShowConverted(slot, sha, quote.start, quote.end, mark), emoji="🔁"))
    return tuple(keys)


def _footer(asked: Asked, messages: Messages, *, shown: int, total: int) -> list[ButtonSpec]:
    keys: list[ButtonSpec] = []
    if asked.record is not None:
        if shown < total:
            keys.append(_more_key(asked.record, shown, messages, total - shown))
        keys.append(ButtonSpec(messages.helpful, Vote(asked.record, helpful=1), emoji="👍"))
        keys.append(ButtonSpec(messages.unhelpful, Vote(asked.record, helpful=0), emoji="👎"))
    if asked.asker is not None:
        keys.append(ButtonSpec(messages.delete, DeleteAnswer(asked.asker), emoji="🗑️"))
    return keys


def _more_key(record: int, offset: int, messages: Messages, count: int) -> ButtonSpec:
    style = discord.ButtonStyle.primary
    return ButtonSpec(messages.more.format(count=count), ShowMore(record, offset), emoji="➕", style=style)
