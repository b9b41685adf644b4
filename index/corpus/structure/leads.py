"""Blocks that are headings of what follows without being written as such: container titles, questions over answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.corpus.parsing.blocks import ParsedBlock
from index.text.markup import plain, render
from index.text.sentences import is_question, split_sentences
from index.types import BlockKind, Markup

_LONGEST_QUESTION = 200  # code points
# An enumeration's attribute is looked up in Python.
_HEADING, _PARAGRAPH, _LIST_ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
_BOLD = re.compile(r"[ \t>]*(?P<mark>\*\*|__)(?=\S)(?:(?!(?P=mark)).)+(?P=mark)", re.DOTALL)
_ITEM_MARK = re.compile(r"\s*(?:[•*+-]|\d{1,9}[.)])\s+")
_QUESTION_MARK = re.compile(r"[?？]")


def lead_blocks(blocks: Sequence[ParsedBlock], text: str) -> list[int | None]:
    """Return for each block the number of the one that leads it, which is its own for a lead; None without one.

    A lead is the title of a container, or a question over its answer: an item over deeper ones, or a paragraph in
    bold. A paragraph that merely asks may be rhetoric.
    """
    titled = {
        block.header for block in blocks if block.header is not None and block.kind is not BlockKind.TABLE_ROW
    }
    titles = {block.span: number for number, block in enumerate(blocks) if block.span in titled} if titled else {}
    found: list[int | None] = []
    lead: int | None = None
    for number, block in enumerate(blocks):
        if block.kind is _HEADING:
            lead = None
        elif block.span in titles or _is_answered_question(blocks, number, text):
            lead = number
        elif lead is None or blocks[lead].span in titles or not _is_below(block, blocks[lead], text):
            lead = None if block.header is None else titles.get(block.header)
        found.append(lead)
    return found


def lead_title(lead: ParsedBlock, text: str, markup: Markup) -> str:
    """Return a lead as a title: as it is rendered, without the mark of an item."""
    return " ".join(_ITEM_MARK.sub("", plain(render(lead.span.of(text), markup)), count=1).split())


def _is_answered_question(blocks: Sequence[ParsedBlock], number: int, text: str) -> bool:
    block = blocks[number]
    start, end = block.span.start, block.span.end
    if end - start > _LONGEST_QUESTION or block.kind not in (_LIST_ITEM, _PARAGRAPH) or number + 1 == len(blocks):
        return False
    if _QUESTION_MARK.search(text, start, end) is None or not _is_below(blocks[number + 1], block, text):
        return False
    if block.kind is _PARAGRAPH and not _is_bold(block, text):
        return False
    return all(is_question(sentence.of(text)) for sentence in split_sentences(text, block.span))


def _is_below(block: ParsedBlock, question: ParsedBlock, text: str) -> bool:
    """Return whether `block`, which follows, can belong to the answer of `question`."""
    if block.kind is _HEADING:
        return False
    if question.kind is _LIST_ITEM:
        return _indent(block, text) > _indent(question, text)
    return question.kind is _PARAGRAPH and not _is_bold(block, text)


def _is_bold(block: ParsedBlock, text: str) -> bool:
    """Return whether a paragraph of Markdown is in bold from its first word to its last, as a heading may be."""
    return block.kind is _PARAGRAPH and _BOLD.fullmatch(text, block.span.start, block.span.end) is not None


def _indent(block: ParsedBlock, text: str) -> int:
    start = block.span.start
    return start - 1 - max(text.rfind("\n", 0, start), text.rfind("\r", 0, start))
