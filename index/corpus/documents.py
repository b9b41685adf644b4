"""Parsed file and catalog entry → document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.corpus.catalog import CATALOG, Entry
from index.corpus.exclusions import Exclusions, find_exclusions
from index.corpus.parsing.blocks import ParsedBlock, ParsedFile
from index.corpus.structure.sections import PlacedBlock, place_blocks
from index.corpus.structure.titles import heading_title, readable_name, short_title
from index.text.language import SAMPLE, document_language
from index.text.markup.sentence_marks import is_sentence_mark
from index.types import Block, BlockKind, Document, DocumentLanguage, Skipped

_LITTLE_PROSE = 400  # code points
_MOST_HEADINGS = 100  # blocks in which headings are looked for
_WORD = re.compile(r"[^\W_]")


def make_document(parsed: ParsedFile, entry: Entry, *, sha256: str) -> tuple[Document, list[Skipped]]:
    """Return the document of a parsed file as the catalog's `entry` describes it, and notes.

    sha256: of the file's bytes.
    """
    name, text = entry.file, parsed.text
    hidden = (
        span for block in parsed.blocks for span in block.hidden if not is_sentence_mark(text, span, block.span)
    )
    exclusions = find_exclusions(text, entry.skip, hidden=hidden)
    notes = [Skipped(name, f"{CATALOG} skips {words!r}, which is not in it") for words in exclusions.missing]
    shown: Sequence[ParsedBlock] = parsed.blocks
    if exclusions.spans:
        shown = [block for block in shown if exclusions.visible_parts(text, block.span)]
    if entry.references is not None and not any(block.title == entry.references for block in shown):
        notes.append(Skipped(name, f"{CATALOG} calls {entry.references!r} its references; it has no such heading"))
    placed = list(place_blocks(shown, text, parsed.markup))
    sources = [each for each in placed if entry.references in each.headings] if entry.references else []
    body = [each for each in placed if entry.references not in each.headings] if sources else placed
    title = entry.title or parsed.title or heading_title(shown, parsed.markup)
    name_or_title = title or readable_name(name)
    blocks = tuple(_blocks(body, text, exclusions, headline=entry.title))
    document = Document(
        name=name,
        title=name_or_title,
        language=entry.language or _language(blocks, text, parsed),
        source=text,
        sha256=sha256,
        blocks=blocks,
        provenance=entry.provenance,
        references=tuple(link for each in sources for link in each.block.references),
        is_titled=bool(title),
        markup=parsed.markup,
        pages=parsed.pages,
        encoding=parsed.encoding,
        short_title=short_title(entry.short_title or name_or_title),
        provenance_label=entry.provenance_label,
    )
    return document, notes


def _blocks(
    body: Iterable[PlacedBlock], text: str, exclusions: Exclusions, *, headline: str | None
) -> Iterator[Block]:
    """Yield what can be quoted: not the title that the catalog gives, which plain text has as a line of its own."""
    row = BlockKind.TABLE_ROW
    for block, headings, section_start in body:
        span = block.span
        for part in exclusions.visible_parts(text, span) if exclusions.spans else (span,):
            is_cut = part is not span and part != span
            is_headline = headline is not None and part.of(text) == headline
            if not is_headline and (not is_cut or _WORD.search(text, part.start, part.end)):
                header = block.header if block.kind is row else None  # a container's title is among the headings
                yield Block(part, headings, block.kind, header, section_start)


def _language(blocks: Iterable[Block], text: str, parsed: ParsedFile) -> DocumentLanguage:
    """Return the language of the prose; where there is little, that of titles and headings counts as well."""
    code = BlockKind.CODE
    prose: list[str] = []
    length = 0
    for block in blocks:
        if block.kind is not code:
            prose.append(block.span.of(text))
            length += len(prose[-1]) + 1
            if length > SAMPLE:
                break
    if length < _LITTLE_PROSE:
        prose += [parsed.title or "", *(block.title for block in parsed.blocks[:_MOST_HEADINGS] if block.level)]
    return document_language("\n".join(prose), declared=parsed.language)
