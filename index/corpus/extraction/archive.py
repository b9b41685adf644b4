"""The members of a ZIP file and their XML, with limits against bombs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import ParseError

_LARGEST_MEMBER = 64 * 2**20  # bytes, uncompressed
_LARGEST_TOTAL = 128 * 2**20  # bytes of all members that are read
_LARGEST_RATIO = 200  # markup shrinks to a tenth, a bomb to a thousandth
_SMALL = 2**20  # bytes that are harmless at any ratio
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")


class Archive:
    """A ZIP file in memory."""

    def __init__(self, content: bytes) -> None:
        """Raise ParseError when `content` is no ZIP file."""
        self._read = 0
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED as error:
            raise ParseError("damaged, or not in the format of its suffix; save it again") from error

    def __contains__(self, name: str) -> bool:
        """Return whether there is such a member."""
        return name in self._file.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the bytes of a member. Raises ParseError when it is missing, damaged, encrypted or a bomb."""
        info = self._file.NameToInfo.get(name)
        if info is None:
            raise ParseError(f"{name!r} is missing in it; save it again")
        if info.flag_bits & 1:
            raise ParseError("encrypted; save it without a password")
        self._read += info.file_size
        is_bomb = info.file_size > _SMALL and info.file_size > _LARGEST_RATIO * max(1, info.compress_size)
        if is_bomb or info.file_size > _LARGEST_MEMBER or self._read > _LARGEST_TOTAL:
            raise ParseError(f"unpacks to too much ({info.file_size // 2**20} MiB of {name!r}); split it")
        try:
            return self._file.read(info)
        except _DAMAGED as error:
            raise ParseError(f"{name!r} in it is damaged; save it again") from error

    def source(self, name: str) -> str:
        """Return the text of a member in XML, without its declaration. Raises ParseError."""
        content = self.read(name)
        declared = _DECLARED.search(content[:400])
        text = decode(content, declared=declared[1].decode("ascii") if declared else None).text
        text = text.removeprefix("\ufeff")
        declaration = _DECLARATION.match(text)
        return text[declaration.end() :] if declaration else text

    def tree(self, name: str) -> Any:  # noqa: ANN401
        """Return the root element of a member in XML. Raises ParseError."""
        return parse_xml(self.source(name), None)


def parse_xml(source: str, target: object | None) -> Any:  # noqa: ANN401
    """Send the events of `source` to `target`, or return its root element without one. Raises ParseError.

    A document type is refused, so there are no entities to expand or to fetch.
    """
    if "<!DOCTYPE" in source:
        raise ParseError("its XML declares a document type; save it again")
    parser = etree.XMLParser(target=target, encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        parser.feed(source.encode("utf-8", "replace"))
        return parser.close()
    except etree.LxmlError as error:
        raise ParseError("its XML is damaged; save it again") from error
