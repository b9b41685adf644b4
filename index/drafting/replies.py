"""What the language model is asked to return, and what of it has that form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_LONGEST_TEXT = 40_000  # code points of any one text
_MOST = 200  # of questions or names of one paragraph
_THOUGHT_ENDS = "</think>"  # before it a reasoning model thinks aloud

_Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
_Form = TypeVar("_Form", bound=BaseModel)


class UnusableReplyError(Exception):
    """A reply holds nothing that can be used; the message says why."""


class WrittenQuestion(BaseModel):
    """A question, and the number from 1 of the sentence that answers it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    sentence: int
    question: _Text


class TranslatedName(BaseModel):
    """A name as a translation writes it, and the paragraph's own words for it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    source: _Text
    name: _Text


class DraftedParagraph(BaseModel):
    """What the model wrote for the paragraph `id`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    restatement: _Text = ""
    translation: _Text = ""
    questions: Annotated[tuple[WrittenQuestion, ...], Field(max_length=_MOST)] = ()
    unanswerable: Annotated[tuple[_Text, ...], Field(max_length=_MOST)] = ()
    names: Annotated[tuple[TranslatedName, ...], Field(max_length=_MOST)] = ()


class _Drafts(BaseModel):
    paragraphs: tuple[Any, ...]


class _Answered(BaseModel):
    answered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedDrafts:
    """The paragraphs of a reply that have the form, and how many have not."""

    paragraphs: tuple[DraftedParagraph, ...]
    malformed: int


def parse_drafts(content: str) -> ParsedDrafts:
    """Return the paragraphs that a reply drafts. Raises UnusableReplyError."""
    drafts = _parse(_Drafts, content)
    found: list[DraftedParagraph] = []
    for each in drafts.paragraphs:
        try:
            found.append(DraftedParagraph.model_validate(each))
        except ValidationError:
            continue
    return ParsedDrafts(tuple(found), len(drafts.paragraphs) - len(found))


def parse_answered(content: str) -> frozenset[int]:
    """Return the numbers of the questions that a reply calls answered. Raises UnusableReplyError."""
    return frozenset(_parse(_Answered, content).answered)


def _parse(form: type[_Form], content: str) -> _Form:
    """Return the JSON object in `content`, whatever a model writes around it."""
    content = content.rpartition(_THOUGHT_ENDS)[2]
    start, end = content.find("{"), content.rfind("}")
    if start < 0:
        raise UnusableReplyError("the model wrote no JSON")
    try:
        return form.model_validate_json(content[start : max(start, end) + 1])
    except ValidationError as error:
        raise UnusableReplyError(_reason(error)) from error


def _reason(error: ValidationError) -> str:
    if error.errors()[0]["type"] == "json_invalid":
        return "the model wrote JSON that is broken or cut off"
    return "the model wrote JSON of another form than it was asked for"


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_STRING: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}

# In the subset of JSON Schema that structured output takes; the forms above forgive more.
DRAFTS_SCHEMA: Final = _object(
    paragraphs=_list(
        _object(
            id=_STRING,
            restatement=_STRING,
            translation=_STRING,
            questions=_list(_object(sentence=_INTEGER, question=_STRING)),
            unanswerable=_list(_STRING),
            names=_list(_object(source=_STRING, name=_STRING)),
        )
    )
)
ANSWERED_SCHEMA: Final = _object(answered=_list(_INTEGER))
