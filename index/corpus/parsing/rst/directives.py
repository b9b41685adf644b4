"""The directives of reStructuredText: what of each of them a reader sees."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.corpus.parsing.blocks import BlockKind
from index.corpus.parsing.rst.reading import OPTION, Reading
from index.corpus.parsing.rst.tables import csv_rows, list_rows
from index.corpus.parsing.wrapping import Line
from index.types import Span

DIRECTIVE = re.compile(r"\.\.\s+(?:\|[^|]+\|\s+)?([A-Za-z][\w:+.-]*?)::(?:\s+|$)")

_CODE = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "prompt", "doctest", "testcode", "math"})
_FEW = ("1", "2", "3")  # header rows
_IMAGES = frozenset({"image", "figure"})
# Directives whose argument is not shown, though what stands below it is. That of a class is, if it is a signature.
_SILENT = frozenset({"only", "ifconfig", "container", "class", "rst-class", "program", "grid", "tab-set", "hlist"})
# Builds for which a page is written; a condition on anything else is off unless somebody sets it.
_SHOWN_WHERE = re.compile(r"(?<!not )(?:html|singlehtml|dirhtml|builder_html|readthedocs)\b", re.IGNORECASE)
_SIGNATURE = re.compile(r"[A-Z]|[^(]*\(")
# Directives that show nothing, or what is not in the file.
_LEFT_OUT = frozenset(
    [
        "toctree",
        "include",
        "contents",
        "raw",
        "meta",
        "index",
        "highlight",
        "currentmodule",
        "module",
        "py:module",
        "py:currentmodule",
        "sectnum",
        "default-role",
        "role",
        "replace",
        "unicode",
        "date",
        "tabularcolumns",
        "automodule",
        "autoclass",
        "autofunction",
        "autosummary",
        "graphviz",
        "plot",
        "video",
        "youtube",
        "literalinclude",
        "codeauthor",
        "sectionauthor",
        "testsetup",
        "testcleanup",
        "title",
    ]
)


def read_directive(reading: Reading, line: Line, directive: re.Match[str]) -> None:
    """Read the directive that `line` begins, and what it shows, up to the content that is read as other text is."""
    name = directive[1].lower()
    if line.text[2:].lstrip().startswith("|") or name in _LEFT_OUT:
        reading.take_below(line.indent)
        reading.left_out["directives"] += 1
        return
    if name == "only" and not _SHOWN_WHERE.search(line.text):
        reading.take_below(line.indent)
        reading.left_out["hidden elements"] += 1
        return
    if name in _IMAGES:
        reading.left_out["images"] += 1
    elif name not in _CODE and directive.end() < len(line.text):
        last = reading.last_following(line, with_options=False)
        argument = Span(line.start + directive.end(), last.end)
        if name not in _SILENT or (name == "class" and _SIGNATURE.match(argument.of(reading.text))):
            reading.add_cut(argument, BlockKind.PARAGRAPH)
    options = _read_options(reading, line)
    if name in _IMAGES and options.get("alt"):
        reading.add(options["alt"], BlockKind.PARAGRAPH)
    elif name in _CODE:
        reading.add_code(reading.take_below(line.indent))
    elif name == "list-table":
        number = options.get("header-rows", Span(0, 0)).of(reading.text)
        reading.blocks += list_rows(reading.take_below(line.indent), headers=int(number) if number in _FEW else 0)
    elif name == "csv-table":
        reading.blocks += csv_rows(reading.take_below(line.indent), options.get("header"))


def _read_options(reading: Reading, line: Line) -> Mapping[str, Span]:
    """Read over the options of a directive, and return the values on their lines by name."""
    options: dict[str, Span] = {}
    while (found := reading.line()) and found.follows and found.indent > line.indent:
        option = OPTION.match(found.text)
        if option is None:
            break
        options[option["name"].lower()] = Span(found.start + option.end(), found.end)
        reading.number += 1
    return options
