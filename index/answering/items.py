"""Which quotes of an answer are shown at once: one, or the items of a list."""

from __future__ import annotations

from index.types import Answer, Quote

# A further quote is an item of a list from this share of the first one's confidence on. Of 22 questions of real talk
# that ask for a list 10 become one, and 9 of the 16 further items answer; of 42 others that ask why, how many or in a
# few words 3 become one. With 0.30: 13 lists, 12 of 24 items, 8 others; with 0.45: 7, 5 of 9, none.
LEAST_SURE = 0.40


def list_items(answer: Answer) -> tuple[Quote, ...]:
    """Return the quotes of `answer` whose own confidence says that they answer, best first; none without an answer."""
    if not answer.quotes:
        return ()
    first, *others = answer.quotes
    return (first, *(quote for quote in others if quote.confidence >= first.confidence * LEAST_SURE > 0))
