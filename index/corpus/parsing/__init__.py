"""Files as typed blocks with exact spans: one parser module per format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from index.corpus.parsing.blocks import ParsedFile, ParseError, Parser


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: the module whose `parse` reads it, and the extra that installs what that module imports.

    is_text: whether a document's text is the decoded file, rather than extracted from it.
    """

    module: str
    extra: str = ""
    is_text: bool = True


VERSION = 5  # raise it when any file is parsed otherwise

# A parser is imported on the first file of its format, since some of them take a second to import.
FORMATS: Mapping[str, Format] = {
    ".md": Format("markdown"),
    ".markdown": Format("markdown"),
    ".mdx": Format("mdx"),
    ".qmd": Format("markdown"),
    ".txt": Format("plain_text"),
    ".rst": Format("rst"),
    ".csv": Format("tabular"),
    ".tsv": Format("tabular"),
    ".html": Format("html", extra="formats", is_text=False),
    ".htm": Format("html", extra="formats", is_text=False),
    ".xhtml": Format("html", extra="formats", is_text=False),
    ".pdf": Format("pdf", extra="formats", is_text=False),
    ".docx": Format("docx", extra="formats", is_text=False),
    ".epub": Format("epub", extra="formats", is_text=False),
}


def parse_file(name: str, content: bytes) -> ParsedFile:
    """Return the parsed file, read by the parser of its suffix. Raises ParseError."""
    return _parser(FORMATS[PurePosixPath(name).suffix.lower()])(content)


def _parser(of: Format) -> Parser:
    try:
        return cast(Parser, import_module(f"{__name__}.{of.module}").parse)
    except ModuleNotFoundError as error:
        if not of.extra:
            raise
        remedy = f"install it with `pip install 'llama-chronicle[{of.extra}]'`"
        raise ParseError(f"the package {error.name!r} that reads it is not installed; {remedy}") from error
