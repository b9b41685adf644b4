"""One quote of an answer as text: a translation first, the verbatim sentences, the citations, further aids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales import Messages, messages_in
from bot.rendering.citation import citation_count, numbered_citations
from bot.rendering.layout import TEXT_UNITS
from bot.rendering.reading_aids import (
    escaped,
    is_translated,
    restatement_line,
    shortened,
    terms_line,
    translation_label,
    translation_lines,
)
from bot.rendering.text.block_quote import fit_excerpt
from bot.rendering.text.markdown import units
from bot.rendering.text.phone_lines import phone_lines
from index import Language, Quote

# Lines of a telephone that the items of a list and their citations may take, and how many items there are at most.
_LIST_LINES = 26
_MOST_ITEMS = 4


@dataclass(frozen=True, slots=True)
class QuoteText:
    """The translation, the block quote, and what stands beneath; the first may be empty.

    is_cut: whether sentences of the excerpt had to be left out.
    """

    before: str
    quote: str
    below: str
    is_cut: bool

    @property
    def units(self) -> int:
        """The UTF-16 units of all three."""
        return units(self.before) + units(self.quote) + units(self.below)


def quote_text(quote: Quote, *, number: int, language: Language, limit: int, bold: bool) -> QuoteText:
    """Return what an answer shows of `quote`, whose citation has that number, within `limit` units.

    The quote and its citations come first: reading aids are shortened, or left out, to what they leave. With `bold`
    what answers is in bold: the translation, with the original in small print, or the verbatim sentences where there
    is none.
    """
    messages = messages_in(language)
    below = numbered_citations(quote, number=number, messages=messages, language=language)
    cut_mark = f"\n-# {messages.excerpt}"
    shown, is_cut = fit_excerpt(
        quote,
        limit=limit - units(below) - units(cut_mark),
        messages=messages,
        bold=bold and not is_translated(quote),
        small=is_translated(quote),
    )
    if is_cut:
        below += cut_mark
    room = limit - units(shown) - units(below)
    before = translation_lines(quote, messages=messages, limit=room, bold=bold)
    room -= units(before)
    for line in (restatement_line(quote, messages=messages), terms_line(quote, messages=messages)):
        aid = shortened(line, limit=room) if line else ""
        if aid:
            below += f"\n{aid}"
            room -= units(aid) + 1
    return QuoteText(before, shown, below, is_cut)


@dataclass(frozen=True, slots=True)
class ListText:
    """The first quotes of an answer as a list: each with its number, the citations beneath; `count` are shown.

    items: texts, so that no block quote takes in what follows it.
    """

    items: tuple[str, ...]
    below: str
    count: int


def list_text(quotes: Sequence[Quote], *, language: Language) -> ListText:
    """Return as many of `quotes` as a telephone shows at once, each with its number, in bold.

    A translation stands before its original, and beneath all of them what the translations are.
    """
    messages = messages_in(language)
    items: list[str] = []
    count = 0
    labels: dict[str, None] = {}
    cited: list[str] = []
    number = 1
    for quote in quotes[:_MOST_ITEMS]:
        item = _item(quote, number=number, messages=messages)
        # What is a block quote alone goes on the one before it.
        joined = [*items[:-1], f"{items[-1]}\n{item[0]}"] if items and len(item) == 1 else [*items, *item]
        citation = numbered_citations(quote, number=number, messages=messages, language=language, is_item=True)
        if phone_lines("\n".join([*joined, *labels, *cited, citation])) > _LIST_LINES:
            break
        items = joined
        count += 1
        labels |= dict.fromkeys(filter(None, [translation_label(quote, messages=messages)]))
        cited.append(citation)
        number += citation_count(quote)
    return ListText(tuple(items), "\n".join([*labels, *cited]), count)


def _item(quote: Quote, *, number: int, messages: Messages) -> list[str]:
    """Return the translation of `quote`, if any, and its sentences; the number stands before the first of them."""
    translated = is_translated(quote)
    shown, _ = fit_excerpt(quote, limit=TEXT_UNITS, messages=messages, bold=not translated, small=translated)
    if translated and quote.aid is not None:
        return [f"**[{number}] {escaped(quote.aid.text)}**", shown]
    lines = shown.split("\n")
    first = next((at for at, line in enumerate(lines) if not line.startswith("> -# ")), 0)
    if lines[first].startswith("> ```"):
        lines.insert(first, f"> [{number}]")
    else:
        lines[first] = f"> [{number}] {lines[first].removeprefix('> ')}"
    return ["\n".join(lines)]
