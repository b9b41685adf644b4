"""The parts of a rendered text, each with the range of the source it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.types import Span


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
    kind: CODE is a code span; CODE_BLOCK a line or more of a code block; IMAGE an image's alternative text.
    language: of a code block, if it is named.
    """

    source: Span
    text: str
    kind: RunKind = RunKind.TEXT
    language: str = ""
