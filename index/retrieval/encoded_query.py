"""One question as retrieval sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from index.text.chinese import has_han
from index.text.terms import terms
from index.types import Encoding


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A normalized question with its terms for BM25 and its vectors."""

    text: str
    terms: tuple[str, ...]
    encoding: Encoding
    is_chinese: bool

    @classmethod
    def of(cls, text: str, encoding: Encoding) -> Self:
        """Return the query for the normalized question `text`."""
        return cls(text, tuple(terms(text)), encoding, is_chinese=has_han(text))
