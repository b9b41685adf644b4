"""The characters of a quote as a terminal shows them, each with how it is highlighted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.answering.quoting.excerpts import excerpt
from index.text.markup import Run, RunKind, render
from index.text.sanitize import visible
from index.types import Excerpt, Quote, Span

_CODE_INDENT = "    "
_GAP = " […]\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is shown of the source from `start` on, and the number of its highlight, 0 outside of any."""

    start: int
    text: str
    highlight: int
    kind: RunKind


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


def view_quote(quote: Quote, *, image: str, raw: bool = False, whole: bool = True) -> QuoteView:
    """Return the rendered text of `quote`, or of its excerpt unless `whole`; with `raw` its exact slice.

    image: what an image is called, with a field for its alternative text.
    """
    everything = Run(Span(0, len(quote.text)), quote.text)
    runs = () if raw else render(quote.text, quote.markup)
    highlights = [span.shift(-quote.start) for span in quote.highlights]
    parts = [part for run in runs or (everything,) for part in _parts(run, highlights, image=image)]
    if not whole:
        parts = list(_inside(parts, [span.shift(-quote.start) for span in excerpt(quote)]))
    shown = visible("".join(part.text for part in parts))
    return _with_code_indented(
        shown,
        [part.highlight for part in parts for _ in part.text],
        [part.kind for part in parts for _ in part.text],
    )


def context_text(excerpt: Excerpt, quote: Quote, *, raw: bool = False) -> str:
    """Return the text of what is shown above `quote`, such as the header row of its table."""
    return excerpt.text if raw else "".join(run.text for run in render(excerpt.text, quote.markup)) or excerpt.text


def _parts(run: Run, highlights: Sequence[Span], *, image: str) -> Iterator[_Part]:
    """Yield what is shown of a run: a verbatim run character by character."""
    at = run.source.start
    if run.kind is RunKind.IMAGE:
        yield _Part(at, f"[{image.format(alternative=run.text)}]", _highlight_of(run.source, highlights), run.kind)
    elif len(run.text) == len(run.source):
        for place, character in enumerate(run.text, start=at):
            yield _Part(place, character, _highlight_of(Span(place, place + 1), highlights), run.kind)
    else:
        yield _Part(at, run.text, _highlight_of(run.source, highlights), run.kind)


def _inside(parts: Iterable[_Part], spans: Sequence[Span]) -> Iterator[_Part]:
    """Yield the parts that begin in one of `spans`, which are in order, and a mark where others lie between."""
    last: int | None = None
    for part in parts:
        number = next((at for at, span in enumerate(spans) if span.start <= part.start < span.end), None)
        if number is None:
            continue
        if last is not None and number != last:
            yield _Part(part.start, _GAP, 0, part.kind)
        last = number
        yield part


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
