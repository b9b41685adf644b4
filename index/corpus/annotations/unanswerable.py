"""The unanswerable beside the documents: questions near them that they do not answer, to know when to decline."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from index.corpus.annotations.sidecars import UNANSWERABLE, read_sidecar
from index.text.normalize import normalize
from index.types import Skipped


class _Gaps(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()


def read_unanswerable(content: bytes | None) -> tuple[tuple[str, ...], list[Skipped]]:
    """Read `unanswerable.toml` as normalized questions, each once; one that cannot be read is reported and ignored."""
    found, notes = read_sidecar(_Gaps, UNANSWERABLE, content)
    return tuple(dict.fromkeys(filter(None, map(normalize, found.questions)))), notes
