"""An Answer as one message within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.aids import aid_for, names_line, shortened
from bot.card import ANSWERED, COMPONENTS, DECLINED, NEUTRAL, TEXT_UNITS, Card, Item, Key, line, row
from bot.citations import cite
from bot.escape import inline, units
from bot.excerpt import fitting
from bot.locales import Texts, texts_in
from bot.presses import DeleteAnswer, ShowContext, ShowConverted, ShowMore, Vote, edition, fingerprint
from index import Answer, Language, Quote, Span

# Three whole passages of 300 characters with citations fill about a third of a message: it stays readable.
PER_CARD = 3
_QUESTION_UNITS = 350
# A further source that says the same gets a citation; the first also a button to its context.
_ALSO = 3
# Every quote but the first is shown whole, or on the next card.
_WHOLE = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a card must know beside the answer: its record, its asker and their language."""

    record: int | None
    asker: int | None
    language: Language
    version: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A quote's share of a card; `aids` help to read it, where there is room."""

    quote: str
    citations: str
    keys: tuple[Key, ...]
    aids: tuple[str, ...] = ()

    @property
    def components(self) -> int:
        """Count the two texts, the row, its buttons, and the line above."""
        return 4 + len(self.keys)

    @property
    def units(self) -> int:
        """Measure the texts."""
        return units(self.quote) + units(self.citations)


def answer_card(answer: Answer, *, asked: Asked) -> Card:
    """Show `answer`: its quotes, or that there is none and what comes nearest."""
    texts = texts_in(asked.language)
    quotes = answer.quotes if answer.answered else answer.nearest
    head = f"### {inline(answer.question, limit=_QUESTION_UNITS)}"
    if not answer.answered:
        head += f"\n{texts.not_found}" + (f"\n-# {texts.nearest}" if quotes else "")
    footer_size = 1 + 4 + 1
    blocks = _blocks(quotes, asked=asked, spent=units(head), components=2 + footer_size)
    aids = [_aids(quote, asked=asked, answers=answer.answered) for quote in quotes]
    blocks = _aided(blocks, aids, room=TEXT_UNITS - units(head))
    keys = _footer(asked, texts, shown=len(blocks), total=len(quotes))
    items = [ui.TextDisplay(head), *_items(blocks)]
    if keys:
        items += [line(), row(keys)]
    return Card(items, colour=ANSWERED if answer.answered else DECLINED)


def more_card(quotes: Sequence[Quote], *, asked: Asked, offset: int, note: str = "") -> Card:
    """Show the answer's further quotes from number `offset` on."""
    texts = texts_in(asked.language)
    head = f"### {texts.more_title}" + (f"\n-# {note}" if note else "")
    blocks = _blocks(quotes[offset:], asked=asked, spent=units(head), components=2 + 3)
    items = [ui.TextDisplay(head), *_items(blocks)]
    following = offset + len(blocks)
    if asked.record is not None and following < len(quotes):
        items += [line(), row([_more_key(asked.record, following, texts, len(quotes) - following)])]
    return Card(items, colour=NEUTRAL)


def citations(quote: Quote, *, texts: Texts, language: Language) -> str:
    """Cite a quote, and the other documents that say the same, one a line."""
    joint = "" if texts.also.endswith("：") else " "
    cited = [cite(quote, texts=texts, language=language)]
    cited += [f"{texts.also}{joint}{cite(other, texts=texts, language=language)}" for other in quote.also[:_ALSO]]
    return "\n".join(f"-# {citation}" for citation in cited)


def _blocks(quotes: Sequence[Quote], *, asked: Asked, spent: int, components: int) -> list[_Block]:
    """Take as many quotes as fit, up to the number of a card; only the first is ever cut."""
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
    texts = texts_in(asked.language)
    below = citations(quote, texts=texts, language=asked.language)
    mark = f"\n-# {texts.cut}"
    highlights = [Span(span.start - quote.start, span.end - quote.start) for span in quote.highlights]
    shown, cut = fitting(quote.text, highlights, limit=limit - units(below) - units(mark))
    keys = _quote_keys(quote, slot=slot, texts=texts, mark=edition(asked.version))
    return _Block(shown, below + mark if cut else below, keys)


def _aids(quote: Quote, *, asked: Asked, answers: bool) -> tuple[str, str]:
    texts = texts_in(asked.language)
    names = names_line(quote, language=asked.language, texts=texts)
    return names, aid_for(quote, language=asked.language, texts=texts, answers=answers)


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


def _quote_keys(quote: Quote, *, slot: int, texts: Texts, mark: str) -> tuple[Key, ...]:
    sha = fingerprint(quote.document, quote.sha256)
    keys = [Key(texts.context, ShowContext(slot, sha, quote.start, quote.end, mark), emoji="📖")]
    if quote.also:
        other = quote.also[0]
        press = ShowContext(
            slot + PER_CARD, fingerprint(other.document, other.sha256), other.start, other.end, mark
        )
        keys.append(Key(texts.context_also, press, emoji="📖"))
    if quote.language != "en":
        label = texts.to_simplified if quote.language == "zh-Hant" else texts.to_traditional
        keys.append(Key(label, ShowConverted(slot, sha, quote.start, quote.end, mark), emoji="🔁"))
    return tuple(keys)


def _footer(asked: Asked, texts: Texts, *, shown: int, total: int) -> list[Key]:
    keys: list[Key] = []
    if asked.record is not None:
        if shown < total:
            keys.append(_more_key(asked.record, shown, texts, total - shown))
        keys.append(Key(texts.helpful, Vote(asked.record, helpful=1), emoji="👍"))
        keys.append(Key(texts.unhelpful, Vote(asked.record, helpful=0), emoji="👎"))
    if asked.asker is not None:
        keys.append(Key(texts.delete, DeleteAnswer(asked.asker), emoji="🗑️"))
    return keys


def _more_key(record: int, offset: int, texts: Texts, count: int) -> Key:
    style = discord.ButtonStyle.primary
    return Key(texts.more.format(count=count), ShowMore(record, offset), emoji="➕", style=style)
