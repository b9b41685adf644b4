"""The commands that maintain a store: `build`, `info`, `verify`, `rollback`."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from index.answering.confidence.calibration_choice import choose_calibration
from index.cli.progress import Bar, progress
from index.cli.session import Workspace, idle_cores, load_model
from index.cli.terminal import write_error, write_line
from index.cli.views.build import format_of, info_lines, preview_lines, report_lines
from index.cli.views.json_output import to_json
from index.cli.views.reranker import reranker_line, reranker_status
from index.encoding.preferred_runtime import runtime_status
from index.errors import StoreError
from index.indexing.builder import build_store
from index.indexing.preview import preview_build
from index.indexing.verify import Verified, verify_store
from index.store.opening import open_store
from index.store.serialization import load_summary
from index.store.version_names import version_label
from index.types import BuildReport, Encoder

# Values made before the garbage collector looks at them. A build makes millions without cycles, and Python's default
# of 700 costs a tenth of the time of reading (python -m tests.bench_reading).
_COLLECTED_AFTER = 100_000


def run_build(workspace: Workspace, *, as_json: bool) -> None:
    """Bring the store up to date and print what changed."""
    collect_seldom()
    with progress() as bar:
        report = _build(workspace, load_model(workspace, bar, passes=idle_cores()), bar)
    if as_json:
        write_line(to_json(_report_row(report)))
    else:
        _write_lines(report_lines(report, open_store(workspace.store).versions()))


def run_dry_build(workspace: Workspace, *, as_json: bool) -> None:
    """Print what a build would index, without a model and without writing anything. Raises DocumentsError."""
    collect_seldom()
    preview = preview_build(workspace.documents)
    if as_json:
        write_line(to_json(asdict(preview)))
    else:
        _write_lines(preview_lines(preview))


def collect_seldom() -> None:
    """Collect garbage in this process only as often as a build needs it."""
    gc.set_threshold(_COLLECTED_AFTER)


def run_info(workspace: Workspace, *, as_json: bool) -> None:
    """Print what the store holds, without loading the model."""
    store = open_store(workspace.store)
    info, manifest = store.info(), store.manifest()
    summary, stale = load_summary(store.path(info.version)), workspace.is_stale(manifest)
    settings = workspace.settings
    reranker, runtime = reranker_status(settings.reranker), runtime_status(settings.model, settings.runtime)
    warning = choose_calibration(store.folder, info.model).warning
    if as_json:
        files = [asdict(each) | {"format": format_of(each.name)} for each in summary.documents]
        more = {"drafted": dict(summary.drafted), "stale": stale, "reranker": asdict(reranker), "warning": warning}
        more["runtime"] = runtime
        write_line(to_json(asdict(info) | {"files": files} | more))
    else:
        _write_lines(info_lines(info, summary, stale=stale, runtime=runtime, reranker=reranker_line(reranker)))
        if warning:
            _write_lines([f"warning    {warning}"])


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
    write_line(
        to_json(asdict(found)) if as_json else _verified_line(found, open_store(workspace.store).versions())
    )


def run_rollback(workspace: Workspace, *, version: str | None) -> None:
    """Make an earlier version current and print its name."""
    store = open_store(workspace.store)
    write_line(f"version {version_label(store.rollback(version), store.versions())} is current now")


def _build(workspace: Workspace, encoder: Encoder, bar: Bar) -> BuildReport:
    keep = workspace.settings.keep_versions
    return build_store(workspace.documents, workspace.store, encoder, keep=keep, progress=bar.step)


def _write_lines(lines: Iterable[str]) -> None:
    for line in lines:
        write_line(line)


def _origin(workspace: Workspace) -> Workspace:
    """Return the workspace with the documents that its store was built from, unless others are named."""
    if workspace.is_named:
        return workspace
    store = open_store(workspace.store)
    for version in store.versions():
        with suppress(StoreError):
            return replace(workspace, documents=Path(store.manifest(version).folder))
    return workspace


def _verified_line(found: Verified, versions: Sequence[str]) -> str:
    return (
        f"version {version_label(found.version, versions)} is sound: {found.files} files, {found.documents} documents, "
        f"{found.passages} passages, {found.representations} vectors; "
        f"{found.answered} of {found.questions} starter questions answered"
    )


def _report_row(report: BuildReport) -> dict[str, object]:
    row = asdict(report)
    return row | {"reason": ", ".join(row.pop("reasons"))}
