"""One version's documents, found by tag, name and title, and offered while a person types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from bot.errors import AmbiguousDocumentError, UnknownDocumentError
from bot.rendering.citation import document_label
from bot.rendering.custom_id import document_tag
from bot.rendering.pages.sections import Section, sections
from index import Document, Library

# Discord's limits of choices.
_MOST_CHOICES = 25
_VALUE_LENGTH = 100
_TAG = re.compile(r"#([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person can choose: the label they see, and the value that the command receives."""

    label: str
    value: str


class DocumentCatalog:
    """Look-up tables that are computed once per version, off the event loop."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._by_tag = {document_tag(each.name, each.sha256): each for each in library.documents}
        self._by_name: dict[str, Document] = {}
        self._by_label: dict[str, list[Document]] = {}
        for document in library.documents:
            self._by_name.setdefault(document.name.casefold(), document)
            for label in {document.title.strip().casefold(), document_label(document).strip().casefold()}:
                self._by_label.setdefault(label, []).append(document)
        self._searched = [_searched(document) for document in library.documents]
        self._sections = {each.name: sections(each) for each in library.documents}
        self._labels = {
            name: [section.label.casefold() for section in found] for name, found in self._sections.items()
        }

    def tagged(self, tag: str) -> Document | None:
        """Return the document with that `document_tag`."""
        return self._by_tag.get(tag)

    def named(self, name: str) -> Document:
        """Return the document with that name, title or label, or with the tag that a choice carries.

        Raises UnknownDocumentError, or AmbiguousDocumentError if several documents have that title.
        """
        try:
            return self.library.document(name)
        except KeyError:
            wanted = name.strip()
        chosen = _TAG.fullmatch(wanted)
        if chosen is not None and chosen[1] in self._by_tag:
            return self._by_tag[chosen[1]]
        if wanted.casefold() in self._by_name:
            return self._by_name[wanted.casefold()]
        match self._by_label.get(wanted.casefold(), []):
            case [document]:
                return document
            case []:
                raise UnknownDocumentError
            case _:
                raise AmbiguousDocumentError

    def sections(self, document: Document) -> tuple[Section, ...]:
        """Return the sections of `document`."""
        return self._sections[document.name]

    def document_choices(self, typed: str) -> list[Choice]:
        """Return the documents whose title, qualifier or name contains `typed`."""
        wanted = typed.strip().casefold()
        pairs = zip(self.library.documents, self._searched, strict=True)
        matching = (document for document, searched in pairs if wanted in searched)
        return [Choice(document_label(document), _value(document)) for document in islice(matching, _MOST_CHOICES)]

    def section_choices(self, document: Document, typed: str) -> list[Choice]:
        """Return the sections of `document` whose label contains `typed`."""
        wanted = typed.strip().casefold()
        pairs = zip(self._sections[document.name], self._labels[document.name], strict=True)
        matching = (section for section, label in pairs if wanted in label)
        return [Choice(section.label, section.choice) for section in islice(matching, _MOST_CHOICES)]


def _searched(document: Document) -> str:
    return f"{document.title}\n{document.qualifier}\n{document.name}".casefold()


def _value(document: Document) -> str:
    """Return the document's name, or its tag where Discord's limit would cut the name."""
    if len(document.name) <= _VALUE_LENGTH:
        return document.name
    return f"#{document_tag(document.name, document.sha256)}"
