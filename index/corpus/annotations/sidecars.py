"""The optional TOML files beside the documents: a wrong one is reported and ignored."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from index.text.toml import LARGEST, TomlError, parse_toml
from index.types import Skipped

GLOSSARY = "glossary.toml"
UNANSWERABLE = "unanswerable.toml"
AGREEMENTS = "agreements.toml"
ANNOTATIONS_SUFFIX = ".annotations.toml"  # `report.md` has its annotations in `report.md.annotations.toml`
LONGEST_MODEL_NAME = 200  # code points
LARGEST_ANNOTATIONS = 8 * LARGEST  # bytes; annotations of a document take about five times its own

_Form = TypeVar("_Form", bound=BaseModel)


def is_annotation_file(name: str) -> bool:
    """Return whether the file called `name`, relative to the folder, holds annotations."""
    return name in {GLOSSARY, UNANSWERABLE, AGREEMENTS} or name.endswith(ANNOTATIONS_SUFFIX)


def read_sidecar(
    form: type[_Form], name: str, content: bytes | None, *, served: str = "the documents are"
) -> tuple[_Form, list[Skipped]]:
    """Return the sidecar called `name` as a `form`, and notes.

    The form is empty when there is no such file (None) or it is wrong; then a note says what is `served` without it.
    """
    if content is None:
        return form(), []
    try:
        return form.model_validate(parse_toml(content, largest=_largest(name))), []
    except (TomlError, ValidationError) as error:
        return form(), [Skipped(name, f"cannot be read, {served} served without: {str(error).splitlines()[0]}")]


def _largest(name: str) -> int:
    return LARGEST_ANNOTATIONS if name.endswith(ANNOTATIONS_SUFFIX) else LARGEST
