"""Citations: title, section, lines and provenance, in the reader's language."""

from __future__ import annotations

from bot.locales import Messages
from bot.rendering.markdown import inline
from index import Language, Quote

_TITLE_UNITS = 160
_SECTION_UNITS = 120
_PROVENANCE_UNITS = 120
_SEPARATOR = " · "
# A quote cites at most this many other documents that say the same.
_ALSO = 3


def citations(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the citation of `quote`, then those of other documents that say the same, one a line."""
    cited = [cite(quote, messages=messages, language=language)]
    cited += [
        messages.labelled.format(label=messages.also, text=cite(other, messages=messages, language=language))
        for other in quote.also[:_ALSO]
    ]
    return "\n".join(f"-# {line}" for line in cited)


def cite(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the citation of `quote` on one line."""
    provenance = quote.provenance.get(language, "")
    parts = [
        title(quote.title or quote.document, messages=messages),
        inline(quote.section, limit=_SECTION_UNITS) if quote.section and quote.section.strip() else "",
        lines(quote.start_line, quote.end_line, messages=messages),
        inline(provenance, limit=_PROVENANCE_UNITS) if provenance.strip() else "",
    ]
    return _SEPARATOR.join(part for part in parts if part)


def title(text: str, *, messages: Messages) -> str:
    """Return a document's title in the quotation marks of the language."""
    return messages.title.format(title=inline(text, limit=_TITLE_UNITS))


def lines(first: int, last: int, *, messages: Messages) -> str:
    """Return the name of one line, or of a range of lines."""
    return messages.line.format(first=first) if first == last else messages.lines.format(first=first, last=last)
