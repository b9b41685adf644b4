"""Whether two documents say the same of what was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from index.keywords import Keywords, terms
from index.records import Records
from index.types import Hit

# This close in score (standard deviations), and with this much of rarity (nats, beyond one a term) shared that
# the question does not name. Of the 139 answered development questions whose first quote is a hit, 8 get another
# document's quote put beside it, of which 4 hold the marked evidence too: the weakest judgement of the engine.
_NEAR = 0.75
_SHARED = 4.5


def agrees(first: Hit, other: Hit, asked: Collection[str], *, matched: Matched) -> bool:
    """Tell whether `other`, of another document, says what `first` says.

    Their best sentences must answer almost equally well, and share words that are rare and not the
    question's own.
    """
    if first.score - other.score > _NEAR:
        return False
    shared = (matched.terms_of(first) & matched.terms_of(other)) - set(asked)
    return sum(max(0.0, matched.keywords.rarity(term) - 1) for term in shared) >= _SHARED


class Matched:
    """The words by which a hit's best sentence is matched, its glosses' among them."""

    def __init__(self, records: Records, keywords: Keywords, views_of: Mapping[int, Sequence[int]]) -> None:
        self._records = records
        self._views_of = views_of
        self.keywords = keywords

    def terms_of(self, hit: Hit) -> set[str]:
        """Give the terms of the pieces, in every view, that speak for the best sentence of `hit`."""
        best = max(range(len(hit.sentences)), key=lambda at: hit.sentences[at])
        views = [self._records.views[number] for number in self._views_of[hit.passage]]
        pieces = [(view, piece) for view in views for piece in view.pieces if best in piece.sentences]
        return {term for view, piece in pieces for term in terms(view.text[piece.span.start : piece.span.end])}
