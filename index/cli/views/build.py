"""Lay out what a build did or would do, and what a store holds, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from index.corpus.parsing import FORMATS
from index.indexing.preview import BuildPreview, DocumentPreview
from index.store.serialization import LibrarySummary
from index.store.version_names import version_label
from index.types import BuildReport, Change, Skipped, SkippedKind, StoreInfo

_EXCERPT = 160  # code points of a passage in a preview


def report_lines(report: BuildReport, versions: Sequence[str]) -> Iterator[str]:
    """Yield what a build changed, then what it left out, the warnings last; `versions` are those of the store."""
    label = version_label(report.version, versions)
    if report.built:
        yield f"built version {label} in {report.seconds:.1f} s: {', '.join(report.reasons)}"
    else:
        yield f"version {label} is up to date ({report.seconds:.1f} s)"
    for change in report.changes:
        yield f"  {change.kind:<8} {change.name}: {_passage_counts(change)}"
    yield f"{report.documents} documents, {report.passages} passages, {report.encoded} texts encoded"
    yield from _left_out_lines(report.left_out, report.skipped)


def preview_lines(preview: BuildPreview) -> Iterator[str]:
    """Yield the documents, titles, sections and first passages that a build would index."""
    for document in preview.documents:
        yield from _document_lines(document)
    yield f"{len(preview.documents)} documents, {preview.passages} passages would be indexed"
    yield from _left_out_lines(preview.left_out, preview.skipped)


def info_lines(
    info: StoreInfo, library: LibrarySummary, *, stale: bool, runtime: str, reranker: str
) -> Iterator[str]:
    """Yield what a store holds: its documents with format, encoding and language, and its versions.

    runtime: of the model that the settings name. reranker: its line.
    """
    labels = {name: version_label(name, info.versions) for name in (info.version, *info.versions)}
    yield f"version    {labels[info.version]}, built {info.built_at}"
    yield f"model      {info.model}"
    yield f"run-time   {runtime}"
    yield reranker
    yield f"documents  {info.documents_folder}" + (
        " (changed since: run `python -m index build`)" if stale else ""
    )
    for each in library.documents:
        yield f"           {each.name}: {format_of(each.name)}, {each.encoding}, {each.language}, {each.sha256[:16]}…"
    yield f"passages   {info.passages}"
    for model, paragraphs in library.drafted.items():
        yield f"drafted    reading aids of {paragraphs} paragraphs, by {model}, not checked by a person"
    for at, name in enumerate(info.versions):
        yield f"{'' if at else 'versions':<10} {labels[name]}" + (" (current)" if name == info.version else "")


def format_of(name: str) -> str:
    """Return the name of the format that the file called `name` is read as."""
    suffix = PurePosixPath(name).suffix.lower()
    return FORMATS[suffix].module.replace("_", " ") if suffix in FORMATS else suffix.removeprefix(".")


def _document_lines(document: DocumentPreview) -> Iterator[str]:
    yield f"{document.name}: “{document.title}”, {format_of(document.name)}, {document.encoding}, {document.language}"
    for section in document.sections:
        yield f"  § {' > '.join(section)}"
    for passage in document.first_passages:
        text = " ".join(passage.text.split())
        yield f"  {passage.line:>5}: {text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}"
    more = document.passages - len(document.first_passages)
    if more:
        yield f"         and {more} more passages"


def _left_out_lines(counts: Mapping[str, int], notes: Sequence[Skipped]) -> Iterator[str]:
    if counts:
        yield f"left out: {', '.join(f'{count} {_singular(kind, count)}' for kind, count in counts.items())}"
    for note in notes:
        yield f"  {'warning' if note.kind is SkippedKind.NOTE else 'skipped'}  {note.name}: {note.reason}"


def _singular(kind: str, count: int) -> str:
    return kind.removesuffix("s") if count == 1 and kind.endswith("s") else kind


def _passage_counts(change: Change) -> str:
    if change.kind == "changed":
        return f"{change.passages_added} passages new, {change.passages_removed} gone"
    return f"{change.passages_added or change.passages_removed} passages"
