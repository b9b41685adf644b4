"""The characters of a quote as a terminal shows them, each with how it is highlighted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.text.markup import Run, RunKind, render
from index.text.sanitize import visible
from index.types import Excerpt, Quote, Span

_CODE_INDENT = "    "


@dataclass(frozen=True, slots=True)
class QuoteView:
    """What is shown of a quote, code point by code point.

    shown: the characters, a line feed for each line break. highlights: the number of the highlight that each belongs
    to, from 1; 0 outside of any. code: whether each belongs to a code block or code span.
    """

    shown: tuple[str, ...]
    highlights: tuple[int, ...]
    code: tuple[bool, ...]

    @property
    def edges(self) -> tuple[int, ...]:
        """The positions at which a highlight starts or ends."""
        return tuple(at for at, (last, this) in enumerate(pairwise((0, *self.highlights))) if last != this)


def view_quote(quote: Quote, *, raw: bool = False) -> QuoteView:
    """Return the rendered text of `quote`; with `raw` its exact slice."""
    whole = Run(Span(0, len(quote.text)), quote.text)
    runs = () if raw else render(quote.text, quote.markup)
    highlights = [span.shift(-quote.start) for span in quote.highlights]
    parts = [part for run in runs or (whole,) for part in _parts(run, highlights)]
    shown = visible("".join(text for text, _, _ in parts))
    return _with_code_indented(
        shown,
        [number for text, number, _ in parts for _ in text],
        [kind for text, _, kind in parts for _ in text],
    )


def context_text(excerpt: Excerpt, quote: Quote, *, raw: bool = False) -> str:
    """Return the text of what is shown above `quote`, such as the header row of its table."""
    return excerpt.text if raw else "".join(run.text for run in render(excerpt.text, quote.markup)) or excerpt.text


def _parts(run: Run, highlights: Sequence[Span]) -> Iterator[tuple[str, int, RunKind]]:
    """Yield what is shown of a run with the number of its highlight: a verbatim run character by character."""
    if run.kind is RunKind.IMAGE:
        yield f"[image: {run.text}]", _highlight_of(run.source, highlights), run.kind
    elif len(run.text) == len(run.source):
        for at, character in enumerate(run.text, start=run.source.start):
            yield character, _highlight_of(Span(at, at + 1), highlights), run.kind
    else:
        yield run.text, _highlight_of(run.source, highlights), run.kind


def _highlight_of(span: Span, highlights: Sequence[Span]) -> int:
    return next((number for number, each in enumerate(highlights, start=1) if each.overlaps(span)), 0)


def _with_code_indented(shown: Sequence[str], highlights: Sequence[int], kinds: Sequence[RunKind]) -> QuoteView:
    """Return the view with the lines of code blocks indented, which tells them from text without colour too."""
    characters: list[str] = []
    numbers: list[int] = []
    code: list[bool] = []
    for character, number, kind in zip(shown, highlights, kinds, strict=True):
        starts_line = not characters or characters[-1] == "\n"
        indent = _CODE_INDENT if kind is RunKind.CODE_BLOCK and starts_line and character not in {"\n", ""} else ""
        characters += [*indent, character]
        numbers += [number] * (len(indent) + 1)
        code += [kind in {RunKind.CODE, RunKind.CODE_BLOCK}] * (len(indent) + 1)
    return QuoteView(tuple(characters), tuple(numbers), tuple(code))
