"""Sidecar annotations: reading aids for paragraphs, checked against each paragraph's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.corpus.annotations.sidecars import ANNOTATIONS_SUFFIX, read_sidecar
from index.text.normalize import normalize
from index.types import Document, ParagraphAnnotation, Skipped


class _Paragraph(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hash: str
    restatement: str = ""
    translation: str = ""
    questions: tuple[tuple[str, ...], ...] = ()


class _Sidecar(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    paragraph: tuple[_Paragraph, ...] = ()
    words: dict[Annotated[str, Field(min_length=1)], str] = {}


@dataclass(frozen=True, slots=True)
class DocumentAnnotations:
    """One document's annotations by paragraph number, and the words to read otherwise when matching.

    questions: by paragraph number, for each of its sentences the questions that it answers.
    """

    by_paragraph: Mapping[int, ParagraphAnnotation] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def shown(self) -> dict[int, ParagraphAnnotation]:
        """Give what a reader may be shown: a plain restatement only of text whose words were swapped."""
        return {
            at: each if self.words else replace(each, restatement="") for at, each in self.by_paragraph.items()
        }

    def answered(self) -> tuple[str, ...]:
        """Give all questions that the document is said to answer, normalized."""
        each = (question for of in self.questions.values() for those in of for question in those)
        return tuple(dict.fromkeys(filter(None, map(normalize, each))))

    def restore(self, text: str) -> str:
        """Put the standard words in place of the swapped ones, longest first; for matching only."""
        for swapped in sorted(self.words, key=len, reverse=True):
            text = text.replace(swapped, self.words[swapped])
        return text


def paragraph_hash(text: str) -> str:
    """Name a paragraph by its words: the first 16 hex digits of their SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def read_annotations(document: Document, content: bytes | None) -> tuple[DocumentAnnotations, list[Skipped]]:
    """Match a sidecar's annotations to the paragraphs of `document`.

    An annotation whose paragraph is gone or was edited is stale: reported and ignored. A sidecar that cannot be
    read is reported, and the document is served without.
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
                number: ParagraphAnnotation(annotation.restatement, annotation.translation)
                for number, annotation in found.items()
            },
            sidecar.words,
            {number: annotation.questions for number, annotation in found.items() if annotation.questions},
        ),
        notes,
    )
