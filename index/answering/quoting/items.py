"""What of an answer is shown at once: its best quote, or those that answer as the items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from unicodedata import east_asian_width

from index.types import Quote, Span

# A further quote is an item of a list from this share of the first one's confidence on. Of 22 questions of real talk
# that ask for a list 10 become one, and 9 of the 16 further items answer; of 42 others that ask why, how many or in a
# few words 3 become one. With 0.30: 13 lists, 12 of 24 items, 8 others; with 0.45: 7, 5 of 9, none.
LEAST_SURE = 0.40

# Sentences are shown together up to so many columns, of which a Chinese character takes two: eight lines of a phone.
_MOST_COLUMNS = 240


def list_items(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return those of `quotes`, best first, that answer by their own confidence; at least the first of any.

    Of several the best sentence alone is highlighted; of one, as many of the nearest to it as are short enough.
    """
    least = quotes[0].confidence * LEAST_SURE if quotes else 0.0
    items = [quote for number, quote in enumerate(quotes) if number == 0 or quote.confidence >= least > 0]
    if len(items) == 1:
        return (_with_nearest(items[0]),)
    return tuple(quote if quote.best is None else _highlighted(quote, (quote.best,)) for quote in items)


def _with_nearest(quote: Quote) -> Quote:
    """Return `quote` with its best sentence highlighted, and others, the nearest first, up to one that is too long."""
    best = quote.best
    if best is None:
        return quote
    nearest = sorted(quote.highlights, key=lambda span: max(span.start - best.end, best.start - span.end))
    columns = accumulate(_columns(span.shift(-quote.start).of(quote.text)) for span in nearest)
    fitting = [
        span for span, total in zip(nearest, columns, strict=True) if span == best or total <= _MOST_COLUMNS
    ]
    return _highlighted(quote, tuple(sorted(fitting, key=lambda span: span.start)))


def _highlighted(quote: Quote, highlights: tuple[Span, ...]) -> Quote:
    """Return `quote` itself if these are its highlights: the engine then need not make its reading aids twice."""
    return quote if highlights == quote.highlights else replace(quote, highlights=highlights)


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
