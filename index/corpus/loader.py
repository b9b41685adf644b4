"""`documents/` and its catalog → documents with sections, as exact spans of the decoded files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.corpus.blocks import ParsedBlock, markdown_blocks, text_blocks
from index.corpus.catalog import CATALOG, Entry, read_catalog
from index.errors import DocumentsError
from index.text.chinese import has_han, language_of
from index.types import Block, Document, Language, Library, Skipped, Span

GLOSSARY = "glossary.toml"
UNANSWERABLE = "unanswerable.toml"
AGREEMENTS = "agreements.toml"
ANNOTATIONS_SUFFIX = ".annotations.toml"  # `report.md` has its annotations in `report.md.annotations.toml`

_MARKDOWN = frozenset({".md", ".markdown"})
_SUFFIXES = _MARKDOWN | {".txt"}
_LARGEST_FILE = 64 * 2**20  # bytes; a larger file is no document someone wrote
_README = "README.md"  # tells people about the folder; never indexed


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes below a documents folder: documents, and the sidecars that say more of them."""

    documents: Mapping[str, bytes]
    sidecars: Mapping[str, bytes]
    skipped: tuple[Skipped, ...]

    def hashes(self) -> dict[str, str]:
        """Give the SHA-256 of every file, by name."""
        every = {**self.documents, **self.sidecars}
        return {name: hashlib.sha256(every[name]).hexdigest() for name in sorted(every)}


def read_documents(folder: Path) -> Library:
    """Read every document below `folder`, in the order of their names.

    A file that cannot be read is reported in `skipped` and the others are served. Raises DocumentsError
    when there is no such folder, or no document in it.
    """
    return parse_documents(folder, read_sources(folder))


def read_sources(folder: Path) -> Sources:
    """Read the files below `folder`; a symbolic link is not followed. Raises DocumentsError without a folder."""
    if not folder.is_dir():
        raise DocumentsError(f"no such documents folder: {folder}; create it or set CHRONICLE_DOCUMENTS")
    found: dict[str, bytes] = {}
    skipped: list[Skipped] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            reason = _refusal(path, name)
            if reason is None:
                found[name] = path.read_bytes()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
        if reason is not None:
            skipped.append(Skipped(_printable(name), reason))
    sidecars = {name: content for name, content in found.items() if _is_sidecar(name)}
    documents = {name: content for name, content in found.items() if name not in sidecars}
    return Sources(documents, sidecars, tuple(skipped))


def parse_documents(folder: Path, sources: Sources) -> Library:
    """Turn the bytes of `folder` into documents; what the catalog says of each is applied."""
    catalog = read_catalog(folder / CATALOG, sources.sidecars.get(CATALOG))
    broken = {note.name for note in catalog.broken}
    documents: list[Document] = []
    skipped = [*sources.skipped, *catalog.broken, *catalog.notes]
    for name, content in sources.documents.items():
        if name in broken:
            continue
        try:
            document, notes = _parse(name, content, catalog.entries.get(name, Entry(file=name)))
        except UnicodeDecodeError as error:
            skipped.append(Skipped(name, f"not UTF-8 (byte {error.start}); save it as UTF-8"))
            continue
        skipped += notes
        if document.blocks:
            documents.append(document)
        else:
            skipped.append(Skipped(name, "no text in it"))
    missing = sorted(catalog.entries.keys() - sources.documents.keys() - {note.name for note in sources.skipped})
    skipped += [Skipped(CATALOG, f"names {name!r}, and there is no such document") for name in missing]
    if not documents:
        why = f" ({skipped[0].name}: {skipped[0].reason})" if skipped else ""
        raise DocumentsError(f"no document in {folder}: put a .md or .txt file there, then build again{why}")
    return Library(tuple(documents), tuple(skipped), catalog.starters, catalog.about)


def _is_sidecar(name: str) -> bool:
    return name in (CATALOG, GLOSSARY, UNANSWERABLE, AGREEMENTS) or name.endswith(ANNOTATIONS_SUFFIX)


def _files(folder: Path) -> Iterator[Path]:
    found: list[Path] = []
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, followlinks=False, onerror=closed.append):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        visible = [name for name in [*names, *links] if not name.startswith(".") and name != _README]
        found += [Path(parent, name) for name in visible]
    yield from sorted([*found, *(Path(error.filename) for error in closed)])


def _refusal(path: Path, name: str) -> str | None:
    if name != _printable(name):
        return "its name is not UTF-8; rename it"
    if path.is_symlink():
        return "a symbolic link is not followed; copy the file"
    if not path.is_file():
        return "a folder that cannot be listed" if path.is_dir() else "not a regular file"
    if path.suffix.lower() not in _SUFFIXES and not _is_sidecar(name):
        return "not Markdown (.md) or plain text (.txt)"
    if path.stat().st_size > _LARGEST_FILE:
        return f"larger than {_LARGEST_FILE // 2**20} MiB"
    return None


def _printable(name: str) -> str:
    """Show the bytes of a file name that are not UTF-8, which Python keeps as lone surrogates."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _parse(name: str, content: bytes, entry: Entry) -> tuple[Document, list[Skipped]]:
    text = content.decode("utf-8")
    is_markdown = Path(name).suffix.lower() in _MARKDOWN
    blocks = markdown_blocks(text) if is_markdown else text_blocks(text)
    unwanted, notes = _unwanted(text, entry)
    blocks = [block for block in blocks if not block.level or any(_without(text, block.span, unwanted))]
    title = entry.title or next((block.title for block in blocks if block.level), None)
    below = list(_with_headings(blocks))
    paragraphs = [
        Block(piece, headings)
        for block, headings in below
        if entry.references not in headings
        for piece in _without(text, block.span, unwanted)
        if piece.of(text) != entry.title  # the headline of a plain text is a heading too
    ]
    references = [link for block, headings in below if entry.references in headings for link in block.references]
    if entry.references is not None and not any(block.title == entry.references for block in blocks):
        notes.append(Skipped(name, f"{CATALOG} calls {entry.references!r} its references; it has no such heading"))
    document = Document(
        name=name,
        title=title or Path(name).stem,
        language=entry.language or _language(text),
        text=text,
        sha256=hashlib.sha256(content).hexdigest(),
        blocks=tuple(paragraphs),
        provenance=entry.provenance,
        references=tuple(references),
        is_titled=bool(title),
    )
    return document, notes


def _language(text: str) -> Language:
    return language_of(text) or ("zh-Hans" if has_han(text) else "en")


def _unwanted(text: str, entry: Entry) -> tuple[list[Span], list[Skipped]]:
    spans: list[Span] = []
    notes: list[Skipped] = []
    for words in entry.skip:
        start = text.find(words) if words else -1
        if start < 0:
            notes.append(Skipped(entry.file, f"{CATALOG} skips {words!r}, which is not in it"))
        while start >= 0:
            spans.append(Span(start, start + len(words)))
            start = text.find(words, start + len(words))
    return sorted(spans, key=lambda span: span.start), notes


def _with_headings(blocks: Iterable[ParsedBlock]) -> Iterator[tuple[ParsedBlock, tuple[str, ...]]]:
    """Give each paragraph with the titles of the headings it stands under, outermost first."""
    headings: list[ParsedBlock] = []
    for block in blocks:
        if block.level:
            headings = [*(outer for outer in headings if outer.level < block.level), block]
        else:
            yield block, tuple(outer.title for outer in headings)


def _without(text: str, span: Span, unwanted: list[Span]) -> Iterator[Span]:
    start = span.start
    for hole in [*unwanted, Span(span.end, span.end)]:
        if hole.end < start or hole.start > span.end:
            continue
        piece = Span(start, max(start, hole.start)).trim(text)
        if piece:
            yield piece
        start = max(start, hole.end)
