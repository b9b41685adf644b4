"""The gaps beside the documents: questions near them that they do not answer, to know when to decline."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from index.documents import GAPS
from index.fold import fold
from index.sidecars import read_sidecar
from index.types import Skipped


class _Gaps(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()


def read_gaps(content: bytes | None) -> tuple[tuple[str, ...], list[Skipped]]:
    """Read `gaps.toml` as folded questions, each once; one that cannot be read is reported and ignored."""
    found, notes = read_sidecar(_Gaps, GAPS, content)
    return tuple(dict.fromkeys(filter(None, map(fold, found.questions)))), notes
