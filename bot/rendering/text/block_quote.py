"""Quotes as block quotes, cut between sentences where they exceed their room."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.locales import Messages
from bot.rendering.text.markdown import inline, is_blank, units
from bot.rendering.text.rendered_text import Line, clip, markdown_lines, visible_runs
from index import Excerpt, Markup, Quote, Run, Span, excerpt, split_sentences

CUT = "\\[…\\]"
# `> `, the mark and a line feed, before and after.
_CUT_UNITS = 2 * (len(CUT) + 3)
# Of a text this long before or after the first highlight nothing further could be shown.
_REACH = 20_000
# A quote's header row is shown on one line; a passage across tables has several.
_HEADERS = 2
_HEADER_UNITS = 300


def block_quote(lines: Iterable[Line], *, small: bool = False) -> str:
    """Return `lines` as a block quote; with `small` all but code and empty lines in small print."""
    return "\n".join(
        f"> {'-# ' * (small and not line.is_code and bool(line.markdown))}{line.markdown}" for line in lines
    )


def fit_excerpt(
    quote: Quote, *, limit: int, messages: Messages, bold: bool, small: bool = False
) -> tuple[str, bool]:
    """Return the block quote of the `excerpt` of `quote` within `limit` units, and whether a sentence was cut.

    Highlights are in bold where `bold` is true; the context, such as a table's header row, stands before in small
    print, and so does the rest with `small`; a mark stands where sentences between two parts are left out.
    """
    header = _header(quote.context[:_HEADERS], quote.markup, messages)
    room = limit - units(header)
    highlights = [span.shift(-quote.start) for span in quote.highlights] if bold else []
    spans = [span.shift(-quote.start) for span in excerpt(quote)]
    near = Span(spans[0].start - _REACH, spans[0].start + _REACH).intersection(Span(0, len(quote.text)))
    runs = _runs(quote.text, near, markup=quote.markup, messages=messages)
    parts = [block_quote(markdown_lines(clip(runs, span), highlights), small=small) for span in spans]
    shown = "\n".join(_gapped([part for part in parts if part]))
    if shown and near.contains(spans[-1]) and units(shown) <= room:
        return header + shown, False
    marked = [span.shift(-quote.start) for span in quote.highlights]
    cut, _ = fit_text(quote.text, marked if bold else (), markup=quote.markup, limit=room, messages=messages)
    return header + cut, True


def fit_text(
    text: str, highlights: Sequence[Span], *, markup: Markup, limit: int, messages: Messages
) -> tuple[str, bool]:
    """Return the block quote of `text` within `limit` units, and whether sentences were left out.

    What is kept is a run of whole sentences around the first highlight; a cut is marked on its side.
    highlights: relative to `text`.
    """
    anchor = min((span.start for span in highlights if span), default=0)
    near = Span(anchor - _REACH, anchor + _REACH).intersection(Span(0, len(text)))
    runs = _runs(text, near, markup=markup, messages=messages)

    def shown(span: Span) -> str:
        return block_quote(markdown_lines(clip(runs, span), highlights))

    whole = shown(near)
    if len(near) == len(text) and units(whole) <= limit:
        return whole or f"> {CUT}", False
    room = limit - _CUT_UNITS
    kept = window(text, anchor, within=near, fits=lambda span: units(shown(span)) <= room)
    before = [f"> {CUT}"] if kept.start > 0 else []
    after = [f"> {CUT}"] if kept.end < len(text.rstrip()) else []
    return "\n".join([*before, *filter(None, [shown(kept)]), *after]) or f"> {CUT}", True


def _gapped(parts: Sequence[str]) -> list[str]:
    """Return the parts with a mark behind each but the last; code ends its line with its fence."""
    marked = [f"{part}\n> {CUT}" if part.endswith("```") else f"{part} {CUT}" for part in parts[:-1]]
    return [*marked, *parts[-1:]]


def window(text: str, anchor: int, *, within: Span, fits: Callable[[Span], bool]) -> Span:
    """Return the longest run of sentences that fits, from that of `anchor` on, then before it.

    `fits` holds for every part of a span for which it holds. A first sentence that does not fit is cut where it
    must be.
    """
    sentences = split_sentences(text, within) or [within]
    first = next((number for number, sentence in enumerate(sentences) if sentence.end > anchor), 0)
    start = sentences[first].start
    after = longest([sentence.end for sentence in sentences[first:]], lambda end: fits(Span(start, end)))
    if after is None:
        start = max(start, min(anchor, sentences[first].end - 1))
        end = longest(range(start + 1, sentences[first].end + 1), lambda end: fits(Span(start, end)))
        return Span(start, end or start)
    if after < sentences[-1].end:
        return Span(start, after)
    before = [sentence.start for sentence in reversed(sentences[: first + 1])]
    return Span(longest(before, lambda begin: fits(Span(begin, after))) or 0, after)


def longest(offsets: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """Return the last of `offsets` that fits, None if the first does not; they fit up to some point."""
    number = bisect_left(offsets, 1, key=lambda offset: int(not fits(offset)))
    return offsets[number - 1] if number else None


def _runs(text: str, near: Span, *, markup: Markup, messages: Messages) -> list[Run]:
    runs = visible_runs(near.of(text), markup, messages=messages)
    return [replace(run, source=run.source.shift(near.start)) for run in runs] if near.start else runs


def _header(context: Sequence[Excerpt], markup: Markup, messages: Messages) -> str:
    shown = [
        "".join(run.text for run in visible_runs(excerpt.text, markup, messages=messages)) for excerpt in context
    ]
    return "".join(f"> -# {inline(row, limit=_HEADER_UNITS)}\n" for row in shown if not is_blank(row))
