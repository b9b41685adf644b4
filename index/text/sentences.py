"""Text → its sentences, as exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Span

# A sentence ends at Chinese or Western end marks with the quotation marks that close after them. A full stop counts
# only before white space, and not after a single letter or a number (J. K., 1. first). A colon or semicolon never
# ends one. A line's end does only before an empty line or the next table row or list item: in Markdown a sentence may
# go on over lines.
_SENTENCE_END = re.compile(
    r"(?:[。！？!?…｡]+|(?<![A-Z\d])(?<!\b[A-Za-z])\.(?=[\s”’\"')\]]))[”’\"'」』）)】》〉\]]*"
    r"|\n(?=[^\S\n]*(?:[|>*+-]|\d+[.)]|\n|$))"
)


def split_sentences(text: str, span: Span | None = None) -> Iterator[Span]:
    """Yield the sentences of `text`, or of `span` in it; between them is only white space."""
    span = Span(0, len(text)) if span is None else span
    start = span.start
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text, span.start, span.end)), span.end]:
        sentence = Span(start, max(start, end)).trim(text)
        if sentence:
            yield sentence
        start = max(start, end)
