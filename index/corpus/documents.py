"""Parsed file and catalog entry → document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.corpus.catalog import CATALOG, Entry
from index.corpus.exclusions import find_exclusions, visible_parts
from index.corpus.parsing import parse_file
from index.corpus.parsing.blocks import ParsedBlock
from index.text.chinese import has_han, language_of
from index.types import Block, BlockKind, Document, Language, Skipped, Span


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block that is no heading, and the headings that it stands under, outermost first."""

    block: ParsedBlock
    headings: tuple[ParsedBlock, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(heading.title for heading in self.headings)


def make_document(name: str, content: bytes, entry: Entry, *, sha256: str) -> tuple[Document, list[Skipped]]:
    """Return the document of a file's bytes as the catalog's `entry` describes it, and notes. Raises ParseError.

    sha256: of `content`.
    """
    parsed = parse_file(name, content)
    exclusions = find_exclusions(parsed.text, entry.skip)
    notes = [Skipped(name, f"{CATALOG} skips {words!r}, which is not in it") for words in exclusions.missing]
    blocks = [
        block
        for block in parsed.blocks
        if not _is_heading(block) or any(visible_parts(parsed.text, block.span, exclusions.spans))
    ]
    title = entry.title or next((block.title for block in blocks if _is_heading(block)), None)
    placed = list(_placed(blocks))
    if entry.references is not None and not any(block.title == entry.references for block in blocks):
        notes.append(Skipped(name, f"{CATALOG} calls {entry.references!r} its references; it has no such heading"))
    body = [each for each in placed if entry.references not in each.titles]
    document = Document(
        name=name,
        title=title or PurePosixPath(name).stem,
        language=entry.language or _language(parsed.text),
        text=parsed.text,
        sha256=sha256,
        blocks=tuple(_blocks(body, parsed.text, exclusions.spans, headline=entry.title)),
        provenance=entry.provenance,
        references=tuple(
            link for each in placed if entry.references in each.titles for link in each.block.references
        ),
        is_titled=bool(title),
        markup=parsed.markup,
        pages=parsed.pages,
        encoding=parsed.encoding,
    )
    return document, notes


def _blocks(
    body: Iterable[_Placed], text: str, excluded: Sequence[Span], *, headline: str | None
) -> Iterator[Block]:
    """Yield what can be quoted: not the title that the catalog gives, which plain text has as a line of its own."""
    for each in body:
        start = each.headings[-1].span.start if each.headings else -1
        for part in visible_parts(text, each.block.span, excluded):
            if part.of(text) != headline:
                yield Block(part, each.titles, each.block.kind, each.block.header, start)


def _placed(blocks: Iterable[ParsedBlock]) -> Iterator[_Placed]:
    headings: tuple[ParsedBlock, ...] = ()
    for block in blocks:
        if _is_heading(block):
            headings = (*(outer for outer in headings if outer.level < block.level), block)
        else:
            yield _Placed(block, headings)


def _is_heading(block: ParsedBlock) -> bool:
    return block.kind is BlockKind.HEADING


def _language(text: str) -> Language:
    return language_of(text) or ("zh-Hans" if has_han(text) else "en")
