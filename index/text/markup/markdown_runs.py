"""A slice of Markdown as runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.markup.dialects import unseen_marks, with_containers
from index.text.markup.events import markdown_events
from index.text.markup.mdx import without_jsx
from index.text.markup.renderer import MARKER, Renderer
from index.text.markup.runs import Run, RunKind
from index.text.markup.spans import containing, merge_spans, outside
from index.types import Span

_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,100})\]")
_STRONG = re.compile(r"\*\*(?<!\\\*\*)(?=[^\s*])[^*\r\n]{1,500}(?<=[^\s\\])\*\*")
_DELIMITER_ROW = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*\Z")


def markdown_runs(text: str, *, mdx: bool) -> tuple[Run, ...]:
    """Return the runs of a slice of Markdown, or of MDX."""
    source = with_containers(without_jsx(text) if mdx else text)
    renderer = Renderer(text)
    header = _header_for(text)
    # What a footnote's number or a link's label refers to may stand in another part of the document.
    names = dict.fromkeys(_FOOTNOTE.findall(text))
    notes = "".join(f"\n\n[^{name}]: ." for name in names)
    for event in markdown_events(header + source + notes, merge_text=False, links=True):
        start, end = event.start - len(header), min(event.end - len(header), len(text))
        if start < len(text) and (start >= 0 or event.value in {"Table", "TableHead"}):
            renderer.take(event._replace(start=max(start, 0), end=max(end, 0)))
    renderer.elements.close(len(text))
    code = merge_spans(renderer.code)
    unseen = [span for _, span in unseen_marks(text, code)]
    unseen += (span for span in _strong_marks(text) if containing(code, span.start) is None)
    return tuple(_merge(_tidy(_without(renderer.runs, merge_spans(unseen), text)), text))


def _strong_marks(text: str) -> Iterator[Span]:
    """Yield marks of strong emphasis: CommonMark does not read those between Chinese letters and punctuation."""
    for strong in _STRONG.finditer(text):
        yield Span(strong.start(), strong.start() + 2)
        yield Span(strong.end() - 2, strong.end())


def _header_for(text: str) -> str:
    """Return the two lines that make rows from the middle of a table a table, empty if there are none."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()]
    first = lines[0] if lines else ""
    rows = 0
    while rows < len(lines) and "|" in lines[rows]:
        rows += 1
    is_row = first.lstrip().startswith("|") or (rows > 1 and rows == len(lines))
    if "|" not in first or not is_row or any(_DELIMITER_ROW.match(line) for line in lines[:2]):
        return ""
    columns = max(line.count("|") for line in lines[:rows]) + 1
    return "|" + " |" * columns + "\n|" + "-|" * columns + "\n"


def _without(runs: Sequence[Run], unseen: Sequence[Span], text: str) -> Iterator[Run]:
    """Yield `runs` without what is in `unseen`; what separates two runs stays."""
    if not unseen:
        yield from runs
        return
    for run in runs:
        parts = list(outside(unseen, run.source))
        if parts == [run.source] or not run.text.strip() or run.text.strip() in MARKER:
            yield run
        elif text[run.source.start : run.source.end] == run.text:
            for part in parts:
                yield Run(part, text[part.start : part.end], run.kind, run.language)
        elif parts:
            yield run


def _tidy(runs: Iterator[Run]) -> list[Run]:
    """Return `runs` without white space at the ends and before line ends, nor two separators in a row."""
    kept: list[Run] = []
    for run in runs:
        is_space = run.kind is RunKind.TEXT and not run.text.strip()
        if is_space and "\n" in run.text:
            _trim_end(kept)
        if is_space and (not kept or (kept[-1].kind is RunKind.TEXT and kept[-1].text[-1] in "\n ")):
            continue
        is_first = not kept and run.kind is RunKind.TEXT
        kept.append(_shortened(run, len(run.text) - len(run.text.lstrip()), 0) if is_first else run)
    _trim_end(kept)
    return kept


def _trim_end(runs: list[Run]) -> None:
    """Remove white space, and a list marker without text, from the end of `runs`."""
    while runs and runs[-1].kind is RunKind.TEXT:
        last = runs[-1]
        trimmed = last.text.rstrip()
        if trimmed == last.text and trimmed not in MARKER:
            return
        runs.pop()
        if trimmed and trimmed not in MARKER:
            runs.append(_shortened(last, 0, len(last.text) - len(trimmed)))
            return


def _shortened(run: Run, before: int, after: int) -> Run:
    """Return `run` without so many characters at its start and end."""
    start = min(run.source.start + before, run.source.end)
    text = run.text[before : len(run.text) - after]
    return Run(Span(start, max(start, run.source.end - after)), text, run.kind, run.language)


def _merge(runs: Sequence[Run], text: str) -> Iterator[Run]:
    """Yield `runs`, verbatim ones that follow one another in the slice as one."""
    start = end = -1
    for run in runs:
        is_verbatim = run.kind is RunKind.TEXT and text[run.source.start : run.source.end] == run.text
        if is_verbatim and run.source.start == end:
            end = run.source.end
            continue
        if start >= 0:
            yield Run(Span(start, end), text[start:end])
        start, end = (run.source.start, run.source.end) if is_verbatim else (-1, -1)
        if not is_verbatim:
            yield run
    if start >= 0:
        yield Run(Span(start, end), text[start:end])
