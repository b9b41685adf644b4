"""Citations: numbered and short beneath an answer, whole beside a passage, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import Messages
from bot.rendering.text.markdown import inline, is_blank, plain
from index import Document, Language, Quote, Span, excerpt

_TITLE_UNITS = 160
_QUALIFIER_UNITS = 80
_SECTION_UNITS = 120
_PROVENANCE_UNITS = 120
# Of one line of a telephone about 40 columns; a Chinese character takes two of them.
_SHORT_TITLE_UNITS = 80
_SHORT_SECTION_UNITS = 40
_LABEL_UNITS = 40
_SEPARATOR = " · "
_PATH = " / "
# What a quote cites at most of what says the same.
_ALSO = 3


def numbered_citations(
    quote: Quote, *, number: int, messages: Messages, language: Language, is_item: bool = False
) -> str:
    """Return the short citation of `quote` with its number, and those of what says the same, on one line.

    The latter have no section, nor has the item of a list; it stands in their context, one press away.
    """
    nearest = [] if is_item else _headings(quote)[-1:]
    first = _numbered(quote, number=number, messages=messages, language=language, headings=nearest)
    others = [
        _numbered(other, number=number + at, messages=messages, language=language)
        for at, other in enumerate(_also(quote), start=1)
    ]
    if not others:
        return f"-# {first}"
    listed = messages.term_separator.join(others)
    if len(quote.also) > _ALSO:
        listed = messages.and_more.format(listed=listed, count=len(quote.also) - _ALSO)
    return "-# " + messages.cited_also.format(first=first, others=listed)


def citation_count(quote: Quote) -> int:
    """Return how many numbers `numbered_citations` takes."""
    return 1 + len(_also(quote))


def cite(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the whole citation of `quote` on one line."""
    parts = [
        title(quote.title or quote.document, quote.qualifier, messages=messages),
        section(quote),
        messages.source_page.format(page=quote.page) if quote.page is not None else "",
        lines(quote.start_line, quote.end_line, messages=messages),
        _provenance(quote, messages=messages, language=language),
    ]
    return _SEPARATOR.join(part for part in parts if part)


def _provenance(quote: Quote, *, messages: Messages, language: Language) -> str:
    """Return the word for what kind of text it is, as a short citation has it, and what that means."""
    word, meaning = quote.provenance_label.get(language, ""), quote.provenance.get(language, "")
    if is_blank(meaning):
        return "" if is_blank(word) else inline(word, limit=_LABEL_UNITS)
    shown = inline(meaning, limit=_PROVENANCE_UNITS)
    return (
        shown if is_blank(word) else messages.labelled.format(label=inline(word, limit=_LABEL_UNITS), text=shown)
    )


def title(text: str, qualifier: str = "", *, messages: Messages) -> str:
    """Return a document's title in the quotation marks of the language, then its qualifier in brackets."""
    return _qualified(messages.title.format(title=inline(text, limit=_TITLE_UNITS)), qualifier, messages)


def section(quote: Quote) -> str:
    """Return the section of `quote` after the one above it; empty without one below the document's title."""
    return _PATH.join(inline(name, limit=_SECTION_UNITS) for name in _headings(quote)[-2:])


def lines(first: int, last: int, *, messages: Messages) -> str:
    """Return the name of one line, or of a range of lines."""
    return messages.line.format(first=first) if first == last else messages.lines.format(first=first, last=last)


def document_label(document: Document) -> str:
    """Return a document's title and qualifier without Markdown, for a choice."""
    return document.title if is_blank(document.qualifier) else f"{document.title} — {document.qualifier}"


def quote_labels(quotes: Sequence[Quote], *, messages: Messages) -> list[str]:
    """Return the short titles of `quotes` for buttons, with what tells apart those of one title or one document."""
    names = [_short_name(quote, messages) for quote in quotes]
    return [
        name
        if names.count(name) == 1
        else _SEPARATOR.join((name, lines(quote.start_line, quote.end_line, messages=messages)))
        for quote, name in zip(quotes, names, strict=True)
    ]


def _short_name(quote: Quote, messages: Messages) -> str:
    name = messages.title.format(
        title=plain(quote.short_title or quote.title or quote.document, limit=_LABEL_UNITS)
    )
    return name if is_blank(quote.qualifier) else messages.qualified.format(title=name, qualifier=quote.qualifier)


def _also(quote: Quote) -> tuple[Quote, ...]:
    return quote.also[:_ALSO]


def _numbered(
    quote: Quote, *, number: int, messages: Messages, language: Language, headings: Sequence[str] = ()
) -> str:
    """Return number, short title, headings, the page or the lines of the excerpt, and what kind of text it is."""
    shown = excerpt(quote)
    name = inline(quote.short_title or quote.title or quote.document, limit=_SHORT_TITLE_UNITS)
    label = quote.provenance_label.get(language, "") or quote.provenance.get(language, "")
    place = lines(*quote.lines(Span(shown[0].start, shown[-1].end)), messages=messages)
    parts = [
        f"[{number}] {_qualified(name, quote.qualifier, messages)}",
        *(inline(heading, limit=_SHORT_SECTION_UNITS) for heading in headings),
        place if quote.page is None else messages.source_page.format(page=quote.page),
        inline(label, limit=_LABEL_UNITS) if not is_blank(label) else "",
    ]
    return _SEPARATOR.join(part for part in parts if part)


def _headings(quote: Quote) -> list[str]:
    headings = quote.headings or ((quote.section,) if quote.section else ())
    below = headings[1:] if headings and headings[0] == quote.title else headings
    return [name for name in below if not is_blank(name)]


def _qualified(name: str, qualifier: str, messages: Messages) -> str:
    if is_blank(qualifier):
        return name
    return messages.qualified.format(title=name, qualifier=inline(qualifier, limit=_QUALIFIER_UNITS))
