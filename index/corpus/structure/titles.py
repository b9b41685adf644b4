"""Titles of documents, and what tells documents of one title apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from index.corpus.parsing.blocks import ParsedBlock
from index.types import BlockKind, Document, Markup

_SEPARATORS = re.compile(r"[\s_-]+")
_SHORT = 40  # columns, of which a Chinese character takes two: half a line on a telephone
_WIDE = frozenset("WF")
_UNMARKED = (Markup.PLAIN, Markup.MAIL)
_FOLDER_PAGES = frozenset({"readme", "index", "_index"})  # a folder's own page is named like the folder


def heading_title(blocks: Sequence[ParsedBlock], markup: Markup) -> str | None:
    """Return the heading that opens the document, else the only one of the first level; None without.

    The level of a heading in plain text is guessed, so there only the first line counts.
    """
    if blocks and blocks[0].kind is BlockKind.HEADING:
        return blocks[0].title
    first_level = [block.title for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    return first_level[0] if len(first_level) == 1 and markup not in _UNMARKED else None


def readable_name(name: str) -> str:
    """Return a file's name as a title: 'refund-policy.md' as 'Refund policy', 'lost/README.md' as 'Lost'."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem.lower() in _FOLDER_PAGES and path.parent.name else path.stem
    words = _SEPARATORS.sub(" ", stem).strip()
    return words[:1].upper() + words[1:] or path.name


def short_title(title: str) -> str:
    """Return `title` on one line as a citation has it, cut where it is long."""
    words = " ".join(title.split())
    columns = 0
    for at, character in enumerate(words):
        columns += 2 if unicodedata.east_asian_width(character) in _WIDE else 1
        if columns > _SHORT:
            return words[: at - 1].rstrip() + "…"
    return words


def qualify(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return `documents` with the path as the qualifier of those whose title, or short title, another one has too."""
    titles = Counter(document.title.casefold() for document in documents)
    short_titles = Counter(document.short_title.casefold() for document in documents)
    return tuple(
        replace(document, qualifier=document.name)
        if titles[document.title.casefold()] > 1 or short_titles[document.short_title.casefold()] > 1
        else document
        for document in documents
    )
