"""A slice of a document as lines of Discord's Markdown: what a reader of the document sees, and nothing that acts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from bot.locales import Messages
from bot.rendering.text.markdown import code_block, code_span, escape, escape_inside, is_blank, is_mark
from index import Markup, Run, RunKind, Span, render

# Whatever ends a line for one of Discord's clients or for str.splitlines.
LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# A passage has about ten sentences; more highlights would only take room.
_HIGHLIGHTS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of Markdown without a line break.

    start: the offset in the slice at which it begins. is_code: whether it belongs to a fenced code block.
    """

    start: int
    markdown: str
    is_code: bool = False


def visible_runs(text: str, markup: Markup, *, messages: Messages) -> list[Run]:
    """Return the runs of `text`, images as `[image: alternative text]`; the text itself if it renders to nothing."""
    runs = render(text, markup)
    if not any(run.text.strip() for run in runs):
        runs = render(text, Markup.PLAIN)
    return [
        replace(run, text=f"[{messages.image.format(alternative=run.text)}]") if run.kind is RunKind.IMAGE else run
        for run in runs
    ]


def clip(runs: Iterable[Run], span: Span) -> Iterator[Run]:
    """Yield the part of `runs` that comes from `span`; a run that is one unit stays whole or is left out."""
    for run in runs:
        if not _is_verbatim(run):
            if span.start <= run.source.start < span.end:
                yield run
        elif run.source.overlaps(span):
            common = run.source.intersection(span)
            yield replace(run, source=common, text=common.shift(-run.source.start).of(run.text))


def markdown_lines(runs: Iterable[Run], highlights: Sequence[Span] = ()) -> list[Line]:
    """Return `runs` as lines with `highlights`, relative to the slice, in bold; code blocks are fenced.

    Of several empty lines one is kept, none at the ends.
    """
    bold = sorted(filter(None, highlights), key=lambda span: (span.start, span.end))[:_HIGHLIGHTS]
    lines: list[Line] = []
    for is_code, group in groupby(_rows(runs), key=_is_code):
        rows = list(group)
        lines += _code_lines(rows) if is_code else [_text_line(row, bold) for row in rows]
    kept = [
        line
        for before, line in pairwise([Line(0, ""), *lines])
        if line.is_code or not is_blank(line.markdown) or before.is_code or not is_blank(before.markdown)
    ]
    while kept and not kept[-1].is_code and is_blank(kept[-1].markdown):
        kept.pop()
    return kept


def _is_verbatim(run: Run) -> bool:
    return len(run.text) == len(run.source)


def _is_code(row: Sequence[Run]) -> bool:
    return bool(row) and row[0].kind is RunKind.CODE_BLOCK


def _rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each line; a code block has lines of its own, which may be empty."""
    rows: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(_split(run)):
            if number or (rows[-1] and _is_code(rows[-1]) != (part.kind is RunKind.CODE_BLOCK)):
                rows.append([])
            if part.text or part.kind is RunKind.CODE_BLOCK:
                rows[-1].append(part)
    return rows


def _split(run: Run) -> Iterator[Run]:
    """Yield the parts of `run` between its line breaks."""
    start = 0
    for found in [*LINE_BREAK.finditer(run.text), None]:
        end = found.start() if found else len(run.text)
        source = Span(start, end).shift(run.source.start) if _is_verbatim(run) else run.source
        yield replace(run, source=source, text=run.text[start:end])
        start = found.end() if found else end


def _code_lines(rows: Sequence[Sequence[Run]]) -> list[Line]:
    """Return a fenced block a language, without empty lines at its ends."""
    lines: list[Line] = []
    for language, block in groupby(rows, key=lambda row: row[0].language):
        texts = [(row[0].source.start, "".join(run.text for run in row)) for row in block]
        while texts and is_blank(texts[-1][1]):
            texts.pop()
        while texts and is_blank(texts[0][1]):
            texts.pop(0)
        if texts:
            fenced = code_block([text for _, text in texts], language=language)
            starts = [texts[0][0], *(start for start, _ in texts), texts[-1][0]]
            lines += [Line(start, line, is_code=True) for start, line in zip(starts, fenced, strict=True)]
    return lines


def _text_line(row: Sequence[Run], highlights: Sequence[Span]) -> Line:
    if not row:
        return Line(0, "")
    text = "".join(run.text for run in row)
    code: list[Span] = []
    marked: list[Span] = []
    position = 0
    for run in row:
        whole = Span(position, position + len(run.text))
        if run.kind is RunKind.CODE:
            code.append(whole)
        for highlight in highlights:
            if run.source.overlaps(highlight):
                exact = run.source.intersection(highlight).shift(position - run.source.start)
                marked.append(exact if _is_verbatim(run) else whole)
        position = whole.end
    bold = [_without_loose_ends(text, span, code) for span in _joined(text, marked, code)]
    return Line(row[0].source.start, _styled(text, bold=[span for span in bold if span], code=code))


def _joined(text: str, marked: Sequence[Span], code: Sequence[Span]) -> list[Span]:
    """Return the spans in order, those with only spaces between as one, none ending inside code."""
    joined: list[Span] = []
    for span in sorted(marked, key=lambda span: (span.start, span.end)):
        touched = [span, *(inline for inline in code if inline.overlaps(span))]
        start, end = min(each.start for each in touched), max(each.end for each in touched)
        if joined and not text[joined[-1].end : start].strip(" \t"):
            start, end = joined[-1].start, max(end, joined.pop().end)
        joined.append(Span(start, end))
    return joined


def _without_loose_ends(text: str, span: Span, code: Sequence[Span]) -> Span:
    """Leave out spaces at the ends of `span`, and marks or code that would stand against a letter outside.

    Discord takes `**完。**下` for bold, but renderers that follow CommonMark do not.
    """
    start, end = span.start, span.end
    is_loose = str.isspace if start == 0 or is_mark(text[start - 1]) else is_mark
    while start < end:
        inline = next((each for each in code if each.start <= start < each.end), None)
        if inline and is_loose is is_mark:
            start = inline.end
        elif inline or not is_loose(text[start]):
            break
        else:
            start += 1
    is_loose = str.isspace if end == len(text) or is_mark(text[end]) else is_mark
    while start < end:
        inline = next((each for each in code if each.start < end <= each.end), None)
        if inline and is_loose is is_mark:
            end = inline.start
        elif inline or not is_loose(text[end - 1]):
            break
        else:
            end -= 1
    return Span(start, end)


def _styled(text: str, *, bold: Sequence[Span], code: Sequence[Span]) -> str:
    """Return one line of Markdown; no span of `code` crosses the end of one of `bold`."""
    ends = sorted({0, len(text), *(end for span in (*bold, *code) for end in (span.start, span.end))})
    opens, closes = {span.start for span in bold}, {span.end for span in bold}
    inline = {span.start: span for span in code}
    parts: list[str] = []
    for start, end in pairwise(ends):
        parts.append("**" * (start in closes) + "**" * (start in opens))
        part = text[start:end]
        if start in inline:
            parts.append(code_span(part))
        else:
            parts.append(escape_inside(part) if any(parts) else escape(part))
    return "".join(parts) + "**" * (len(text) in closes and bool(text))
