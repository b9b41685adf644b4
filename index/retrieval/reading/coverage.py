"""How much of a question's own words a text holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.retrieval.backend import RetrievalBackend
from index.retrieval.encoded_query import EncodedQuery
from index.text.terms import terms


def coverages(query: EncodedQuery, texts: Sequence[str], backend: RetrievalBackend) -> list[float]:
    """Return the share of the question's terms, weighted by rarity, that each text holds: 0 to 1.

    One is added to each rarity: where all documents say the same, the only rare terms are those that none of them has.
    """
    rarity = {term: 1 + backend.rarity(term) for term in query.terms}
    total = sum(rarity.values()) or 1.0
    # Sum in the question's order: a set's differs between processes, and with it the last digit.
    return [sum(value for term, value in rarity.items() if term in _terms_of(text)) / total for text in texts]


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
