"""Documents folder → library."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from index.corpus.catalog import CATALOG, Entry, read_catalog
from index.corpus.documents import make_document
from index.corpus.parsing.blocks import ParseError
from index.corpus.sources import Sources, read_sources
from index.errors import DocumentsError
from index.types import Document, Library, Skipped, SkippedKind

_README = "README.md"  # tells people about the folder; never indexed


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
    for name, content in sources.documents.items():
        if name in broken or PurePosixPath(name).name == _README:
            continue
        try:
            entry = catalog.entries.get(name, Entry(file=name))
            document, notes = make_document(name, content, entry, sha256=sources.hashes[name])
        except ParseError as error:
            skipped.append(Skipped(name, str(error), SkippedKind.DOCUMENT))
            continue
        skipped += notes
        if document.blocks:
            documents.append(document)
        else:
            skipped.append(Skipped(name, "no text in it", SkippedKind.DOCUMENT))
    missing = sorted(catalog.entries.keys() - sources.documents.keys() - {note.name for note in sources.skipped})
    skipped += [Skipped(CATALOG, f"names {name!r}, and there is no such document") for name in missing]
    if not documents:
        why = f" ({skipped[0].name}: {skipped[0].reason})" if skipped else ""
        raise DocumentsError(f"no document in {folder}: put a .md or .txt file there, then build again{why}")
    return Library(tuple(documents), tuple(skipped), catalog.starters, catalog.about)
