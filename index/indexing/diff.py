"""The changes of documents and passages between two versions."""

from __future__ import annotations

from collections import Counter

from index.corpus.corpus import Corpus
from index.types import Change


def changes_between(before: Corpus | None, after: Corpus) -> tuple[Change, ...]:
    """Return each document that was added, removed or changed; `before` is None for a first build."""
    old, new = _by_document(before), _by_document(after)
    old_files, new_files = _files(before), _files(after)
    changes = []
    for name in sorted(old.keys() | new.keys()):
        added = (new.get(name, Counter()) - old.get(name, Counter())).total()
        removed = (old.get(name, Counter()) - new.get(name, Counter())).total()
        if name not in old:
            changes.append(Change(name, "added", added, 0))
        elif name not in new:
            changes.append(Change(name, "removed", 0, removed))
        elif added or removed or old_files.get(name) != new_files.get(name):
            changes.append(Change(name, "changed", added, removed))
    return tuple(changes)


def _by_document(corpus: Corpus | None) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    if corpus:
        for passage, digest in zip(corpus.passages, corpus.hashes, strict=True):
            counts.setdefault(passage.document, Counter())[digest] += 1
    return counts


def _files(corpus: Corpus | None) -> dict[str, str]:
    """Return the SHA-256 of each document's file."""
    return {document.name: document.sha256 for document in corpus.library.documents} if corpus else {}
