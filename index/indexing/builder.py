"""The write path: documents → passages → representations → vectors → a new version, then the switch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import Sources, read_sources
from index.errors import DocumentsError, StoreError
from index.indexing.diff import changes_between
from index.store.manifest import Manifest, Rules, check_files, checksums, read_manifest
from index.store.serialization import load_corpus, load_notes, save_corpus
from index.store.stamps import is_untouched, keep_stamps, take_stamps
from index.store.store import Store, version_name
from index.types import BuildReport, Encoder, Skipped

if TYPE_CHECKING:
    from index.indexing.embedding_reuse import ReusableEncodings

logger = logging.getLogger(__name__)

Report = Callable[[str, int, int], None]

# Why a version of other rules is built anew, by the rule that differs.
_WHY = {
    "model": "another model",
    "normalize": "other normalization rules",
    "passages": "other passage rules",
    "opencc": "another version of OpenCC",
}


@dataclass(frozen=True, slots=True)
class _Before:
    """The current version, when it can be read; else why not."""

    manifest: Manifest | None = None
    corpus: Corpus | None = None
    reason: str = "first build"


def build_store(
    documents: Path, store: Path, encoder: Encoder, *, keep: int = 5, report: Report | None = None
) -> BuildReport:
    """Bring `store` up to date with the `documents` folder and say what changed.

    No version is written when nothing changed; one whose files were not touched since they were checked
    is not read for that (see `index.store.stamps`). Otherwise a whole new version is written beside the others,
    opened and asked, and only then made current; whatever fails before that changes nothing. Texts that
    a kept version encoded with the same model are not encoded again. `report` is told the stage, how
    much of it is done, and of how much. Raises DocumentsError, ModelError, StoreError.
    """
    return _Builder(documents, Store(store), encoder, keep, report or _silent).run()


def is_stale(manifest: Manifest, documents: Path) -> bool:
    """Tell whether the files in `documents` are other than those a version was built from."""
    try:
        return dict(manifest.sources) != read_sources(documents).hashes()
    except DocumentsError:
        return True


@dataclass(frozen=True, slots=True)
class _Builder:
    """One build, from reading the documents to the switch."""

    documents: Path
    store: Store
    encoder: Encoder
    keep: int
    report: Report
    started: float = field(default_factory=time.monotonic)

    def run(self) -> BuildReport:
        with self.store.building():
            self.report("read", 0, 1)
            sources = read_sources(self.documents)
            same = self._untouched(sources)
            if same is not None:
                return same
            before = self._before()
            reason = self._reason(before.manifest, sources) if before.manifest else before.reason
            if not reason and before.manifest and before.corpus:
                skipped = _notes_now(before.corpus.library.skipped, sources)
                return self._nothing_to_do(before.manifest, skipped)
            corpus = build_corpus(parse_documents(self.documents, sources), sources.sidecars)
            manifest, encoded = self._write(sources, corpus, before)
            self.store.prune(self.keep)
            return self._built(manifest, corpus, before, encoded=encoded, reason=reason)

    def _untouched(self, sources: Sources) -> BuildReport | None:
        """Report that there is nothing to do, where that is known without reading the current version's files."""
        with suppress(StoreError):
            manifest = self.store.manifest()
            folder = self.store.path(manifest.version)
            if not self._reason(manifest, sources) and is_untouched(folder):
                return self._nothing_to_do(manifest, _notes_now(load_notes(folder), sources))
        return None

    def _before(self) -> _Before:
        try:
            name = self.store.current()
            if name is None:
                return _Before()
            folder = self.store.path(name)
            stamps = take_stamps(folder)
            before = _Before(check_files(folder), load_corpus(folder))
        except StoreError as error:
            logger.warning("building anew: %s", error)
            return _Before(reason="the current version was damaged or from another program version")
        keep_stamps(folder, stamps)
        return before

    def _reason(self, manifest: Manifest, sources: Sources) -> str:
        """Say why a version of that manifest does not do; empty when it does."""
        rules, ours = manifest.rules, Rules.of(self.encoder.fingerprint)
        if rules != ours:
            return ", ".join(why for name, why in _WHY.items() if getattr(rules, name) != getattr(ours, name))
        if manifest.folder != str(self.documents.resolve()):
            return "another documents folder"
        return "documents changed" if dict(manifest.sources) != sources.hashes() else ""

    def _write(self, sources: Sources, corpus: Corpus, before: _Before) -> tuple[Manifest, int]:
        # The modules that import torch and FAISS take seconds: a build with nothing to do needs neither.
        from index.answering.engine import Index
        from index.indexing.embedding_reuse import CorpusEncoder

        known = self._earlier(before, sources)
        version = version_name(self.store.versions())
        with self.store.unfinished(version) as folder:
            encoded = CorpusEncoder(self.encoder, known, self.report).write(folder, corpus)
            self.report("write", 0, 1)
            save_corpus(corpus, folder)
            manifest = self._manifest(version, sources, corpus, checksums(folder))
            self.store.finish(folder, manifest)
            self.report("check", 0, 1)
            stamps = take_stamps(self.store.path(version))
            Index.open_version(self.store.path(version), self.encoder).check()
            self.store.switch(version)
            keep_stamps(self.store.path(version), stamps)
        return manifest, encoded

    def _earlier(self, before: _Before, sources: Sources) -> ReusableEncodings:
        """Open the encodings of the current version, and of those that hold a source which it does not.

        After a rollback that is the version rolled back from; when the current one is damaged, the one before.
        """
        from index.indexing.embedding_reuse import ReusableEncodings

        earlier = ReusableEncodings()
        wanted = set(sources.hashes().values())
        if before.manifest and before.corpus and before.manifest.rules.model == self.encoder.fingerprint:
            earlier.add(self.store.path(before.manifest.version), before.corpus)
            wanted -= set(before.manifest.sources.values())
        for version in self.store.versions():
            path = self.store.path(version)
            with suppress(StoreError):
                manifest = read_manifest(path)
                theirs = wanted & set(manifest.sources.values())
                if theirs and manifest.rules.model == self.encoder.fingerprint:
                    check_files(path)
                    earlier.add(path, load_corpus(path))
                    wanted -= theirs
        return earlier

    def _manifest(self, version: str, sources: Sources, corpus: Corpus, files: Mapping[str, str]) -> Manifest:
        return Manifest(
            version=version,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            folder=str(self.documents.resolve()),
            rules=Rules.of(self.encoder.fingerprint),
            sources=sources.hashes(),
            documents={document.name: document.sha256 for document in corpus.library.documents},
            passages=len(corpus.passages),
            files=files,
        )

    def _nothing_to_do(self, manifest: Manifest, skipped: tuple[Skipped, ...]) -> BuildReport:
        return BuildReport(
            version=manifest.version,
            built=False,
            changes=(),
            skipped=skipped,
            documents=len(manifest.documents),
            passages=manifest.passages,
            encoded=0,
            reason="nothing changed",
            seconds=time.monotonic() - self.started,
        )

    def _built(
        self, manifest: Manifest, corpus: Corpus, before: _Before, *, encoded: int, reason: str
    ) -> BuildReport:
        return BuildReport(
            version=manifest.version,
            built=True,
            changes=changes_between(before.corpus, corpus),
            skipped=corpus.library.skipped,
            documents=len(manifest.documents),
            passages=manifest.passages,
            encoded=encoded,
            reason=reason,
            seconds=time.monotonic() - self.started,
        )


def _notes_now(notes: tuple[Skipped, ...], sources: Sources) -> tuple[Skipped, ...]:
    """Give a version's notes on the files it was built from, and today's on those that are no sources."""
    kept = (note for note in notes if note.name in sources.documents or note.name in sources.sidecars)
    return (*sources.skipped, *kept)


def _silent(_stage: str, _done: int, _total: int) -> None: ...
