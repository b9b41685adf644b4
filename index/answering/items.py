"""Which quotes of an answer are shown at once: one, or the items of a list."""

from __future__ import annotations

from index.types import Answer, Quote

# A further quote is an item of a list from this share of the first one's confidence on.
LEAST_SURE = 0.30


def list_items(answer: Answer) -> tuple[Quote, ...]:
    """Return the quotes of `answer` whose own confidence says that they answer, best first; none without an answer."""
    if not answer.quotes:
        return ()
    first, *others = answer.quotes
    return (first, *(quote for quote in others if quote.confidence >= first.confidence * LEAST_SURE > 0))
