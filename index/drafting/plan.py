"""What there is to draft: the open paragraphs of a folder as requests, and about how many tokens they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.corpus.annotations.glossary import read_glossary
from index.corpus.annotations.paragraphs import annotated_hashes
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, GLOSSARY
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.drafting.paragraphs import OpenParagraphs, SourceParagraph, open_paragraphs
from index.drafting.prompts import drafting_prompt
from index.errors import DocumentsError, DraftError
from index.types import Library, Term

_BATCH = 1_200  # code points of the paragraphs of one request: small models lose the thread in more
_MOST_PARAGRAPHS = 6  # of one request
_WIDE_TOKENS, _LATIN_TOKENS = 1.0, 0.3  # of a character, about; tokenisers differ by half
_FIRST_WIDE = "\u1100"
_NAMED = 10  # documents in a message
_WRITTEN = 7  # times the paragraphs' tokens: as many as the given documents' annotations have, JSON included


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """What there is to draft.

    terms: the glossary. batches: the paragraphs of each request. annotated: paragraphs that are left as they are.
    too_long: paragraphs that are too long to be drafted. tokens: about how many are read and written.
    """

    library: Library
    terms: tuple[Term, ...]
    batches: tuple[tuple[SourceParagraph, ...], ...]
    annotated: int
    too_long: int
    tokens: int

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are to be drafted."""
        return sum(map(len, self.batches))


def plan_drafts(folder: Path, *, only: str | None = None) -> DraftPlan:
    """Return what there is to draft in `folder`, or of the document `only` in it.

    Raises DocumentsError, and DraftError for a sidecar that cannot be read: it might have what would be drafted.
    """
    sources = read_sources(folder)
    library = parse_documents(folder, sources)
    refused = {note.name: note.reason for note in sources.skipped}
    names = [document.name for document in library.documents]
    if only is not None and only not in names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        raise DocumentsError(f"no document {only!r} in {folder}; there are {', '.join(names[:_NAMED])}{more}")
    found: list[OpenParagraphs] = []
    for document in library.documents:
        if only in (None, document.name):
            sidecar = document.name + ANNOTATIONS_SUFFIX
            hashes, notes = annotated_hashes(sidecar, sources.sidecars.get(sidecar))
            why = refused.get(sidecar) or next((note.reason for note in notes), "")
            if why:
                raise DraftError(f"{folder / sidecar}: {why}; mend it or move it away, then draft again")
            found.append(open_paragraphs(document, hashes))
    batches = tuple(batch for each in found for batch in _batches(each.paragraphs))
    return DraftPlan(
        library,
        read_glossary(sources.sidecars.get(GLOSSARY))[0],
        batches,
        annotated=sum(each.annotated for each in found),
        too_long=sum(each.too_long for each in found),
        tokens=sum(map(_tokens_of, batches)),
    )


def _batches(paragraphs: Iterable[SourceParagraph]) -> Iterator[tuple[SourceParagraph, ...]]:
    """Yield neighbouring paragraphs that fit into one request; the ids of a request differ."""
    batch: list[SourceParagraph] = []
    for each in paragraphs:
        length = sum(len(other.text) for other in batch) + len(each.text)
        if batch and (
            length > _BATCH or len(batch) == _MOST_PARAGRAPHS or each.id in {other.id for other in batch}
        ):
            yield tuple(batch)
            batch = []
        batch.append(each)
    if batch:
        yield tuple(batch)


def _tokens_of(batch: tuple[SourceParagraph, ...]) -> int:
    prompt = drafting_prompt(batch)
    read = _tokens(prompt.system) + _tokens(prompt.user)
    return read + _WRITTEN * sum(_tokens(each.text) for each in batch)


def _tokens(text: str) -> int:
    wide = sum(character >= _FIRST_WIDE for character in text)
    return round(_WIDE_TOKENS * wide + _LATIN_TOKENS * (len(text) - wide))
