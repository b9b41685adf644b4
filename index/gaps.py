"""The gaps beside the documents: questions near them that they do not answer, to know when to decline."""

from __future__ import annotations

import tomllib

from pydantic import BaseModel, ConfigDict, ValidationError

from index.documents import GAPS
from index.fold import fold
from index.types import Skipped


class _Gaps(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()


def read_gaps(content: bytes | None) -> tuple[tuple[str, ...], list[Skipped]]:
    """Read `gaps.toml` as folded questions, each once; one that cannot be read is reported and ignored."""
    if content is None:
        return (), []
    try:
        found = _Gaps.model_validate(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        first = str(error).splitlines()[0]
        return (), [Skipped(GAPS, f"cannot be read, the documents are served without: {first}")]
    return tuple(dict.fromkeys(filter(None, map(fold, found.questions)))), []
