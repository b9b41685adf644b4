"""Sidecar glosses: reading aids for paragraphs, checked against each paragraph's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from index.documents import GLOSSES_SUFFIX
from index.fold import fold
from index.sidecars import read_sidecar
from index.types import Document, Gloss, Skipped


class _Gloss(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    paragraph: str
    plain: str = ""
    en: str = ""
    questions: tuple[tuple[str, ...], ...] = ()


class _Sidecar(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    gloss: tuple[_Gloss, ...] = ()
    words: dict[Annotated[str, Field(min_length=1)], str] = {}


@dataclass(frozen=True, slots=True)
class Glosses:
    """One document's glosses by paragraph number, and the words to read otherwise when matching.

    questions: by paragraph number, for each of its sentences the questions that it answers.
    """

    by_paragraph: Mapping[int, Gloss] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def shown(self) -> dict[int, Gloss]:
        """Give what a reader may be shown: a plain restatement only of text whose words were swapped."""
        return {at: each if self.words else replace(each, plain="") for at, each in self.by_paragraph.items()}

    def answered(self) -> tuple[str, ...]:
        """Give all questions that the document is said to answer, folded."""
        each = (question for of in self.questions.values() for those in of for question in those)
        return tuple(dict.fromkeys(filter(None, map(fold, each))))

    def restore(self, text: str) -> str:
        """Put the standard words in place of the swapped ones, longest first; for matching only."""
        for swapped in sorted(self.words, key=len, reverse=True):
            text = text.replace(swapped, self.words[swapped])
        return text


def paragraph_hash(text: str) -> str:
    """Name a paragraph by its words: the first 16 hex digits of their SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def read_glosses(document: Document, content: bytes | None) -> tuple[Glosses, list[Skipped]]:
    """Match a sidecar's glosses to the paragraphs of `document`.

    A gloss whose paragraph is gone or was edited is stale: reported and ignored. A sidecar that cannot be
    read is reported, and the document is served without.
    """
    name = document.name + GLOSSES_SUFFIX
    sidecar, notes = read_sidecar(_Sidecar, name, content, served=f"{document.name} is")
    known = {gloss.paragraph: gloss for gloss in sidecar.gloss}
    hashes = [paragraph_hash(document.text[part.span.start : part.span.end]) for part in document.paragraphs]
    stale = len(known.keys() - set(hashes))
    if stale:
        notes.append(Skipped(name, f"{stale} stale: their paragraphs were edited or are gone"))
    found = {number: known[key] for number, key in enumerate(hashes) if key in known}
    return (
        Glosses(
            {number: Gloss(gloss.plain, gloss.en) for number, gloss in found.items()},
            sidecar.words,
            {number: gloss.questions for number, gloss in found.items() if gloss.questions},
        ),
        notes,
    )
