"""Comma- or tab-separated values → a block a row, with the header row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile
from index.types import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 50  # lines by which the delimiter is chosen
_NUMBER = re.compile(r"[-+$€£¥]?\d[\d.,:/%\s-]*")


@dataclass(frozen=True, slots=True)
class _Record:
    """The fields of a row, and over how many lines it goes."""

    fields: list[str]
    lines: int


def parse(content: bytes) -> ParsedFile:
    """Return every row of a table as an exact block; the first is the header unless it holds numbers.

    Raises ParseError.
    """
    decoded = decode(content)
    text = decoded.text
    position = int(text.startswith("\ufeff"))
    lines = [match[0] for match in _LINE.finditer(text, position)]
    rows: list[Span] = []
    header: Span | None = None
    number = 0
    for record in _records(lines, _delimiter(lines)):
        end = position + sum(map(len, lines[number : number + record.lines]))
        span = Span(position, end).trim(text)
        number += record.lines
        position = end
        if any(map(str.strip, record.fields)):
            if not rows and _is_header(record.fields):
                header = span
            rows.append(span)
    blocks = (ParsedBlock(span, BlockKind.TABLE_ROW, header=None if span is header else header) for span in rows)
    return ParsedFile(text, tuple(blocks), Markup.PLAIN, encoding=decoded.encoding)


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts the most of the first records into the same number of fields, and into most."""
    best, most = _DELIMITERS[0], (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = Counter(len(record.fields) for record in _records(lines[:_SAMPLE], delimiter) if record.fields)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width > 1 and (count / widths.total(), width) > most:
            best, most = delimiter, (count / widths.total(), width)
    return best


def _records(lines: Sequence[str], delimiter: str) -> list[_Record]:
    """Return the rows of `lines`; where quotes are not those of the format, each line is a row."""
    records: list[_Record] = []
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    consumed = 0
    try:
        for fields in reader:
            records.append(_Record(fields, reader.line_num - consumed))
            consumed = reader.line_num
    except csv.Error:  # also a field over the module's limit of 131,072 characters
        return [_Record(line.rstrip("\r\n").split(delimiter), 1) for line in lines]
    return records


def _is_header(fields: Sequence[str]) -> bool:
    """Return whether the fields are names: two or more, none empty, none a number."""
    names = [field.strip() for field in fields]
    return len(names) > 1 and all(name and not _NUMBER.fullmatch(name) for name in names)
