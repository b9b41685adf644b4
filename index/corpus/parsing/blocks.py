"""What every parser yields: the text of a file and its typed blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from index.types import BlockKind, Markup, Reference, Span

__all__ = ["BlockKind", "Markup", "ParseError", "ParsedBlock", "ParsedFile", "Parser"]


class ParseError(Exception):
    """The file cannot be parsed; the message says why and names the remedy, in one clause."""


class ParsedBlock(NamedTuple):
    """A block, in the order of the text; blocks do not overlap.

    A tuple, since a frozen dataclass takes three times as long to make.

    span: exact, without white space at its ends. level: of a heading from 1, outermost first; 0 otherwise.
    title: a heading's text as it is rendered. hidden: spans inside the block that a reader of the rendered document
    cannot see, in order; they are neither indexed nor quoted. header: the header row of a table row's table; of other
    blocks the title of the container that they stand in.
    references: the links in the block.
    """

    span: Span
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    title: str = ""
    hidden: tuple[Span, ...] = ()
    header: Span | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A parsed file; what is in no block is not for readers.

    text: the decoded file, or of a container the extracted text. title: what the file's metadata says, such as front
    matter or HTML's <title>; None without. pages: the offset at which each page starts, of formats with pages.
    left_out: how many things of which kind have no text, such as {"images": 3}. encoding: of a text format. language:
    what the file declares, such as zh-TW; empty if it does not.
    """

    text: str
    blocks: tuple[ParsedBlock, ...]
    markup: Markup
    title: str | None = None
    pages: tuple[int, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    encoding: str = "utf-8"
    language: str = ""


class Parser(Protocol):
    """Parses the bytes of one file."""

    def __call__(self, content: bytes) -> ParsedFile:
        """Return the parsed file. Raises ParseError."""
        ...
