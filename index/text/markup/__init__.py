"""A slice of a document as a reader of the rendered document sees it, with where each part of it stands."""

from __future__ import annotations

from collections.abc import Iterable

from index.text.markup.markdown_runs import markdown_runs
from index.text.markup.rst_runs import rst_runs
from index.text.markup.runs import Run, RunKind
from index.types import Markup, Span

__all__ = ["Run", "RunKind", "plain", "render"]


def render(text: str, markup: Markup) -> tuple[Run, ...]:
    """Return the runs that a reader of `text`, a slice of a document, sees.

    A pure function that never raises; its time is linear in the length of `text`.
    """
    match markup:
        case Markup.MARKDOWN | Markup.MDX:
            return markdown_runs(text, mdx=markup is Markup.MDX)
        case Markup.RST:
            return rst_runs(text)
        case Markup.PLAIN:
            return (Run(Span(0, len(text)), text),) if text else ()


def plain(runs: Iterable[Run]) -> str:
    """Return the text of `runs`, for matching."""
    return "".join(run.text for run in runs)
