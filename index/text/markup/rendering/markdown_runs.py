"""A slice of Markdown as runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.text.markup.containers import with_containers
from index.text.markup.dialects import unseen_marks
from index.text.markup.events import markdown_events
from index.text.markup.mdx import without_jsx
from index.text.markup.myst import with_directives
from index.text.markup.rendering.renderer import MARKER, Renderer
from index.text.markup.rendering.runs import Run, RunKind
from index.text.markup.spans import containing, merge_spans, outside
from index.types import Span

_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,100})\]")
# Marks around words that CommonMark does not read, each with a substring without which it cannot match: what stands
# before the group and after it is not shown. It does not read strong emphasis between Chinese letters and punctuation.
_AROUND_WORDS = (
    ("**", re.compile(r"\*\*(?<!\\\*\*)(?=[^\s*])([^*\r\n]{1,500})(?<=[^\s\\])\*\*")),
    ("==", re.compile(r"==(?<![A-Za-z0-9=]==)(?=[^\s=])([^=\r\n]{1,500})(?<=[^\s=])==(?![A-Za-z0-9=])")),
    ("++", re.compile(r"\+\+(?<![\w+]\+\+)([a-z][a-z0-9-]*(?:\+[a-z0-9-]+)*)\+\+(?![\w+])")),
    ("[[", re.compile(r"\[\[(?<!!\[\[)(?:[^\[\]|\r\n]{1,200}\|)?([^\[\]|\r\n]{1,200})\]\](?![(\[:])")),
    ("]{", re.compile(r"\[(?<!!\[)([^\[\]\r\n]{1,500})\](?:\{[.#][\w .#=\"'-]{1,200}\})")),
)
_CUT_OFF = re.compile(
    r"(?<![\w*\\])\*\*(?=[\w“「『（(《\"'\[])|(?<=[\w.。！？!?）)」』》”\"'\]%…：:])\*\*(?![\w*])"
)
_FENCE = re.compile(r"(`{3,}|~{3,})[^`\r\n]*\r?\n")
_INDENTED, _DEEPEST = 4, 40  # columns from which a fence closes no block, and that no list item reaches
_DELIMITER_ROW = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*\Z")


def markdown_runs(text: str, *, mdx: bool) -> tuple[Run, ...]:
    """Return the runs of a slice of Markdown, or of MDX."""
    source = with_containers(with_directives(without_jsx(text) if mdx else text))
    renderer = Renderer(text)
    header = _header_for(text) or _item_for(text)
    # What a footnote's number or a link's label refers to may stand in another part of the document.
    names = dict.fromkeys(_FOOTNOTE.findall(text))
    notes = "".join(f"\n\n[^{name}]: ." for name in names)
    for event in markdown_events(header + source + notes, merge_text=False, links=True):
        start, end = event.start - len(header), min(event.end - len(header), len(text))
        if start < len(text) and (start >= 0 or event.value in {"Table", "TableHead"}):
            value = event.value.removesuffix(notes) if event.end > end + len(header) else event.value
            renderer.take(event._replace(value=value, start=max(start, 0), end=max(end, 0)))
    renderer.elements.close(len(text))
    code = merge_spans(renderer.code)
    unseen = [span for _, span in unseen_marks(text, code)]
    unseen += (span for span in _marks_around_words(text) if containing(code, span.start) is None)
    runs = list(_without(renderer.runs, merge_spans(unseen), text))
    if "**" in text:
        runs = list(_without(runs, list(_cut_off_marks(runs, text)), text))
    return tuple(_merge(_tidy(runs, text), text))


def _marks_around_words(text: str) -> Iterator[Span]:
    for needed, pattern in _AROUND_WORDS:
        if needed in text:
            for found in pattern.finditer(text):
                yield Span(found.start(), found.start(1))
                yield Span(found.end(1), found.end())


def _cut_off_marks(runs: Iterable[Run], text: str) -> Iterator[Span]:
    """Yield the marks of strong emphasis that begins or ends outside of the slice."""
    shown = merge_spans(run.source for run in runs if run.kind is RunKind.TEXT and run.source.of(text) == run.text)
    for mark in _CUT_OFF.finditer(text):
        if containing(shown, mark.start()) is not None:
            yield Span(*mark.span())


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


def _item_for(text: str) -> str:
    """Return the start of a list item that is as deep as the code block which opens `text`; empty if it is not deep.

    A slice begins where its first block does, so that block has lost its indentation and the lines below it have not.
    """
    opening = _FENCE.match(text)
    closing = opening and re.compile(rf"^([ \t]*){opening[1]}[ \t]*$", re.MULTILINE).search(text, opening.end())
    indent = len(closing[1].expandtabs(4)) if closing else 0
    return "-".ljust(indent) if _INDENTED <= indent <= _DEEPEST else ""


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


def _tidy(runs: Iterable[Run], text: str) -> list[Run]:
    """Return `runs` without white space at the ends and before line ends, nor two separators in a row.

    Of the spaces around what was left out one stays.
    """
    kept: list[Run] = []
    for run in runs:
        is_space = run.kind is RunKind.TEXT and not run.text.strip()
        if is_space and "\n" in run.text:
            _trim_end(kept)
        if is_space and (not kept or (kept[-1].kind is RunKind.TEXT and kept[-1].text[-1] in "\n ")):
            continue
        is_doubled = kept and run.text[0] == " " and kept[-1].text[-1] in "\n " and run.source.of(text) == run.text
        follows_space = not kept or is_doubled
        is_first = follows_space and run.kind is RunKind.TEXT
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
