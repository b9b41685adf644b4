"""The lines of a file in reStructuredText while they are read, and the blocks that were found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.corpus.parsing.blocks import BlockKind, ParsedBlock
from index.corpus.parsing.wrapping import Line
from index.types import Reference, Span

OPTION = re.compile(r":(?P<name>[A-Za-z][\w -]*):(?:\s+|$)")
_LINE = re.compile(r"([^\S\r\n]*)(\S(?:[^\r\n]*\S)?)?[^\S\r\n]*(?:\r\n?|\n|\Z)")
_LINK = re.compile(r"`([^`<]{1,300})<([^<>`\s]{1,2000})>`__?")


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text` that are not empty."""
    lines: list[Line] = []
    follows = False
    for match in _LINE.finditer(text, int(text.startswith("\ufeff"))):
        if match[2]:
            lines.append(Line(match.start(2), match[2], len(match[1].expandtabs()), follows))
        follows = bool(match[2])
    return lines


@dataclass(slots=True)
class Reading:
    """The lines of a file, how far they are read, and what was found."""

    text: str
    lines: Sequence[Line]
    number: int = 0
    blocks: list[ParsedBlock] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)  # of the headings, outermost first
    left_out: Counter[str] = field(default_factory=Counter)

    def line(self, ahead: int = 0) -> Line | None:
        """Return the line that is read next, or one after it."""
        number = self.number + ahead
        return self.lines[number] if number < len(self.lines) else None

    def take_below(self, indent: int) -> list[Line]:
        """Read on over the lines that are indented more than `indent`, and return them."""
        start = self.number
        while self.number < len(self.lines) and self.lines[self.number].indent > indent:
            self.number += 1
        return list(self.lines[start : self.number])

    def add(self, span: Span, kind: BlockKind, hidden: tuple[Span, ...] = ()) -> None:
        """Add a block."""
        references = tuple(
            Reference(" ".join(label.split()), url) for label, url in _LINK.findall(span.of(self.text))
        )
        self.blocks.append(ParsedBlock(span, kind, hidden=hidden, references=references))

    def last_following(self, first: Line, *, with_options: bool = True) -> Line:
        """Read on to the last line of the paragraph that `first` begins, and return it."""
        last = first
        while (line := self.line()) and line.follows and line.indent > first.indent:
            if not with_options and OPTION.match(line.text):
                break
            last = line
            self.number += 1
        return last

    def add_cut(self, span: Span, kind: BlockKind) -> None:
        """Add a block; of the colons that announce literal text a reader sees one, or none after a space."""
        text = span.of(self.text)
        if not text.endswith("::"):
            self.add(span, kind)
            return
        shown = text[:-2].rstrip()
        if not shown:
            return
        start = span.start + len(shown) if text[-3].isspace() else span.end - 1
        self.add(span, kind, (Span(start, span.end),))

    def add_code(self, lines: Sequence[Line]) -> None:
        """Add `lines` as a code block, if there are any."""
        if lines:
            self.add(Span(lines[0].start, lines[-1].end), BlockKind.CODE)
