"""The commands that keep a store: `build`, `info`, `verify`, `rollback`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from index.cli.json_output import to_json
from index.cli.progress import progress
from index.cli.session import Place, build, differs, find_model, idle_cores
from index.cli.terminal import put, say
from index.errors import StoreError
from index.indexing.verify import Verified, verify_store
from index.store.store import Store
from index.text.sanitize import harmless
from index.types import BuildReport, Change, StoreInfo


def run_build(place: Place, *, as_json: bool) -> None:
    """Bring the store up to date and print what that changed."""
    with progress() as bar:
        report = build(place, find_model(place, bar, threads=idle_cores()), bar)
    put(to_json(asdict(report)) if as_json else "\n".join(map(harmless, _told(report))))


def run_info(place: Place, *, as_json: bool) -> None:
    """Print what the store holds."""
    store = Store(place.store)
    info, stale = store.info(), differs(store.manifest())
    put(
        to_json(asdict(info) | {"stale": stale})
        if as_json
        else "\n".join(map(harmless, _described(info, stale=stale)))
    )


def run_verify(place: Place, *, repair: bool, as_json: bool) -> None:
    """Check the current version thoroughly; with `repair`, build anew what proves damaged. Raises StoreError."""
    with progress() as bar:
        encoder = find_model(place, bar)
        bar.wait("verifying")
        try:
            found = verify_store(place.store, encoder)
        except StoreError as error:
            if not repair:
                raise
            say(str(error))
            build(_origin(place), encoder, bar)
            bar.wait("verifying")
            found = verify_store(place.store, encoder)
    put(to_json(asdict(found)) if as_json else _proved(found))


def run_rollback(place: Place, *, version: str | None) -> None:
    """Make an earlier version current and print its name."""
    put(f"version {Store(place.store).rollback(version)} is current now")


def _origin(place: Place) -> Place:
    """Give the place with the documents that its store was built from, where nobody named others."""
    if place.is_named:
        return place
    store = Store(place.store)
    for version in store.versions():
        with suppress(StoreError):
            return replace(place, documents=Path(store.manifest(version).folder))
    return place


def _proved(found: Verified) -> str:
    return (
        f"version {found.version} is sound: {found.files} files, {found.documents} documents, "
        f"{found.passages} passages, {found.representations} vectors; "
        f"{found.answered} of {found.questions} starter questions answered"
    )


def _told(report: BuildReport) -> Iterator[str]:
    if report.built:
        yield f"built version {report.version} in {report.seconds:.1f} s: {report.reason}"
    else:
        yield f"version {report.version} is up to date ({report.seconds:.1f} s)"
    for change in report.changes:
        yield f"  {change.kind:<8} {change.name}: {_counted(change)}"
    for skipped in report.skipped:
        yield f"  skipped  {skipped.name}: {skipped.reason}"
    yield f"{report.documents} documents, {report.passages} passages, {report.encoded} texts encoded"


def _counted(change: Change) -> str:
    if change.kind == "changed":
        return f"{change.passages_added} passages new, {change.passages_removed} gone"
    return f"{change.passages_added or change.passages_removed} passages"


def _described(info: StoreInfo, *, stale: bool) -> Iterator[str]:
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
