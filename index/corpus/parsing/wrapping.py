"""Whether the lines of a plain text are wrapped paragraphs, and which line goes on with the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_WIDEST = 160  # columns; nobody wraps later
_NARROWEST = 40  # columns; narrower lines of one width are verse or a list
_MOST = 0.95  # of the lines are no wider than where the text is wrapped
_SAMPLE = 5_000  # lines that are judged
_SQUEEZED = 4  # columns by which a full line of Chinese may fall short: a mark that must not begin a line
_FEWEST_FULL = 2  # lines, where others are verse or a list
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


def paragraphs(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the lines of each wrapped paragraph or list item together, and every other line by itself.

    A text that is wrapped has one column. In another, prose may stand among verse, lists, addresses and logs: then
    each stretch without an empty line is judged by itself.
    """
    column = is_wrapped(lines)
    wide = _wide_column(lines) if column is None else None
    for stretch in _stretches(lines):
        yield from _joined(stretch, _Stretch(column or wide, is_prose=_is_prose(stretch), widest=_widest(stretch)))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is known of lines without an empty one among them.

    column: where the text is wrapped, if it is. is_prose: they hold a sentence that goes on in the next line. widest:
    of the lines but the last, in columns.
    """

    column: int | None
    is_prose: bool
    widest: int

    def goes_on(self, first: Line, last: Line, line: Line) -> bool:
        """Return whether `line` goes on with the paragraph or list item from `first` to `last`."""
        is_item = _MARKER.match(first.text) is not None
        is_next_paragraph = line.indent > last.indent + 1 and not is_item and first is not last
        if _MARKER.match(line.text) or is_next_paragraph:
            return False
        if (is_item and line.indent > first.indent) or (
            self.column is not None and _is_full(last, line, self.column)
        ):
            return True
        return self.is_prose and self._sentence_goes_on(first, last, line)

    def _sentence_goes_on(self, first: Line, last: Line, line: Line) -> bool:
        if _is_finished(last):
            return self.column is None and self.widest >= _NARROWEST and _is_full(last, line, self.widest)
        if _begins_within(last, line) or (first is not last and line.text[0].isdigit()):
            return True
        return self.column is None and 2 * _width(last) >= self.widest


def _joined(stretch: Sequence[Line], known: _Stretch) -> Iterator[Sequence[Line]]:
    current: list[Line] = []
    for line in stretch:
        if current and not known.goes_on(current[0], current[-1], line):
            yield current
            current = []
        current.append(line)
    yield current


def _stretches(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or not lines[number].follows:
            yield lines[start:number]
            start = number


def _is_prose(stretch: Sequence[Line]) -> bool:
    """Return whether some sentence of a stretch goes on in the next line; verse and lists have short lines."""
    has_sentences = any(_INNER_END.search(line.text[:_CODE_POINTS]) for line in stretch)
    if not has_sentences and not _is_finished(stretch[-1]):
        return False
    return any(
        not _is_finished(line)
        and _begins_within(line, below)
        and (_width(line) >= _NARROWEST or (has_sentences and (number > 0 or not _WIDE.match(line.text[-1]))))
        for number, (line, below) in enumerate(pairwise(stretch))
    )


def _wide_column(lines: Sequence[Line]) -> int | None:
    """Return the column where Chinese or Japanese is wrapped among other lines: none is wider, several are as wide."""
    column = max((_width(line) for line in lines[:_SAMPLE]), default=0)
    if not _NARROWEST <= column <= _WIDEST:
        return None
    full = sum(
        below.follows
        and not _is_finished(line)
        and _WIDE.match(below.text) is not None
        and _width(line) + _SQUEEZED >= column
        for line, below in pairwise(lines[:_SAMPLE])
    )
    return column - _SQUEEZED if full >= _FEWEST_FULL else None


def _widest(stretch: Sequence[Line]) -> int:
    return max((_width(line) for line in stretch[:-1]), default=0)


def _is_finished(line: Line) -> bool:
    return _SENTENCE_END.search(line.text[-_TAIL:]) is not None


def _begins_within(last: Line, line: Line) -> bool:
    """Return whether `line` begins as no sentence does; lines that all begin with a number are a table or a log."""
    first = line.text[0]
    return first.islower() or (first.isdigit() and not last.text[0].isdigit())


def _is_full(line: Line, below: Line, column: int) -> bool:
    """Return whether the first word of the line `below` had no room behind `line`."""
    word = _FIRST_WORD.match(below.text[:_CODE_POINTS])
    return _width(line) + (_columns(word[0]) if word else 0) + 1 > column


def _width(line: Line) -> int:
    return line.indent + _columns(line.text[:_CODE_POINTS])


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))
