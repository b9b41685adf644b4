"""Show what a build would index, without a model and without writing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.indexing.left_out import count_left_out, notes_on_documents
from index.text.markup import plain, render
from index.types import Document, Passage, Skipped, Span

_FIRST_PASSAGES = 3  # of a document


@dataclass(frozen=True, slots=True)
class PassagePreview:
    """A passage that a build would index: where it stands, and its text as a reader sees it."""

    span: Span
    line: int
    section: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DocumentPreview:
    """A document that a build would index; sections are paths of headings, in order."""

    name: str
    title: str
    language: str
    encoding: str
    sections: tuple[tuple[str, ...], ...]
    passages: int
    first_passages: tuple[PassagePreview, ...]


@dataclass(frozen=True, slots=True)
class BuildPreview:
    """What a build would index; skipped and left_out are those of `BuildReport`."""

    documents: tuple[DocumentPreview, ...]
    passages: int
    skipped: tuple[Skipped, ...]
    left_out: Mapping[str, int]


def preview_build(documents: Path) -> BuildPreview:
    """Return the documents, titles, sections and first passages that a build of `documents` would index.

    Raises DocumentsError.
    """
    sources = read_sources(documents)
    corpus = build_corpus(parse_documents(documents, sources), sources.sidecars)
    passages: dict[str, list[Passage]] = {document.name: [] for document in corpus.library.documents}
    for passage in corpus.passages:
        passages[passage.document].append(passage)
    return BuildPreview(
        documents=tuple(_preview(each, passages[each.name]) for each in corpus.library.documents),
        passages=len(corpus.passages),
        skipped=notes_on_documents(corpus.library.skipped),
        left_out=count_left_out(corpus.library.skipped, corpus.library.left_out),
    )


def _preview(document: Document, passages: list[Passage]) -> DocumentPreview:
    sections = dict.fromkeys(passage.headings for passage in passages if passage.headings)
    return DocumentPreview(
        name=document.name,
        title=document.title,
        language=document.language,
        encoding=document.encoding,
        sections=tuple(sections),
        passages=len(passages),
        first_passages=tuple(
            PassagePreview(
                span=passage.span,
                line=document.lines(passage.span)[0],
                section=passage.section,
                text=plain(render(document.slice(passage.span), document.markup)),
            )
            for passage in passages[:_FIRST_PASSAGES]
        ),
    )
