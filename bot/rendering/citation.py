"""Citations: title, section, page, lines and provenance, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import Messages
from bot.rendering.text.markdown import inline, is_blank
from index import Document, Language, Quote

_TITLE_UNITS = 160
_QUALIFIER_UNITS = 80
_SECTION_UNITS = 120
_PROVENANCE_UNITS = 120
_SEPARATOR = " · "
_PATH = " / "
# A quote cites at most this many other documents that say the same in other words, and in the same words.
_ALSO = 3
_COPIES = 5


def citations(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the citation of `quote`, then those of other documents that say the same, one a line.

    Documents that repeat the quote word for word share a line.
    """
    copies = [other for other in quote.also if _words(other) == _words(quote)]
    others = [other for other in quote.also if _words(other) != _words(quote)]
    cited = [cite(quote, messages=messages, language=language)]
    if copies:
        cited.append(_copies(copies, messages))
    cited += [
        messages.labelled.format(label=messages.also, text=cite(other, messages=messages, language=language))
        for other in others[:_ALSO]
    ]
    return "\n".join(f"-# {line}" for line in cited)


def cite(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the citation of `quote` on one line."""
    provenance = quote.provenance.get(language, "")
    parts = [
        title(quote.title or quote.document, quote.qualifier, messages=messages),
        section(quote),
        messages.source_page.format(page=quote.page) if quote.page is not None else "",
        lines(quote.start_line, quote.end_line, messages=messages),
        inline(provenance, limit=_PROVENANCE_UNITS) if provenance.strip() else "",
    ]
    return _SEPARATOR.join(part for part in parts if part)


def title(text: str, qualifier: str = "", *, messages: Messages) -> str:
    """Return a document's title in the quotation marks of the language, then its qualifier in brackets."""
    quoted = messages.title.format(title=inline(text, limit=_TITLE_UNITS))
    if is_blank(qualifier):
        return quoted
    return messages.qualified.format(title=quoted, qualifier=inline(qualifier, limit=_QUALIFIER_UNITS))


def section(quote: Quote) -> str:
    """Return the section of `quote` after the one above it; empty without one below the document's title."""
    headings = quote.headings or ((quote.section,) if quote.section else ())
    below = headings[1:] if headings and headings[0] == quote.title else headings
    return _PATH.join(inline(name, limit=_SECTION_UNITS) for name in below[-2:] if not is_blank(name))


def lines(first: int, last: int, *, messages: Messages) -> str:
    """Return the name of one line, or of a range of lines."""
    return messages.line.format(first=first) if first == last else messages.lines.format(first=first, last=last)


def document_label(document: Document) -> str:
    """Return a document's title and qualifier without Markdown, for a choice."""
    return document.title if is_blank(document.qualifier) else f"{document.title} — {document.qualifier}"


def _copies(copies: Sequence[Quote], messages: Messages) -> str:
    names = [
        f"{title(copy.title or copy.document, copy.qualifier, messages=messages)} "
        f"{lines(copy.start_line, copy.end_line, messages=messages)}"
        for copy in copies
    ]
    listed = messages.term_separator.join(names[:_COPIES])
    if len(names) > _COPIES:
        listed = messages.and_more.format(listed=listed, count=len(names) - _COPIES)
    return messages.labelled.format(label=messages.same_text, text=listed)


def _words(quote: Quote) -> list[str]:
    return quote.text.casefold().split()
