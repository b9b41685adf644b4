"""Plain text → blocks: every line that is not empty is a paragraph, or a numbered heading."""

from __future__ import annotations

import re

from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile, ParseError
from index.types import Span

# Plain text has no mark-up for a heading. What people write is a short line that begins with a number and does not end
# like a sentence. The style of the number decides the level: 一、 above （一） above 1.
_HEADING_STYLES = (
    re.compile(r"第[〇零一二三四五六七八九十百千\d]+[章节節部篇回]|(?:chapter|part)\s+\w+", re.IGNORECASE),
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*[.、．)]?\s*(?=\D)"),
)
_LONGEST_HEADING = 60
_SENTENCE_END = tuple("。.;；,，:：…")


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a plain text file. Raises ParseError."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8 (byte {error.start}); save it as UTF-8") from error
    lines = re.compile(r"[^\n]+").finditer(text, int(text.startswith("\ufeff")))
    spans = [span for line in lines if (span := Span(*line.span()).trim(text))]
    styles = [_heading_style(span.of(text)) for span in spans]
    blocks: list[ParsedBlock] = []
    for number, (span, style) in enumerate(zip(spans, styles, strict=True)):
        # Numbered lines in a row are a list; a heading has text below it.
        following = styles[number + 1] if number + 1 < len(styles) else style
        is_listed = style in (following, styles[number - 1] if number else None)
        if style is None or is_listed:
            blocks.append(ParsedBlock(span))
        else:
            blocks.append(ParsedBlock(span, BlockKind.HEADING, level=style + 1, title=span.of(text)))
    return ParsedFile(text, tuple(blocks), Markup.PLAIN)


def _heading_style(line: str) -> int | None:
    if len(line) > _LONGEST_HEADING or line.endswith(_SENTENCE_END):
        return None
    return next((number for number, style in enumerate(_HEADING_STYLES) if style.match(line)), None)
