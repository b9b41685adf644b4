"""EPUB → the text of its chapters, in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.corpus.extraction.archive import Archive
from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.html_blocks import HtmlBlocks
from index.corpus.parsing.blocks import ParsedFile, ParseError
from index.corpus.parsing.html import parse_markup

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_MARKUP = frozenset({"application/xhtml+xml", "text/html"})
# What XHTML may close at once and HTML may not.
_CLOSED = re.compile(r"""<([A-Za-z][\w:-]*)((?:[^<>"'/]|/(?!>)|"[^"<]*"|'[^'<]*')*)/>""")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)


def parse(content: bytes) -> ParsedFile:
    """Return the text of an EPUB book. Raises ParseError."""
    archive = Archive(content)
    package_name = _package_name(archive)
    package = archive.tree(package_name)
    folder = posixpath.dirname(package_name)
    chapters = list(_chapters(package, folder))
    if _ENCRYPTION in archive and any(name in archive.source(_ENCRYPTION) for name in chapters):
        raise ParseError("protected by DRM; use a copy without it")
    text = ExtractedText()
    for name in chapters:
        if name in archive:
            parse_markup(_CLOSED.sub(_opened, archive.source(name)), HtmlBlocks(text))
        else:
            text.left_out["missing chapters"] += 1
    titles = (" ".join((element.text or "").split()) for element in package.iter("{*}title"))
    languages = ((element.text or "").strip() for element in package.iter("{*}language"))
    return text.parsed(next(filter(None, titles), None), language=next(filter(None, languages), ""))


def _package_name(archive: Archive) -> str:
    for element in archive.tree(_CONTAINER).iter("{*}rootfile"):
        return str(element.get("full-path", ""))
    raise ParseError(f"{_CONTAINER!r} in it names no book; save it again")


def _chapters(package: Any, folder: str) -> Iterator[str]:  # noqa: ANN401
    """Yield the names of the chapters; the navigation document only repeats their titles."""
    manifest = {element.get("id"): element for element in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _MARKUP or "nav" in item.get("properties", "").split():
            continue
        yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _opened(match: re.Match[str]) -> str:
    name, attributes = match[1], match[2]
    return match[0] if name.lower() in _VOID else f"<{name}{attributes}></{name}>"
