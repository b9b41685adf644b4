"""Markdown (CommonMark with what its dialects add, Quarto among them) → blocks."""

from __future__ import annotations

import re

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import ParsedFile
from index.corpus.parsing.front_matter import read_front_matter
from index.corpus.parsing.markdown.block_reader import BlockReader
from index.text.markup.containers import with_containers
from index.text.markup.mdx import without_jsx
from index.text.markup.myst import with_directives
from index.types import Markup

_NOT_LINE_END = re.compile(r"[^\r\n]")


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a Markdown file. Raises ParseError."""
    return parse_dialect(content, Markup.MARKDOWN)


def parse_dialect(content: bytes, markup: Markup) -> ParsedFile:
    """Return the blocks of a file that is written in `markup`, Markdown or MDX. Raises ParseError."""
    decoded = decode(content)
    text = decoded.text
    front_matter = read_front_matter(text)
    first = front_matter.end if front_matter else int(text.startswith("\ufeff"))
    # The parser reads a copy of the same length: without front matter, with containers that it knows.
    body = text[first:]
    body = with_containers(with_directives(without_jsx(body) if markup is Markup.MDX else body))
    source = _NOT_LINE_END.sub(" ", text[:first]) + body if first else body
    reader = BlockReader(text, source, markup, first)
    reader.read()
    blocks = reader.finish()
    return ParsedFile(
        text,
        tuple(blocks),
        markup,
        title=front_matter.title if front_matter else None,
        left_out={kind: count for kind, count in reader.unseen.left_out.items() if count},
        encoding=decoded.encoding,
        language=(front_matter.language if front_matter else None) or "",
    )
