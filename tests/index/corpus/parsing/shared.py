"""What is checked of every parser."""

from __future__ import annotations

import contextlib
from itertools import pairwise

from index.corpus.parsing.blocks import ParsedFile, ParseError, Parser
from index.types import BlockKind


def require_sound(parsed: ParsedFile) -> None:
    """Fail unless the blocks are in order, apart, inside the text, and without white space at their ends."""
    for block in parsed.blocks:
        words = block.span.of(parsed.text)
        assert 0 <= block.span.start < block.span.end <= len(parsed.text)
        assert words == words.strip()
        assert (block.kind is BlockKind.HEADING) == bool(block.level) == bool(block.title)
        assert all(block.span.contains(hidden) for hidden in block.hidden)
        assert block.header is None or block.header.end <= block.span.start
    assert all(before.span.end <= after.span.start for before, after in pairwise(parsed.blocks))
    assert list(parsed.pages) == sorted(parsed.pages)


def require_sound_or_refused(parse: Parser, content: bytes) -> None:
    """Fail unless `content` is parsed soundly or refused with a reason of one line."""
    with contextlib.suppress(ParseError):
        require_sound(parse(content))


def texts(parsed: ParsedFile) -> list[str]:
    """Return the text of every block."""
    return [block.span.of(parsed.text) for block in parsed.blocks]


def kinds(parsed: ParsedFile) -> list[tuple[str, str]]:
    """Return the kind and the text of every block; a heading with its level."""
    return [
        (f"h{block.level}" if block.level else str(block.kind), block.span.of(parsed.text))
        for block in parsed.blocks
    ]


def headers(parsed: ParsedFile) -> list[str | None]:
    """Return the header row of every block; None of one without."""
    return [block.header.of(parsed.text) if block.header else None for block in parsed.blocks]
