"""Quotes as block quotes, with the answering sentences in bold, cut at a sentence's end if they must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.rendering.markdown import escape, units
from index import Span

# A sentence ends with its closing marks, a full stop only before a space: 6.4 is one number.
_SENTENCE = re.compile(r"""(?s:.)+?(?:[。！？!?…]+[」』”’"')）】]*|[.;；][”’"')]*(?=\s|$)|\n+|\Z)""")
CUT = "\\[…\\]"
# `> ` and two pairs of `**` on each line, beside what the text itself takes.
_LINE_COST = 8
_CUT_COST = 2 * (len(CUT) + 3)
# A passage has about ten sentences; more marks than these would only cost room.
_HIGHLIGHTS = 40
_HIGHLIGHT_COST = 4


def block_quote(text: str, highlights: Sequence[Span]) -> str:
    """Show `text` as a block quote with `highlights` (relative to it) in bold."""
    lines: list[str] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        lines.append("> " + _emphasised(text, Span(start, end), highlights))
        start = end + 1
    return "\n".join(lines)


def fitting(text: str, highlights: Sequence[Span], *, limit: int) -> tuple[str, bool]:
    """Give the block quote of `text` within `limit` units, and whether sentences were left out.

    What is kept is a run of whole sentences around the first highlight; a cut is marked on its side.
    """
    merged = _merged(text, highlights)
    whole = block_quote(text, merged)
    if units(whole) <= limit:
        return whole, False
    kept = window(text, merged, limit=limit - _CUT_COST - _HIGHLIGHT_COST * len(merged))
    before = f"> {CUT}\n" if kept.start > 0 else ""
    after = f"\n> {CUT}" if kept.end < len(text) else ""
    inside = _shifted(merged, kept)
    return before + block_quote(kept.of(text).rstrip("\n"), inside) + after, True


def sentences(text: str) -> list[Span]:
    """Split `text` into sentences that cover it."""
    return [Span(match.start(), match.end()) for match in _SENTENCE.finditer(text)]


def cost(text: str) -> int:
    """Give the most units that `text` can take within a block quote."""
    return units(escape(text)) + _LINE_COST * (text.count("\n") + 1)


def head(text: str, *, limit: int) -> Span:
    """Give the longest start of `text` that costs at most `limit`, never empty."""
    end, spent = 0, _LINE_COST
    for character in text:
        spent += cost(character) if character == "\n" else units(escape("x" + character)) - 1
        if spent > limit and end > 0:
            break
        end += 1
    return Span(0, end)


def window(text: str, highlights: Sequence[Span], *, limit: int) -> Span:
    """Choose consecutive sentences from the first highlight on, then before it, that cost at most `limit`.

    A single sentence longer than the limit has no end within it and is cut where it must be.
    """
    parts = sentences(text)
    anchor = highlights[0].start if highlights else 0
    first = next((number for number, part in enumerate(parts) if part.end > anchor), 0)
    spent = cost(text[parts[first].start : parts[first].end])
    if spent > limit:
        start = parts[first].start
        return Span(start, start + head(text[start : parts[first].end], limit=limit).end)
    last = first
    while last + 1 < len(parts):
        spent += cost(text[parts[last + 1].start : parts[last + 1].end])
        if spent > limit:
            return Span(parts[first].start, parts[last].end)
        last += 1
    while first > 0:
        spent += cost(text[parts[first - 1].start : parts[first - 1].end])
        if spent > limit:
            break
        first -= 1
    return Span(parts[first].start, parts[last].end)


def _merged(text: str, highlights: Sequence[Span]) -> list[Span]:
    """Put highlights in order, inside `text`, and join those with only spaces between."""
    merged: list[Span] = []
    for span in sorted(highlights, key=lambda span: (span.start, span.end)):
        start, end = max(0, span.start), min(len(text), span.end)
        if start >= end:
            continue
        if merged and not text[merged[-1].end : start].strip(" \t"):
            start, end = merged[-1].start, max(end, merged.pop().end)
        merged.append(Span(start, end))
    return merged[:_HIGHLIGHTS]


def _shifted(highlights: Sequence[Span], kept: Span) -> list[Span]:
    return [span.intersection(kept).shift(-kept.start) for span in highlights if span.overlaps(kept)]


def _emphasised(text: str, line: Span, highlights: Sequence[Span]) -> str:
    pieces: list[str] = []
    position = line.start
    for span in highlights:
        bold = _bold_core(text, line, span.intersection(Span(position, line.end)))
        if not bold:
            continue
        pieces.append(escape(text[position : bold.start]))
        pieces.append(f"**{escape(bold.of(text))}**")
        position = bold.end
    pieces.append(escape(text[position : line.end]))
    return "".join(pieces)


def _bold_core(text: str, line: Span, span: Span) -> Span:
    """Leave out spaces at the edges of `span`, and marks that would stand against a letter outside.

    Discord takes `**完。**下` for bold, renderers that follow CommonMark do not: there the mark goes outside.
    """
    start, end = span.start, span.end
    before = text[start - 1] if start > line.start else " "
    after = text[end] if end < line.end else " "
    loose = _is_mark if not _is_mark(before) else str.isspace
    while start < end and loose(text[start]):
        start += 1
    loose = _is_mark if not _is_mark(after) else str.isspace
    while start < end and loose(text[end - 1]):
        end -= 1
    return Span(start, end)


def _is_mark(character: str) -> bool:
    """Tell whether `character` is a space, a punctuation mark or a symbol."""
    return unicodedata.category(character)[0] in "ZPSC"
