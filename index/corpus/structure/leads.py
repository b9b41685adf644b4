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
_SUMMARY = re.compile(r"<summary(?:\s[^<>]*)?>(?:\s|<[^<>]{1,100}>)*", re.IGNORECASE)
_SUMMARY_END = re.compile(r"(?:\s|</?[a-z][^<>]{0,100}>)*?</summary>", re.IGNORECASE)
_DETAILS_END = re.compile(r"</details", re.IGNORECASE)
_LONGEST_TAGS = 200  # code points from `<summary` to its text


def lead_blocks(blocks: Sequence[ParsedBlock], text: str) -> list[int | None]:
    """Return for each block the number of the one that leads it, which is its own for a lead; None without one.

    A lead is the title of a container, the summary of an HTML `details`, or a question over its answer: an item over
    deeper ones, or a paragraph in bold. A paragraph that merely asks may be rhetoric.
    """
    titled = {
        block.header for block in blocks if block.header is not None and block.kind is not BlockKind.TABLE_ROW
    }
    titles = {block.span: number for number, block in enumerate(blocks) if block.span in titled} if titled else {}
    has_summaries = "<" in text and _SUMMARY.search(text) is not None
    found: list[int | None] = []
    lead: int | None = None
    for number, block in enumerate(blocks):
        if block.kind is _HEADING:
            lead = None
        elif (titles and block.span in titles) or _asks_or_sums_up(
            blocks, number, text, has_summaries=has_summaries
        ):
            lead = number
        elif lead is None or (titles and blocks[lead].span in titles) or not _is_led(blocks, number, lead, text):
            lead = None if block.header is None else titles.get(block.header)
        found.append(lead)
    return found


def lead_title(lead: ParsedBlock, text: str, markup: Markup) -> str:
    """Return a lead as a title: as it is rendered, without the mark of an item."""
    return " ".join(_ITEM_MARK.sub("", plain(render(lead.span.of(text), markup)), count=1).split())


def _asks_or_sums_up(blocks: Sequence[ParsedBlock], number: int, text: str, *, has_summaries: bool) -> bool:
    return _is_answered_question(blocks, number, text) or (has_summaries and _is_summary(blocks, number, text))


def _is_led(blocks: Sequence[ParsedBlock], number: int, lead: int, text: str) -> bool:
    """Return whether the lead of the block before goes on, which is a summary or a question."""
    if _stands_in_summary(blocks[lead], text):
        return _DETAILS_END.search(text, blocks[number - 1].span.end, blocks[number].span.start) is None
    return _is_below(blocks[number], blocks[lead], text)


def _is_summary(blocks: Sequence[ParsedBlock], number: int, text: str) -> bool:
    """Return whether a block is the summary of something that is shown."""
    if not _stands_in_summary(blocks[number], text) or number + 1 == len(blocks):
        return False
    return blocks[number + 1].kind is not _HEADING and _is_led(blocks, number + 1, number, text)


def _stands_in_summary(block: ParsedBlock, text: str) -> bool:
    start = block.span.start
    before = text.rfind(">", max(0, start - _LONGEST_TAGS), start)
    if before < 0 or text[before + 1 : start].strip():
        return False
    tag = text.rfind("<summary", max(0, start - _LONGEST_TAGS), start)
    is_first = tag >= 0 and _SUMMARY.fullmatch(text, tag, start) is not None
    return is_first and _SUMMARY_END.match(text, block.span.end) is not None


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
    line = text.rfind("\n", 0, start) + 1
    return start - max(line, text.rfind("\r", line, start) + 1)
