"""Whether the lines of a plain text are wrapped paragraphs, and which line goes on with the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_WIDEST = 160  # columns; nobody wraps later
_NARROWEST = 40  # columns; narrower lines of one width are verse or a list
_MOST = 0.95  # of the lines are no wider than where the text is wrapped
_SAMPLE = 5_000  # lines that are judged
_CODE_POINTS = 2 * _WIDEST  # of a line that are looked at; what follows is not wrapped
_TAIL = 20  # code points in which the end of a sentence is looked for
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")
_SENTENCE_END = re.compile(r"[.!?。！？…:：;；][\"'”’」』）)\]]*$")
_INNER_END = re.compile(r"[.!?][\"'”’)\]]*\s+[A-Z“\"]|[。！？][」』”’）]*\S")
_FIRST_WORD = re.compile(r"[\x21-\u2e7f]+|\S")
_MARKER = re.compile(
    r"[-*+•·‣▪○●◦]\s|[(（]?(?:\d{1,3}|[a-zA-Z])[.)）、．]\s*(?!\d)|[(（]?[一二三四五六七八九十]{1,3}[)）、]|第\S{1,4}[章节節部篇回条條款]"
    r"|[=*~_-]{3,}$|[>|#]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, without the white space at its ends.

    start: of `text` in the file. indent: characters before it. follows: no empty line stands before it.
    """

    start: int
    text: str
    indent: int
    follows: bool

    @property
    def end(self) -> int:
        """Where the text ends in the file."""
        return self.start + len(self.text)


def is_wrapped(lines: Sequence[Line]) -> int | None:
    """Return the column where the paragraphs of `lines` are wrapped; None where each line is a paragraph.

    In a wrapped text most lines stop within a sentence. They do so because the next word had no room, or the next
    line begins in lower case while sentences end within lines.
    """
    pairs = [
        (line, below)
        for line, below in pairwise(lines[:_SAMPLE])
        if below.follows and not _MARKER.match(below.text)
    ]
    if not pairs:
        return None
    widths = sorted(_width(line) for line, _ in pairs)
    column = widths[min(len(widths) - 1, int(_MOST * len(widths)))]
    unfinished = sum(not _SENTENCE_END.search(line.text[-_TAIL:]) for line, _ in pairs) / len(pairs)
    lower = sum(below.text[0].islower() for _, below in pairs) / len(pairs)
    wide = sum(_WIDE.match(below.text) is not None for _, below in pairs) / len(pairs)
    full = sum(_is_full(line, below, column) for line, below in pairs) / len(pairs)
    inner = any(_INNER_END.search(line.text[:_CODE_POINTS]) for line in lines[:_SAMPLE])
    if column > _WIDEST or unfinished < 0.5:
        return None
    by_width = len(pairs) >= 3 and column >= _NARROWEST and full >= 0.6 and (inner or lower + wide >= 0.4)
    by_sentences = inner and lower >= 0.4
    return column if by_width or by_sentences else None


def continues(first: Line, last: Line, line: Line, column: int) -> bool:
    """Return whether `line` goes on with the paragraph or list item from `first` to `last`, wrapped at `column`."""
    if not line.follows or _MARKER.match(line.text):
        return False
    is_item = _MARKER.match(first.text) is not None
    if line.indent > last.indent + 1 and not is_item and first is not last:
        return False  # the next paragraph is indented
    if _is_full(last, line, column):
        return True
    begins_within = line.text[0].islower() or line.text[0].isdigit()
    return begins_within and not _SENTENCE_END.search(last.text[-_TAIL:])


def _is_full(line: Line, below: Line, column: int) -> bool:
    """Return whether the first word of the line `below` had no room behind `line`."""
    word = _FIRST_WORD.match(below.text[:_CODE_POINTS])
    return _width(line) + (_columns(word[0]) if word else 0) + 1 > column


def _width(line: Line) -> int:
    return line.indent + _columns(line.text[:_CODE_POINTS])


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))
