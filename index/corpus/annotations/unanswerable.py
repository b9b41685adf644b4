"""Known-unanswerable questions: close to the documents, but not answered by them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from index.corpus.annotations.sidecars import UNANSWERABLE, read_sidecar
from index.text.normalize import normalize
from index.types import Skipped


class _Questions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()


def read_unanswerable(content: bytes | None) -> tuple[tuple[str, ...], list[Skipped]]:
    """Return the questions of `unanswerable.toml`, normalized and each once, and notes."""
    found, notes = read_sidecar(_Questions, UNANSWERABLE, content)
    return tuple(dict.fromkeys(filter(None, map(normalize, found.questions)))), notes
