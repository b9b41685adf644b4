"""HTML → the text a reader sees, as blocks."""

from __future__ import annotations

import re

from lxml import etree

from index.corpus.decoding import Decoded, decode
from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.html_blocks import HtmlBlocks
from index.corpus.parsing.blocks import ParsedFile

_DECLARATION = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HEAD = 4096  # bytes in which the encoding is declared; the standard asks for 1,024


def parse(content: bytes) -> ParsedFile:
    """Return the visible text of an HTML page. Raises ParseError."""
    decoded = decode_html(content)
    text = ExtractedText()
    blocks = HtmlBlocks(text)
    parse_markup(decoded.text, blocks)
    return text.parsed(title_of(blocks), encoding=decoded.encoding, language=blocks.language)


def decode_html(content: bytes) -> Decoded:
    """Return the source of an HTML page, whose encoding the page itself may declare. Raises ParseError."""
    declared = _DECLARATION.search(content[:_HEAD])
    return decode(content, declared=declared[1].decode("ascii") if declared else None)


def parse_markup(source: str, blocks: HtmlBlocks) -> None:
    """Send the events of `source`, which may be broken in any way, to `blocks`."""
    parser = etree.HTMLParser(target=blocks, huge_tree=True)  # without it, long texts are cut off
    parser.feed(source.replace("\0", "\ufffd") or " ")
    parser.close()


def title_of(blocks: HtmlBlocks) -> str:
    """Return the page's title: its first heading where <title> only adds the site's name to it."""
    title = " ".join(blocks.title.split())
    heading = blocks.first_heading
    return heading if heading and (heading in title or not title) else title
