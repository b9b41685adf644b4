"""MDX → blocks: Markdown whose imports, exports, tags and expressions are none."""

from __future__ import annotations

from index.corpus.parsing.blocks import ParsedFile
from index.corpus.parsing.markdown import parse_dialect
from index.types import Markup


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of an MDX file. Raises ParseError."""
    return parse_dialect(content, Markup.MDX)
