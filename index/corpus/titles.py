"""Titles of documents, and what tells documents of one title apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from index.types import Document

_SEPARATORS = re.compile(r"[\s_-]+")
_FOLDER_PAGES = frozenset({"readme", "index", "_index"})  # a folder's own page is named like the folder


def readable_name(name: str) -> str:
    """Return a file's name as a title: 'refund-policy.md' as 'Refund policy', 'lost/README.md' as 'Lost'."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem.lower() in _FOLDER_PAGES and path.parent.name else path.stem
    words = _SEPARATORS.sub(" ", stem).strip()
    return words[:1].upper() + words[1:] or path.name


def qualify(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return `documents` with the path as the qualifier of those whose title another one has too."""
    uses = Counter(document.title.casefold() for document in documents)
    return tuple(
        replace(document, qualifier=document.name) if uses[document.title.casefold()] > 1 else document
        for document in documents
    )
