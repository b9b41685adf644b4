"""Parsed blocks → the blocks that can be quoted, each under its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.corpus.parsing.blocks import ParsedBlock
from index.corpus.structure.leads import lead_blocks, lead_title
from index.types import BlockKind, Markup

# White space, the line under a title, and rules.
_NOTHING = re.compile(
    r"\s*(?:(?P<mark>[^\w\s])(?:[ \t]*(?P=mark))+\s+)*(?:(?P<last>[^\w\s])(?:[ \t]*(?P=last))+)?"
)


class PlacedBlock(NamedTuple):
    """A block and where it stands.

    headings: the titles that it stands under, outermost first. section_start: where the nearest heading stands; -1
    without one.
    """

    block: ParsedBlock
    headings: tuple[str, ...]
    section_start: int


def place_blocks(blocks: Sequence[ParsedBlock], text: str, markup: Markup = Markup.PLAIN) -> Iterator[PlacedBlock]:
    """Yield the blocks that can be quoted, in order: all but headings, and the bare headings.

    A heading is bare when nothing stands below it before the next heading of its level or above: then it is all that
    its section says. What leads other blocks, see `lead_blocks`, is a heading of them.
    """
    leads = lead_blocks(blocks, text)
    lead_titles = {number: lead_title(blocks[number], text, markup) for number in set(leads) if number is not None}
    headings: tuple[ParsedBlock, ...] = ()
    titles, section_start = _section(headings)
    heading = BlockKind.HEADING
    for number, block in enumerate(blocks):
        if block.kind is heading:
            above = tuple(outer for outer in headings if outer.level < block.level)
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if _is_bare(block, following, text):
                yield PlacedBlock(block, *_section(above))
            headings = (*above, block)
            titles, section_start = _section(headings)
            continue
        lead = leads[number]
        if lead is None:
            yield PlacedBlock(block, titles, section_start)
        elif lead != number:
            yield PlacedBlock(block, (*titles, lead_titles[lead]), blocks[lead].span.start)


def _section(headings: tuple[ParsedBlock, ...]) -> tuple[tuple[str, ...], int]:
    return tuple(heading.title for heading in headings), headings[-1].span.start if headings else -1


def _is_bare(heading: ParsedBlock, following: ParsedBlock | None, text: str) -> bool:
    is_last = following is None or (following.kind is BlockKind.HEADING and following.level <= heading.level)
    # What stands there and is no block is not for readers, such as links to other pages; then the section is no answer.
    below = len(text) if following is None else following.span.start
    if not is_last or _NOTHING.fullmatch(text, heading.span.end, below) is None:
        return False
    return any(character.isalnum() for character in heading.title)
