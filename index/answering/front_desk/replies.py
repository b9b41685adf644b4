"""What the front desk replies: one or two lines of the locales and the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import assert_never

from index.locales import Messages, messages_in
from index.types import Document, FrontDeskIntent, Language, Library

_MOST_LISTED = 3  # titles, and kinds of text


def front_desk_reply(intent: FrontDeskIntent, library: Library, *, language: Language) -> tuple[str, ...]:
    """Return one or two lines, without markup, that reply to a message of that intent about `library`."""
    messages = messages_in(language)
    about, titles = _about(library, language), _titles(library.documents, messages)
    match intent:
        case FrontDeskIntent.GREETING:
            lines = [messages.desk_greeting, about]
        case FrontDeskIntent.THANKS:
            lines = [messages.desk_thanks]
        case FrontDeskIntent.ABILITIES:
            lines = [messages.desk_abilities, messages.desk_limits]
        case FrontDeskIntent.IDENTITY:
            lines = [messages.desk_maker, messages.desk_nature]
        case FrontDeskIntent.ABOUT:
            lines = [about, titles]
        case FrontDeskIntent.RELIABILITY:
            lines = [messages.desk_quotes, _sources(library.documents, language)]
        case FrontDeskIntent.SUMMARY:
            lines = [messages.desk_no_summary, about or titles]
        case _:
            assert_never(intent)
    return tuple(line for line in lines if line)


def _about(library: Library, language: Language) -> str:
    """Return the line that says what the documents are about; empty if the catalog does not."""
    about = library.about.get(language, "").strip()
    return messages_in(language).desk_about.format(about=about) if about else ""


def _titles(documents: Sequence[Document], messages: Messages) -> str:
    return messages.desk_titles.format(count=len(documents), titles=_listed(documents, messages))


def _sources(documents: Sequence[Document], language: Language) -> str:
    """Return what kind of text each document is, as far as the catalog says so."""
    messages = messages_in(language)
    documents_of: dict[str, list[Document]] = {}
    for document in documents:
        provenance = document.provenance.get(language, "").strip()
        if provenance:
            documents_of.setdefault(provenance, []).append(document)
    if not documents_of:
        return messages.desk_no_sources
    shown = (
        messages.labelled.format(label=_listed(of_kind, messages), text=provenance)
        for provenance, of_kind in documents_of.items()
    )
    return messages.desk_sources.format(sources=messages.desk_separator.join(islice(shown, _MOST_LISTED)))


def _listed(documents: Sequence[Document], messages: Messages) -> str:
    """Return the first titles, and how many more there are."""
    titles = messages.term_separator.join(_quoted(documents[:_MOST_LISTED], messages))
    more = len(documents) - _MOST_LISTED
    return messages.desk_more.format(listed=titles, count=more) if more > 0 else titles


def _quoted(documents: Iterable[Document], messages: Messages) -> Iterator[str]:
    for document in documents:
        title = messages.title.format(title=document.short_title or document.title or document.name)
        yield (
            messages.qualified.format(title=title, qualifier=document.qualifier) if document.qualifier else title
        )
