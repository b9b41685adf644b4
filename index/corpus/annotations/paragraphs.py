"""Annotations of single blocks: reading aids and written questions, bound to a block by the hash of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, LONGEST_MODEL_NAME, read_sidecar
from index.text.normalize import normalize
from index.types import Document, ParagraphAnnotation, Skipped


class _Paragraph(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hash: str
    restatement: str = ""
    translation: str = ""
    questions: tuple[tuple[str, ...], ...] = ()
    model: Annotated[str, Field(max_length=LONGEST_MODEL_NAME)] = ""
    checked: bool = False

    @property
    def drafted_by(self) -> str:
        """The model that wrote it, until a person has checked it."""
        return "" if self.checked else self.model


class _Sidecar(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    paragraph: tuple[_Paragraph, ...] = ()
    words: dict[Annotated[str, Field(min_length=1)], str] = {}


@dataclass(frozen=True, slots=True)
class DocumentAnnotations:
    """One document's annotations.

    by_paragraph: by block number. words: swapped words and the standard ones. questions: by block number, for each of
    its sentences the questions that it answers.
    """

    by_paragraph: Mapping[int, ParagraphAnnotation] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def shown(self) -> dict[int, ParagraphAnnotation]:
        """Return what a reader may be shown; restatements only of text whose words were swapped."""
        return {
            at: each if self.words else replace(each, restatement="") for at, each in self.by_paragraph.items()
        }

    def answered(self) -> tuple[str, ...]:
        """Return the normalized questions that the document is said to answer, each once."""
        each = (question for of in self.questions.values() for those in of for question in those)
        return tuple(dict.fromkeys(filter(None, map(normalize, each))))

    def restore(self, text: str) -> str:
        """Return `text` with the standard words in place of the swapped ones, for matching only."""
        for swapped in sorted(self.words, key=len, reverse=True):
            text = text.replace(swapped, self.words[swapped])
        return text


def paragraph_hash(text: str) -> str:
    """Return what names a text in sidecars: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def annotated_hashes(name: str, content: bytes | None) -> tuple[frozenset[str], list[Skipped]]:
    """Return the hashes of the paragraphs that the sidecar called `name` annotates, and notes if it cannot be read."""
    sidecar, notes = read_sidecar(_Sidecar, name, content)
    return frozenset(annotation.hash for annotation in sidecar.paragraph), notes


def read_annotations(document: Document, content: bytes | None) -> tuple[DocumentAnnotations, list[Skipped]]:
    """Return the annotations of a sidecar that fit the blocks of `document`, and notes.

    An annotation whose block is gone or was edited is stale: reported and ignored. So is a sidecar that cannot be
    read.
    """
    name = document.name + ANNOTATIONS_SUFFIX
    sidecar, notes = read_sidecar(_Sidecar, name, content, served=f"{document.name} is")
    known = {annotation.hash: annotation for annotation in sidecar.paragraph}
    hashes = [paragraph_hash(document.slice(part.span)) for part in document.blocks]
    stale = len(known.keys() - set(hashes))
    if stale:
        notes.append(Skipped(name, f"{stale} stale: their paragraphs were edited or are gone"))
    found = {number: known[key] for number, key in enumerate(hashes) if key in known}
    return (
        DocumentAnnotations(
            {
                number: ParagraphAnnotation(
                    annotation.restatement,
                    annotation.translation,
                    drafted_by=annotation.drafted_by,
                    is_checked=annotation.checked,
                )
                for number, annotation in found.items()
            },
            sidecar.words,
            {number: annotation.questions for number, annotation in found.items() if annotation.questions},
        ),
        notes,
    )
