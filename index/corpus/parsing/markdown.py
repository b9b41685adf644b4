"""Markdown (CommonMark with tables) → blocks."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from index.corpus.parsing.blocks import BlockKind, Markup, ParsedBlock, ParsedFile, ParseError
from index.types import Reference, Span

# What markdown-it counts as the end of a line.
_LINE_END = re.compile(r"\r\n?|\n")
_LEAVES = frozenset({"paragraph_open", "heading_open", "fence", "code_block", "html_block", "table_open"})


def parse(content: bytes) -> ParsedFile:
    """Return the blocks of a Markdown file; front matter is none. Raises ParseError."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8 (byte {error.start}); save it as UTF-8") from error
    first_character = int(text.startswith("\ufeff"))
    starts = [first_character, *(end.end() for end in _LINE_END.finditer(text)), len(text)]
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    tokens = parser.parse(text[first_character:])
    blocks: list[ParsedBlock] = []
    covered = 0  # a table's or an item's inner tokens must not yield its lines twice
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        if token.type not in _LEAVES or token.map is None or token.map[0] < covered:
            continue
        first, covered = token.map
        span = Span(starts[first], starts[min(covered, len(starts) - 1)]).trim(text)
        if not span:
            continue
        references = _links(following)
        if token.type == "heading_open":
            title = _plain(following)
            blocks.append(
                ParsedBlock(span, BlockKind.HEADING, level=int(token.tag[1]), title=title, references=references)
            )
        else:
            blocks.append(ParsedBlock(span, references=references))
    return ParsedFile(text, tuple(blocks), Markup.MARKDOWN)


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
