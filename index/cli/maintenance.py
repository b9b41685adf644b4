"""The commands that maintain a store: `build`, `info`, `verify`, `rollback`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from index.cli.json_output import to_json
from index.cli.progress import Bar, progress
from index.cli.session import Workspace, idle_cores, load_model
from index.cli.terminal import write_error, write_line
from index.errors import StoreError
from index.indexing.builder import build_store, is_stale
from index.indexing.verify import Verified, verify_store
from index.store.store import Store
from index.text.sanitize import harmless
from index.types import BuildReport, Change, Encoder, StoreInfo


def run_build(workspace: Workspace, *, as_json: bool) -> None:
    """Bring the store up to date and print what changed."""
    with progress() as bar:
        report = _build(workspace, load_model(workspace, bar, threads=idle_cores()), bar)
    write_line(to_json(_report_row(report)) if as_json else "\n".join(map(harmless, _build_lines(report))))


def run_info(workspace: Workspace, *, as_json: bool) -> None:
    """Print what the store holds, without loading the model."""
    store = Store(workspace.store)
    info, manifest = store.info(), store.manifest()
    stale = is_stale(manifest, Path(manifest.folder))
    write_line(
        to_json(asdict(info) | {"stale": stale})
        if as_json
        else "\n".join(map(harmless, _info_lines(info, stale=stale)))
    )


def run_verify(workspace: Workspace, *, repair: bool, as_json: bool) -> None:
    """Check the current version; with `repair`, rebuild it if it is damaged. Raises StoreError."""
    with progress() as bar:
        encoder = load_model(workspace, bar)
        bar.wait("verifying")
        try:
            found = verify_store(workspace.store, encoder)
        except StoreError as error:
            if not repair:
                raise
            write_error(str(error))
            _build(_origin(workspace), encoder, bar)
            bar.wait("verifying")
            found = verify_store(workspace.store, encoder)
    write_line(to_json(asdict(found)) if as_json else _verified_line(found))


def run_rollback(workspace: Workspace, *, version: str | None) -> None:
    """Make an earlier version current and print its name."""
    write_line(f"version {Store(workspace.store).rollback(version)} is current now")


def _build(workspace: Workspace, encoder: Encoder, bar: Bar) -> BuildReport:
    keep = workspace.settings.keep_versions
    return build_store(workspace.documents, workspace.store, encoder, keep=keep, progress=bar.step)


def _origin(workspace: Workspace) -> Workspace:
    """Return the workspace with the documents that its store was built from, unless others are named."""
    if workspace.is_named:
        return workspace
    store = Store(workspace.store)
    for version in store.versions():
        with suppress(StoreError):
            return replace(workspace, documents=Path(store.manifest(version).folder))
    return workspace


def _verified_line(found: Verified) -> str:
    return (
        f"version {found.version} is sound: {found.files} files, {found.documents} documents, "
        f"{found.passages} passages, {found.representations} vectors; "
        f"{found.answered} of {found.questions} starter questions answered"
    )


def _report_row(report: BuildReport) -> dict[str, object]:
    row = asdict(report)
    return row | {"reason": ", ".join(row.pop("reasons"))}


def _build_lines(report: BuildReport) -> Iterator[str]:
    if report.built:
        yield f"built version {report.version} in {report.seconds:.1f} s: {', '.join(report.reasons)}"
    else:
        yield f"version {report.version} is up to date ({report.seconds:.1f} s)"
    for change in report.changes:
        yield f"  {change.kind:<8} {change.name}: {_passage_counts(change)}"
    for skipped in report.skipped:
        yield f"  skipped  {skipped.name}: {skipped.reason}"
    yield f"{report.documents} documents, {report.passages} passages, {report.encoded} texts encoded"


def _passage_counts(change: Change) -> str:
    if change.kind == "changed":
        return f"{change.passages_added} passages new, {change.passages_removed} gone"
    return f"{change.passages_added or change.passages_removed} passages"


def _info_lines(info: StoreInfo, *, stale: bool) -> Iterator[str]:
    yield f"version    {info.version}, built {info.built_at}"
    yield f"model      {info.model}"
    yield f"documents  {info.documents_folder}" + (
        " (changed since: run `python -m index build`)" if stale else ""
    )
    for name, digest in info.documents.items():
        yield f"           {name}  sha256 {digest[:16]}…"
    yield f"passages   {info.passages}"
    for at, name in enumerate(info.versions):
        yield f"{'' if at else 'versions':<10} {name}" + (" (current)" if name == info.version else "")
