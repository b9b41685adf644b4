"""Documents folder → library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.corpus.catalog import CATALOG, Catalog, Entry, read_catalog
from index.corpus.documents import make_document
from index.corpus.parsing import parse_file
from index.corpus.parsing.blocks import ParseError
from index.corpus.sources import Sources, read_sources
from index.corpus.structure.titles import qualify
from index.errors import DocumentsError
from index.types import Document, Library, Skipped, SkippedKind


def read_documents(folder: Path) -> Library:
    """Return every document below `folder`, in the order of their names.

    A file that cannot be read is reported in `skipped`, and the others are served. Raises DocumentsError when there
    is no such folder, or no document in it.
    """
    return parse_documents(folder, read_sources(folder))


def parse_documents(folder: Path, sources: Sources) -> Library:
    """Return the documents of the bytes of `folder`, as its catalog describes them. Raises DocumentsError."""
    catalog = read_catalog(folder / CATALOG, sources.sidecars.get(CATALOG))
    broken = {note.name for note in catalog.broken}
    documents: list[Document] = []
    skipped = [*sources.skipped, *catalog.broken, *catalog.notes]
    left_out: Counter[str] = Counter()
    for name, content in sources.documents.items():
        entry = catalog.entries.get(name, Entry(file=name))
        if name in broken or not entry.index:
            continue
        try:
            parsed = parse_file(name, content)
        except ParseError as error:
            skipped.append(Skipped(name, str(error), SkippedKind.DOCUMENT))
            continue
        document, notes = make_document(parsed, entry, sha256=sources.hashes[name])
        skipped += notes
        left_out.update(parsed.left_out)
        if document.blocks:
            documents.append(document)
        else:
            skipped.append(Skipped(name, "no text in it", SkippedKind.DOCUMENT))
    skipped += _missing(catalog, sources)
    if not documents:
        raise DocumentsError(_nothing_found(folder, skipped))
    return Library(qualify(documents), tuple(skipped), catalog.starters, catalog.about, left_out=_sorted(left_out))


def _missing(catalog: Catalog, sources: Sources) -> list[Skipped]:
    """Return a note for each file that the catalog names and the folder does not have."""
    refused = {note.name for note in sources.skipped}
    names = sorted(catalog.entries.keys() - sources.documents.keys() - refused)
    return [Skipped(CATALOG, f"names {name!r}, and there is no such document") for name in names]


def _nothing_found(folder: Path, skipped: Sequence[Skipped]) -> str:
    why = f" ({skipped[0].name}: {skipped[0].reason})" if skipped else ""
    return f"no document in {folder}: put a .md or .txt file there, then build again{why}"


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
