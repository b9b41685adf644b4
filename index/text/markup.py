"""A slice of a document as a reader of the rendered document sees it, with where each part of it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from index.types import Markup, Span


class RunKind(StrEnum):
    """How a run is shown."""

    TEXT = "text"
    CODE = "code"
    CODE_BLOCK = "code block"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Run:
    """A part of the rendered text.

    source: the range of the slice that the run comes from. Runs are in the order of the slice and do not overlap.
    text: what a reader sees: line feeds are line breaks, an empty line separates blocks. It has the length of
    `source` where it is verbatim; otherwise the run is one unit, such as a decoded entity or a list marker.
    kind: CODE is a code span; CODE_BLOCK the body of a code block; IMAGE an image's alternative text.
    language: of a code block, if it is named.
    """

    source: Span
    text: str
    kind: RunKind = RunKind.TEXT
    language: str = ""


def render(text: str, markup: Markup) -> tuple[Run, ...]:
    """Return the runs that a reader of `text`, a slice of a document, sees."""
    if not text or markup is not Markup.PLAIN:
        return ()
    return (Run(Span(0, len(text)), text),)


def plain(runs: Iterable[Run]) -> str:
    """Return the text of `runs`, for matching."""
    return "".join(run.text for run in runs)
