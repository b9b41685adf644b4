"""Word documents (DOCX) → the text a reader sees."""

from __future__ import annotations

from index.corpus.extraction.archive import Archive, parse_xml
from index.corpus.extraction.docx_blocks import DocxBlocks
from index.corpus.extraction.docx_parts import read_parts
from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.parsing.blocks import ParsedFile, ParseError

_DOCUMENT = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how Word keeps a file with a password, and its format before 2007


def parse(content: bytes) -> ParsedFile:
    """Return the text of a Word document. Raises ParseError."""
    if content.startswith(_OLE):
        raise ParseError("encrypted, or in the format before 2007; save it as .docx without a password")
    archive = Archive(content)
    parts = read_parts(archive)
    text = ExtractedText()
    body = DocxBlocks(text, parts)
    parse_xml(archive.source(_DOCUMENT), body)
    for name in _NOTES:
        if name in archive:
            parse_xml(archive.source(name), DocxBlocks(text, parts, body.notes))
    return text.parsed(body.title)
