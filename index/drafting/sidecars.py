"""Drafts added to the sidecar files: what stands there is kept byte for byte, and a file is replaced as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from index.corpus.annotations.paragraphs import annotated_hashes
from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, UNANSWERABLE
from index.corpus.annotations.unanswerable import read_unanswerable
from index.drafting.validation.validator import Draft
from index.errors import DraftError
from index.text.normalize import normalize
from index.types import Skipped

_HEAD = """\
# Drafted by a language model with `python -m index draft`, never quotes. Where `checked` is false, no person has
# checked it, and readers are told so: set it to true once you have. Of an entry without a text nothing held up;
# remove an entry to have it drafted again.
"""


class Sidecars:
    """The sidecar files of a folder, to which one model's drafts are added."""

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        self._model = model

    def add(self, drafts: Sequence[Draft]) -> None:
        """Add the drafts of one document's paragraphs that have no annotation yet. Raises DraftError."""
        document = drafts[0].paragraph.document
        self._add_unanswerable(document, [question for draft in drafts for question in draft.unanswerable])
        path = self._folder / f"{document}{ANNOTATIONS_SUFFIX}"
        content = _read(path)
        known, notes = annotated_hashes(path.name, content)
        _require_readable(path, notes)
        rows = [self._row(draft) for draft in drafts if draft.paragraph.hash not in known]
        added = _with_tables(content, "paragraph", rows)
        _require_readable(path, annotated_hashes(path.name, added)[1])
        _replace(path, added)

    def _add_unanswerable(self, document: str, questions: Iterable[str]) -> None:
        path = self._folder / UNANSWERABLE
        content = _read(path)
        known, notes = read_unanswerable(content)
        _require_readable(path, notes)
        new = [question for question in questions if normalize(question) not in known]
        if not new:
            return
        row = {"document": document, "model": self._model, "checked": False, "questions": new}
        added = _with_tables(content, "drafted", [row])
        _require_readable(path, read_unanswerable(added)[1])
        _replace(path, added)

    def _row(self, draft: Draft) -> dict[str, Any]:
        row: dict[str, Any] = {"hash": draft.paragraph.hash, "model": self._model, "checked": False}
        if draft.restatement:
            row["restatement"] = draft.restatement
        if draft.translation:
            row["translation"] = draft.translation
        if draft.questions:
            row["questions"] = draft.questions
        return row


def _with_tables(content: bytes | None, name: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return `content` followed by `rows` as tables of an array called `name`."""
    before = _HEAD.encode() if content is None else content
    if not before.endswith(b"\n"):
        before += b"\n"
    return before + "".join(f"\n[[{name}]]\n{tomli_w.dumps(row)}" for row in rows).encode()


def _read(path: Path) -> bytes | None:
    try:
        if path.is_symlink():
            raise DraftError(f"{path} is a symbolic link; put the file itself there, then draft again")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DraftError(f"{path} cannot be read: {error.strerror}") from error


def _require_readable(path: Path, notes: Sequence[Skipped]) -> None:
    """Raise DraftError if there are notes: nothing is written over what cannot be read, nor made unreadable."""
    if notes:
        raise DraftError(f"{path}: {notes[0].reason}; mend it or move it away, then draft again")


def _replace(path: Path, content: bytes) -> None:
    """Replace a file atomically and on disk; it keeps its mode. Raises DraftError."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            fresh.chmod(path.stat().st_mode & 0o7777)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise DraftError(f"{path} cannot be written: {error.strerror}; nothing in it was changed") from error
