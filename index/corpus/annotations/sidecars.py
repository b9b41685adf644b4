"""The TOML files beside the documents that these can do without: one that is wrong is reported and ignored."""

from __future__ import annotations

import tomllib
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from index.types import Skipped

_Form = TypeVar("_Form", bound=BaseModel)


def read_sidecar(
    form: type[_Form], name: str, content: bytes | None, *, served: str = "the documents are"
) -> tuple[_Form, list[Skipped]]:
    """Read the sidecar called `name` as `form` says; what is `served` without it, where it is wrong, is told.

    None, no such file, and a wrong one give an empty form.
    """
    if content is None:
        return form(), []
    try:
        return form.model_validate(tomllib.loads(content.decode("utf-8"))), []
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        return form(), [Skipped(name, f"cannot be read, {served} served without: {str(error).splitlines()[0]}")]
