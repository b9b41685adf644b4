"""One question as retrieval sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from index.text.chinese import has_han
from index.text.terms import literals, terms
from index.types import Encoding


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A normalized question with its terms and literals for BM25 and its vectors."""

    text: str
    terms: tuple[str, ...]
    literals: tuple[str, ...]
    encoding: Encoding
    is_chinese: bool

    @classmethod
    def of(cls, text: str, encoding: Encoding, *, question: str = "") -> Self:
        """Return the query for the normalized question `text`, which `question` was before."""
        return cls(text, tuple(terms(text)), tuple(literals(question)), encoding, is_chinese=has_han(text))
