"""Markdown and plain text as headings and paragraphs, each an exact span of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from index.types import Reference, Span

# What markdown-it counts as the end of a line.
_LINE_END = re.compile(r"\r\n?|\n")
_LEAVES = frozenset({"paragraph_open", "heading_open", "fence", "code_block", "html_block", "table_open"})

# Plain text has no mark-up for a heading; what people write is a short line that starts with a number and
# does not end like a sentence. A number style says the level: 一、 over （一） over 1.
_HEADING_STYLES = (
    re.compile(r"第[〇零一二三四五六七八九十百千\d]+[章节節部篇回]|(?:chapter|part)\s+\w+", re.IGNORECASE),
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*[.、．)]?\s*(?=\D)"),
)
_LONGEST_HEADING = 60
_SENTENCE_END = tuple("。.;；,，:：…")


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """A heading (level ≥ 1, `title` without mark-up) or a paragraph (level 0)."""

    span: Span
    level: int = 0
    title: str = ""
    references: tuple[Reference, ...] = ()


def markdown_blocks(text: str) -> list[ParsedBlock]:
    """Parse Markdown (CommonMark with tables); front matter is no block."""
    starts = [_first(text), *(end.end() for end in _LINE_END.finditer(text)), len(text)]
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    tokens = parser.parse(text[starts[0] :])
    blocks: list[ParsedBlock] = []
    covered = 0  # a table's or an item's inner tokens must not give its lines twice
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        if token.type not in _LEAVES or token.map is None or token.map[0] < covered:
            continue
        first, covered = token.map
        span = Span(starts[first], starts[min(covered, len(starts) - 1)]).trim(text)
        if not span:
            continue
        level = int(token.tag[1]) if token.type == "heading_open" else 0
        blocks.append(ParsedBlock(span, level, _plain(following) if level else "", _links(following)))
    return blocks


def text_blocks(text: str) -> list[ParsedBlock]:
    """Read plain text: every non-empty line is a paragraph, or a numbered heading."""
    lines = re.compile(r"[^\n]+").finditer(text, _first(text))
    spans = [Span(*line.span()).trim(text) for line in lines]
    spans = [span for span in spans if span]
    styles = [_heading_style(span.of(text)) for span in spans]
    blocks: list[ParsedBlock] = []
    for number, (span, style) in enumerate(zip(spans, styles, strict=True)):
        # Numbered lines in a row are a list; a heading has text below it.
        following = styles[number + 1] if number + 1 < len(styles) else style
        listed = style in (following, styles[number - 1] if number else None)
        is_heading = style is not None and not listed
        blocks.append(
            ParsedBlock(span, style + 1, span.of(text)) if is_heading and style is not None else ParsedBlock(span)
        )
    return blocks


def _first(text: str) -> int:
    """Say where the text itself begins: a byte-order mark counts, but would hide front matter or a title."""
    return int(text.startswith("\ufeff"))


def _heading_style(line: str) -> int | None:
    if len(line) > _LONGEST_HEADING or line.endswith(_SENTENCE_END):
        return None
    for number, style in enumerate(_HEADING_STYLES):
        if style.match(line):
            return number
    return None


def _plain(inline: Token) -> str:
    return "".join(
        child.content for child in inline.children or () if child.type in {"text", "code_inline"}
    ).strip()


def _links(inline: Token) -> tuple[Reference, ...]:
    children = inline.children or []
    found: list[Reference] = []
    for number, child in enumerate(children):
        if child.type == "link_open":
            label = "".join(part.content for part in children[number + 1 :][: _closing(children[number + 1 :])])
            found.append(Reference(title=label or str(child.attrs["href"]), url=str(child.attrs["href"])))
    return tuple(found)


def _closing(children: list[Token]) -> int:
    return next(number for number, child in enumerate(children) if child.type == "link_close")
