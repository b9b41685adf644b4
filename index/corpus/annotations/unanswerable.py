"""Known-unanswerable questions: close to the documents, but not answered by them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import LONGEST_MODEL_NAME, UNANSWERABLE, read_sidecar
from index.text.normalize import normalize
from index.types import Skipped


class _Drafted(BaseModel):
    """Questions that a language model wrote from one document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    model: Annotated[str, Field(max_length=LONGEST_MODEL_NAME)]
    checked: bool = False
    questions: tuple[str, ...] = ()


class _Questions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()
    drafted: tuple[_Drafted, ...] = ()


def read_unanswerable(content: bytes | None) -> tuple[tuple[str, ...], list[Skipped]]:
    """Return the questions of `unanswerable.toml`, normalized and each once, and notes."""
    found, notes = read_sidecar(_Questions, UNANSWERABLE, content)
    drafted = (question for of in found.drafted for question in of.questions)
    return tuple(dict.fromkeys(filter(None, map(normalize, [*found.questions, *drafted])))), notes
