"""One quote of an answer as text: a translation first, the verbatim sentences, the citations, further aids."""

from __future__ import annotations

from dataclasses import dataclass

from bot.locales import messages_in
from bot.rendering.citation import numbered_citations
from bot.rendering.reading_aids import is_translated, restatement_line, shortened, terms_line, translation_lines
from bot.rendering.text.block_quote import fit_excerpt
from bot.rendering.text.markdown import units
from index import Language, Quote


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
    what answers is in bold: the translation, or the verbatim sentences where there is none.
    """
    messages = messages_in(language)
    below = numbered_citations(quote, number=number, messages=messages, language=language)
    cut_mark = f"\n-# {messages.excerpt}"
    shown, is_cut = fit_excerpt(
        quote,
        limit=limit - units(below) - units(cut_mark),
        messages=messages,
        bold=bold and not is_translated(quote),
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
